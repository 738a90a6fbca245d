<?php

namespace RagAsk\Tests;

use RagAsk\Cache_Watcher;
use RagAsk\Outbox;
use RagAsk\Settings;

final class PostWatcherTest extends TestCase {

	public function test_publishing_makes_a_row(): void {
		$this->assert_queued( $this->post() );
	}

	public function test_updating_raises_the_version(): void {
		$post_id = $this->settled_post();
		wp_update_post( array( 'ID' => $post_id, 'post_content' => 'We open at eight.' ) );
		$this->assert_queued( $post_id );
	}

	public function test_a_draft_is_nobodys_business(): void {
		$this->assertNull( $this->row( $this->post( array( 'post_status' => 'draft' ) ) ) );
		$this->assertNull( $this->row( $this->post( array( 'post_status' => 'pending' ) ) ) );
		$this->assertNull( $this->row( $this->post( array( 'post_status' => 'auto-draft' ) ) ) );
	}

	/**
	 * @dataProvider hidden
	 */
	public function test_hiding_a_published_post_is_noted( array $change ): void {
		$post_id = $this->settled_post();
		wp_update_post( array( 'ID' => $post_id ) + $change );
		$this->assert_queued( $post_id );
	}

	public function hidden(): array {
		return array(
			'draft'    => array( array( 'post_status' => 'draft' ) ),
			'pending'  => array( array( 'post_status' => 'pending' ) ),
			'private'  => array( array( 'post_status' => 'private' ) ),
			'password' => array( array( 'post_password' => 'open sesame' ) ),
			'future'   => array( array( 'post_status' => 'future', 'post_date' => '2099-01-01 00:00:00', 'post_date_gmt' => '2099-01-01 00:00:00', 'edit_date' => true ) ),
			'type'     => array( array( 'post_type' => 'wp_block' ) ),
		);
	}

	public function test_a_post_that_was_never_noted_is_noted_when_it_leaves(): void {
		global $wpdb;
		$post_id = $this->post();
		$wpdb->query( 'DELETE FROM ' . Outbox::table() );
		wp_update_post( array( 'ID' => $post_id, 'post_status' => 'draft' ) );
		$this->assert_queued( $post_id );

		$post_id = $this->post();
		$wpdb->query( 'DELETE FROM ' . Outbox::table() );
		wp_delete_post( $post_id, true );
		$this->assert_queued( $post_id );
	}

	public function test_trash_and_untrash_are_noted(): void {
		$post_id = $this->settled_post();
		wp_trash_post( $post_id );
		$this->assert_queued( $post_id );
		$this->settle( $post_id );
		wp_untrash_post( $post_id );
		$this->assert_queued( $post_id );
	}

	public function test_deleting_for_good_is_noted_after_the_post_is_gone(): void {
		$post_id = $this->settled_post();
		$at_deletion = 0;
		$watch       = function () use ( $post_id, &$at_deletion ) {
			$at_deletion = (int) $this->row( $post_id )->version;
		};
		add_action( 'delete_post', $watch );
		wp_delete_post( $post_id, true );
		remove_action( 'delete_post', $watch );
		$this->assertNull( get_post( $post_id ) );
		$this->assertGreaterThan( $at_deletion, (int) $this->row( $post_id )->version, 'a push between the two hooks must not be the last word' );
		$this->assert_queued( $post_id );
	}

	public function test_a_scheduled_post_is_noted_when_its_time_comes(): void {
		global $wpdb;
		$post_id = $this->post( array( 'post_status' => 'future', 'post_date' => '2099-01-01 00:00:00', 'post_date_gmt' => '2099-01-01 00:00:00' ) );
		$this->assertNull( $this->row( $post_id ) );
		$wpdb->update( $wpdb->posts, array( 'post_date' => '2020-01-01 00:00:00', 'post_date_gmt' => '2020-01-01 00:00:00' ), array( 'ID' => $post_id ) );
		wp_cache_flush();
		check_and_publish_future_post( $post_id );
		$this->assertSame( 'publish', get_post_status( $post_id ) );
		$this->assert_queued( $post_id );
	}

