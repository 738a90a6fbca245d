<?php

namespace RagAsk\Tests;

use RagAsk\Connection;
use RagAsk\Outbox;
use RagAsk\Push_Log;
use RagAsk\Guest_Doubt;
use RagAsk\Settings;

final class SiteWatcherTest extends TestCase {

	protected function tearDown(): void {
		global $wp_rewrite;
		$wp_rewrite->set_permalink_structure( '' );
		update_option( 'home', 'http://shop.test' );
		update_option( 'siteurl', 'http://shop.test' );
		update_option( 'show_on_front', 'posts' );
		delete_option( 'WPLANG' );
		$GLOBALS['locale'] = null;
	}

	public function test_other_permalinks_queue_everything(): void {
		global $wp_rewrite;
		$post_id = $this->settled_post();
		$wp_rewrite->set_permalink_structure( '/%postname%/' );
		$this->expand();
		$this->assert_queued( $post_id );
	}

	/**
	 * @dataProvider addresses
	 */
	public function test_another_address_queues_everything( string $option ): void {
		$post_id = $this->settled_post();
		update_option( $option, 'https://new.test' );
		$this->expand();
		$this->assert_queued( $post_id );
	}

	public function addresses(): array {
		return array( array( 'home' ), array( 'siteurl' ) );
	}

	public function test_another_language_of_the_site_is_noted(): void {
		$installed = static fn() => array( 'cy', 'de_DE' );
		add_filter( 'get_available_languages', $installed );
		$post_id = $this->settled_post();
		update_option( 'WPLANG', 'cy' );
		$this->expand();
		$this->assert_queued( $post_id );
		$this->settle( $post_id );
		update_option( 'WPLANG', 'de_DE' );
		remove_filter( 'get_available_languages', $installed );
		$this->expand();
		$this->assert_queued( $post_id );
	}

	public function test_another_front_page_notes_the_old_and_the_new(): void {
		list( $first, $second, $other ) = array( $this->settled_post(), $this->settled_post(), $this->settled_post() );
		update_option( 'page_on_front', $first );
		update_option( 'show_on_front', 'page' );
		$this->expand();
		$this->assert_queued( $first );
		$this->settle( $first );
		update_option( 'page_on_front', $second );
		$this->expand();
		$this->assert_queued( $first );
		$this->assert_queued( $second );
		$this->assert_not_queued( $other );
	}

	public function test_choosing_other_types_queues_what_they_touch(): void {
		$page = $this->settled_post();
		$post = $this->settled_post( array( 'post_type' => 'post' ) );
		update_option( Settings::OPTION, array( 'post_types' => array( 'post' ) ) );
		$this->expand();
		$this->assert_queued( $page );
		$this->assert_not_queued( $post );

		$this->settle( $page );
		update_option( Settings::OPTION, array( 'post_types' => array( 'post', 'page' ) ) );
		$this->expand();
		$this->assert_queued( $page );
	}

	public function test_checking_what_guests_see_queues_every_post(): void {
		update_option( Settings::OPTION, array( 'guest_check' => 'never' ) );
		$post_id = $this->settled_post();
		update_option( Settings::OPTION, array( 'guest_check' => 'always' ) );
		$this->expand();
		$this->assert_queued( $post_id );
	}

	public function test_other_plugins_or_another_theme_are_noted(): void {
		foreach ( array( 'activated_plugin', 'deactivated_plugin', 'switch_theme' ) as $hook ) {
			$this->forget_rows();
			do_action( $hook, 'members/members.php', false );
			$this->assertSame( 'waiting', $this->row( 0, 'check' )->state, $hook );
		}
	}

	public function test_a_plugin_that_may_hide_text_queues_every_post(): void {
		$post_id = $this->settled_post();
		update_option( Guest_Doubt::OPTION, array( 'environment' => Guest_Doubt::environment(), 'is_hiding' => false, 'samples' => 3 ), false );
		do_action( 'activated_plugin', 'hello/hello.php', false );
		$this->assert_not_queued( $post_id );
		$known = static fn( $known ) => array( 'rag-ask' => 'membership' ) + $known;
		add_filter( 'rag_ask_guest_plugins', $known );
		try {
			do_action( 'activated_plugin', 'members/members.php', false );
			$this->expand();
			$this->assert_queued( $post_id );
		} finally {
			remove_filter( 'rag_ask_guest_plugins', $known );
		}
	}

