<?php

namespace RagAsk\Tests;

use RagAsk\Connection;
use RagAsk\Outbox;
use RagAsk\Settings;

final class PostWatcherTest extends TestCase {

	public function test_publishing_makes_a_row(): void {
		$this->assert_noted( $this->post() );
	}

	public function test_updating_raises_the_version(): void {
		$post_id = $this->settled_post();
		wp_update_post( array( 'ID' => $post_id, 'post_content' => 'We open at eight.' ) );
		$this->assert_noted( $post_id );
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
		$this->assert_noted( $post_id );
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
		$this->assert_noted( $post_id );

		$post_id = $this->post();
		$wpdb->query( 'DELETE FROM ' . Outbox::table() );
		wp_delete_post( $post_id, true );
		$this->assert_noted( $post_id );
	}

	public function test_trash_and_untrash_are_noted(): void {
		$post_id = $this->settled_post();
		wp_trash_post( $post_id );
		$this->assert_noted( $post_id );
		$this->settle( $post_id );
		wp_untrash_post( $post_id );
		$this->assert_noted( $post_id );
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
		$this->assert_noted( $post_id );
	}

	public function test_a_scheduled_post_is_noted_when_its_time_comes(): void {
		$post_id = $this->post( array( 'post_status' => 'future', 'post_date' => '2099-01-01 00:00:00', 'post_date_gmt' => '2099-01-01 00:00:00' ) );
		$this->assertNull( $this->row( $post_id ) );
		wp_publish_post( $post_id );
		$this->assert_noted( $post_id );
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
		$this->assert_noted( $this->post( array( 'post_type' => 'recipe' ) ) );
		unregister_post_type( 'recipe' );
	}

	public function test_choosing_other_types_queues_the_old_and_the_new(): void {
		$page = $this->settled_post();
		$post = $this->post( array( 'post_type' => 'post' ) );
		$this->settle( $post );
		update_option( Settings::OPTION, array( 'post_types' => array( 'post' ) ) );
		$this->expand();
		$this->assert_noted( $page );
		$this->assert_noted( $post );
	}

	public function test_another_text_of_the_box_queues_nothing(): void {
		update_option( Settings::OPTION, array( 'text_button' => 'Go' ) );
		$post_id = $this->settled_post();
		update_option( Settings::OPTION, array( 'text_button' => 'Fetch' ) );
		$this->assertSame( 'settled', $this->row( $post_id )->state );
	}

	public function test_another_sidecar_queues_everything_and_another_secret_nothing(): void {
		$post_id = $this->settled_post();
		update_option( Connection::OPTION, array( 'secret' => 'k2.' . str_repeat( 'x', 43 ) ) + Connection::parts() );
		$this->assertSame( 'settled', $this->row( $post_id )->state );
		$this->connect( 'http://127.0.0.1:10' );
		$this->expand();
		$this->assert_noted( $post_id );
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
		$this->assert_noted( $child );
		$this->assert_noted( $leaf );
	}

	public function test_other_permalinks_queue_everything(): void {
		$post_id = $this->settled_post();
		do_action( 'permalink_structure_changed', '', '/%postname%/' );
		$this->expand();
		$this->assert_noted( $post_id );
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
		$this->assert_noted( $post_id );
	}

	private function settled_post(): int {
		$post_id = $this->post();
		$this->settle( $post_id );
		return $post_id;
	}

	private function settle( int $post_id ): void {
		$this->set_row( $post_id, array( 'state' => 'settled', 'version' => 5, 'attempts' => 1, 'hash' => 'what was pushed' ) );
	}

	private function assert_noted( int $post_id ): void {
		$row = $this->row( $post_id );
		$this->assertNotNull( $row );
		$this->assertSame( 'waiting', $row->state );
		$this->assertGreaterThan( 1_700_000_000_000_000, (int) $row->version );
	}
}