	public function test_revisions_and_autosaves_are_ignored(): void {
		$post_id = $this->settled_post();
		wp_set_current_user( 1 );
		$autosave_id = wp_create_post_autosave( array( 'post_ID' => $post_id, 'post_type' => 'page', 'post_content' => 'half a sente', 'post_title' => 'Opening', 'post_excerpt' => '' ) );
		$revision_id = _wp_put_post_revision( $post_id );
		$this->assertIsInt( $autosave_id );
		$this->assertIsInt( $revision_id );
		$this->assertNull( $this->row( $autosave_id ) );
		$this->assertNull( $this->row( $revision_id ) );
		$this->assertSame( 'settled', $this->row( $post_id )->state );
	}

	public function test_only_chosen_types_count(): void {
		register_post_type( 'recipe', array( 'public' => true ) );
		$this->assertNull( $this->row( $this->post( array( 'post_type' => 'recipe' ) ) ) );
		update_option( Settings::OPTION, array( 'post_types' => array( 'recipe' ) ) );
		$this->assert_queued( $this->post( array( 'post_type' => 'recipe' ) ) );
		unregister_post_type( 'recipe' );
	}

	/**
	 * @dataProvider ways_to_save
	 */
	public function test_every_way_to_save_notes_the_post_once_it_is_complete( string $way ): void {
		wp_set_current_user( 1 );
		$post_id = $this->settled_post( array( 'post_type' => 'post' ) );
		$tag_id  = self::term( 'Fresh', 'post_tag' );
		$version = 0;
		$watch   = function () use ( $post_id, &$version ) {
			$version = (int) $this->row( $post_id )->version;
		};
		add_action( 'set_object_terms', $watch, 99 );
		try {
			$this->$way( $post_id, $tag_id );
		} finally {
			remove_action( 'set_object_terms', $watch, 99 );
		}
		$this->assertContains( $tag_id, wp_get_post_terms( $post_id, 'post_tag', array( 'fields' => 'ids' ) ) );
		$this->assert_queued( $post_id );
		$this->assertGreaterThan( $version, (int) $this->row( $post_id )->version, 'again after the terms' );
		$this->assertNull( $this->row( $post_id, 'check' ), 'and not twice' );
	}

	public function ways_to_save(): array {
		return array(
			'update'     => array( 'update' ),
			'quick edit' => array( 'quick_edit' ),
			'bulk edit'  => array( 'bulk_edit' ),
			'REST'       => array( 'save_by_rest' ),
		);
	}

	public function test_what_wp_cli_saves_is_noted_without_a_user(): void {
		$post_id = $this->in_another_request(
			'define( "WP_CLI", true ); final class WP_CLI { public static function add_command() {} }',
			'echo json_encode( wp_insert_post( array( "post_title" => "From the shell", "post_status" => "publish", "post_type" => "page" ) ) );'
		);
		$this->assertSame( 0, get_current_user_id() );
		$this->assert_queued( $post_id );
	}

	public function test_a_password_that_is_removed_is_noted(): void {
		$post_id = $this->settled_post( array( 'post_password' => 'open sesame' ) );
		wp_update_post( array( 'ID' => $post_id, 'post_password' => '' ) );
		$this->assert_queued( $post_id );
	}

	public function test_an_ordinary_save_leaves_nothing_to_check(): void {
		$post_id = $this->post();
		wp_update_post( array( 'ID' => $post_id, 'post_content' => 'Now at eight.' ) );
		wp_trash_post( $post_id );
		wp_untrash_post( $post_id );
		wp_delete_post( $post_id, true );
		Cache_Watcher::record();
		$this->assertNull( $this->row( $post_id, 'check' ) );
	}