	public function test_choosing_a_custom_field_queues_the_posts_that_have_it(): void {
		list( $with, $without ) = array( $this->settled_post(), $this->settled_post() );
		add_post_meta( $with, 'Phone', '01632 960 001' );
		update_option( Settings::OPTION, array( 'meta_keys' => array( 'Phone' ) ) );
		$this->expand();
		$this->assert_queued( $with );
		$this->assert_not_queued( $without );
	}

	public function test_including_comments_queues_the_posts_that_have_some(): void {
		list( $with, $without ) = array( $this->settled_post(), $this->settled_post() );
		wp_insert_comment( array( 'comment_post_ID' => $with, 'comment_content' => 'Lovely scones.', 'comment_approved' => 1 ) );
		update_option( Settings::OPTION, array( 'include_comments' => true ) );
		$this->expand();
		$this->assert_queued( $with );
		$this->assert_not_queued( $without );
	}

	public function test_indexing_private_posts_queues_them(): void {
		$private = $this->post( array( 'post_status' => 'private' ) );
		$public  = $this->settled_post();
		update_option( Settings::OPTION, array( 'index_private' => true ) );
		$this->expand();
		$this->assert_queued( $private );
		$this->assert_not_queued( $public );
	}

	public function test_another_role_that_reads_private_posts_is_noted(): void {
		update_option( Settings::OPTION, array( 'index_private' => true ) );
		$private = $this->settled_post( array( 'post_status' => 'private' ) );
		$public  = $this->settled_post();
		get_role( 'author' )->add_cap( 'read_private_pages' );
		$this->expand();
		get_role( 'author' )->remove_cap( 'read_private_pages' );
		$this->assert_queued( $private );
		$this->assertSame( 'settled', $this->row( $public )->state );
	}

	public function test_another_text_of_the_box_queues_nothing(): void {
		update_option( Settings::OPTION, array( 'text_button' => 'Go' ) );
		$post_id = $this->settled_post();
		update_option( Settings::OPTION, array( 'text_button' => 'Fetch' ) );
		$this->assertSame( 0, Outbox::counts()['waiting'] );
		$this->assert_not_queued( $post_id );
	}

	public function test_another_sidecar_queues_everything_and_another_secret_nothing(): void {
		$post_id = $this->settled_post();
		update_option( Connection::OPTION, array( 'secret' => 'k2.' . str_repeat( 'x', 43 ) ) + Connection::parts() );
		$this->assert_not_queued( $post_id );
		$this->connect( 'http://127.0.0.1:10' );
		$this->expand();
		$this->assert_queued( $post_id );
	}

	public function test_with_a_new_secret_nothing_waits_for_what_failed_with_the_old_one(): void {
		$post_id = $this->post();
		$this->set_row( $post_id, array( 'attempts' => 3, 'next_attempt_at' => time() + HOUR_IN_SECONDS ) );
		Push_Log::failed( 'The token is not valid.' );
		update_option( Connection::OPTION, array( 'secret' => 'k3.' . str_repeat( 'x', 43 ) ) + Connection::parts() );
		$this->assertSame( '', Push_Log::read()['message'] );
		$this->assertLessThanOrEqual( time(), (int) $this->row( $post_id )->next_attempt_at );
	}

	public function test_an_import_is_checked_at_its_end(): void {
		global $wpdb;
		wp_suspend_cache_invalidation( true );
		$parent = $this->settled_post();
		$child  = $this->settled_post();
		// The importer mends parents and attachment addresses by hand once everything is there.
		$wpdb->update( $wpdb->posts, array( 'post_parent' => $parent, 'post_content' => '<img src="/new.jpg" alt="New">' ), array( 'ID' => $child ) );
		clean_post_cache( $child );
		wp_suspend_cache_invalidation( false );
		wp_cache_flush();
		do_action( 'import_end' );
		$this->expand();
		$this->assert_queued( $child );
		$this->assertSame( 'settled', $this->row( $parent )->state );
	}
}