	public function test_private_posts_count_where_they_are_indexed(): void {
		$this->assertNull( $this->row( $this->post( array( 'post_status' => 'private' ) ) ) );
		update_option( Settings::OPTION, array( 'index_private' => true ) );
		$post_id = $this->settled_post( array( 'post_status' => 'private' ) );
		wp_update_post( array( 'ID' => $post_id, 'post_status' => 'draft' ) );
		$this->assert_queued( $post_id );
	}

	public function test_the_pages_below_a_deleted_page_move_up(): void {
		$top   = $this->settled_post();
		$child = $this->settled_post( array( 'post_parent' => $top ) );
		$leaf  = $this->settled_post( array( 'post_parent' => $child ) );
		wp_delete_post( $top, true );
		$this->expand();
		$this->assert_queued( $child );
		$this->assert_queued( $leaf );
	}

	public function test_a_page_below_a_draft_moves_too(): void {
		$top   = $this->settled_post();
		$draft = $this->post( array( 'post_parent' => $top, 'post_status' => 'draft', 'post_name' => 'half-done' ) );
		$leaf  = $this->settled_post( array( 'post_parent' => $draft ) );
		wp_update_post( array( 'ID' => $top, 'post_parent' => $this->post() ) );
		$this->expand();
		$this->assert_queued( $leaf );
		$this->assertNull( $this->row( $draft ) );
	}

	public function test_a_loop_of_parents_ends(): void {
		global $wpdb;
		$one   = $this->settled_post();
		$other = $this->settled_post( array( 'post_parent' => $one ) );
		$wpdb->update( $wpdb->posts, array( 'post_parent' => $other ), array( 'ID' => $one ) );
		Outbox::record( array( $one ), 'page' );
		$this->expand();
		$this->assert_queued( $one );
		$this->assert_queued( $other );
	}

	public function test_an_edited_pattern_takes_the_posts_along_that_show_it(): void {
		$inner = $this->pattern( '<p>We open at seven.</p>' );
		$outer = $this->pattern( "<!-- wp:block {\"ref\":$inner} /-->" );
		$shows = $this->settled_post( array( 'post_content' => "<!-- wp:block {\"ref\":$inner,\"content\":{}} /-->" ) );
		$deep  = $this->settled_post( array( 'post_content' => "<!-- wp:block {\"ref\":$outer} /-->" ) );
		$other = $this->settled_post( array( 'post_content' => "<!-- wp:block {\"ref\":{$inner}0} /-->" ) );
		wp_update_post( array( 'ID' => $inner, 'post_content' => '<p>We open at eight.</p>' ) );
		$this->expand();
		$this->assert_queued( $shows );
		$this->assert_queued( $deep );
		$this->assertSame( 'settled', $this->row( $other )->state );
		$this->assertNull( $this->row( $inner ), 'a pattern is no document' );

		$this->settle( $shows, $deep );
		wp_trash_post( $inner );
		$this->expand();
		$this->assert_queued( $deep );

		$this->settle( $shows, $deep );
		wp_delete_post( $inner, true );
		$this->expand();
		$this->assert_queued( $shows );
	}

	public function test_patterns_that_show_each_other_end(): void {
		$one   = $this->pattern( 'later' );
		$other = $this->pattern( "<!-- wp:block {\"ref\":$one} /-->" );
		$shows = $this->settled_post( array( 'post_content' => "<!-- wp:block {\"ref\":$other} /-->" ) );
		wp_update_post( array( 'ID' => $one, 'post_content' => "<!-- wp:block {\"ref\":$other} /-->" ) );
		$this->expand();
		$this->assert_queued( $shows );
	}

	public function test_a_moved_page_takes_the_pages_below_it_along(): void {
		$top   = $this->settled_post();
		$child = $this->post( array( 'post_parent' => $top ) );
		$leaf  = $this->post( array( 'post_parent' => $child ) );
		$this->settle( $child );
		$this->settle( $leaf );
		wp_update_post( array( 'ID' => $top, 'post_title' => 'Only the title' ) );
		$this->expand();
		$this->assertSame( 'settled', $this->row( $leaf )->state );
		wp_update_post( array( 'ID' => $top, 'post_name' => 'moved' ) );
		$this->expand();
		$this->assert_queued( $child );
		$this->assert_queued( $leaf );
	}

	public function test_saving_works_without_the_table(): void {
		global $wpdb;
		$wpdb->query( 'DROP TABLE ' . Outbox::table() );
		$log = $this->logged( function () use ( &$post_id ) {
			$post_id = $this->post();
			wp_trash_post( $post_id );
			wp_delete_post( $post_id, true );
		} );
		$this->assertNull( get_post( $post_id ) );
		$this->assertStringContainsString( 'RAG Ask', $log );
	}

	public function test_saving_works_when_our_code_throws(): void {
		$throw = static fn() => throw new \RuntimeException( 'a broken filter' );
		add_filter( 'option_' . Settings::OPTION, $throw );
		$log = $this->logged( function () use ( &$post_id ) {
			$post_id = $this->post();
		} );
		remove_filter( 'option_' . Settings::OPTION, $throw );
		$this->assertSame( 'publish', get_post_status( $post_id ) );
		$this->assertStringContainsString( 'a broken filter', $log );
	}

	public function test_a_filter_that_throws_loses_no_change(): void {
		$throw = static fn() => throw new \RuntimeException( 'a broken filter' );
		add_filter( 'rag_ask_is_public', $throw );
		$post_id = $this->post();
		remove_filter( 'rag_ask_is_public', $throw );
		$this->assert_queued( $post_id );
	}

	private function pattern( string $content ): int {
		return $this->post( array( 'post_type' => 'wp_block', 'post_content' => $content ) );
	}

	private function update( int $post_id, int $tag_id ): void {
		wp_update_post( array( 'ID' => $post_id, 'tags_input' => array( get_term( $tag_id )->name ) ) );
	}

	private function quick_edit( int $post_id ): void {
		require_once ABSPATH . 'wp-admin/includes/ajax-actions.php';
		set_current_screen( 'edit-post' );
		$_POST    = array( 'post_ID' => $post_id, 'post_type' => 'post', 'screen' => 'edit-post', 'post_view' => 'list', '_status' => 'publish', 'tax_input' => array( 'post_tag' => 'Fresh' ), '_inline_edit' => wp_create_nonce( 'inlineeditnonce' ) );
		$_REQUEST = $_POST;
		$end      = static fn() => static fn() => throw new \DomainException( 'the end of the request' );
		add_filter( 'wp_die_handler', $end );
		ob_start();
		try {
			wp_ajax_inline_save();
		} catch ( \DomainException $ended ) {
			$this->assertStringContainsString( "post-$post_id", ob_get_contents() );
		} finally {
			ob_end_clean();
			remove_filter( 'wp_die_handler', $end );
			unset( $GLOBALS['current_screen'] );
			list( $_POST, $_REQUEST ) = array( array(), array() );
		}
	}

	private function bulk_edit( int $post_id ): void {
		$done = bulk_edit_posts( array( 'post' => array( $post_id ), 'post_type' => 'post', '_status' => '-1', 'tax_input' => array( 'post_tag' => 'Fresh' ) ) );
		$this->assertSame( array( $post_id ), $done['updated'] );
	}

	private function save_by_rest( int $post_id, int $tag_id ): void {
		$request = new \WP_REST_Request( 'POST', "/wp/v2/posts/$post_id" );
		$request->set_body_params( array( 'tags' => array( $tag_id ) ) );
		$this->assertSame( 200, rest_do_request( $request )->get_status() );
	}

	private static function term( string $name, string $taxonomy ): int {
		$term = term_exists( $name, $taxonomy );
		return (int) ( $term ? $term : wp_insert_term( $name, $taxonomy ) )['term_id'];
	}
}
