<?php

namespace RagAsk\Tests;

use RagAsk\Cache_Watcher;
use RagAsk\Outbox;
use RagAsk\Settings;

final class CacheWatcherTest extends TestCase {

	public function test_a_post_type_set_without_a_save_is_noted(): void {
		$post_id = $this->settled_post();
		set_post_type( $post_id, 'wp_block' );
		$this->assertNull( $this->row( $post_id, 'check' ), 'not before the request ends' );
		Cache_Watcher::record();
		$this->assertNotNull( $this->row( $post_id, 'check' ) );
		$this->expand();
		$this->assert_queued( $post_id );

		$new_id = $this->post( array( 'post_type' => 'wp_block' ) );
		set_post_type( $new_id, 'page' );
		Cache_Watcher::record();
		$this->expand();
		$this->assert_queued( $new_id );
	}

	public function test_a_row_changed_by_hand_is_noted_when_its_cache_is_cleaned(): void {
		global $wpdb;
		$post_id = $this->settled_post();
		$wpdb->update( $wpdb->posts, array( 'post_content' => 'By hand.' ), array( 'ID' => $post_id ) );
		clean_post_cache( $post_id );
		Cache_Watcher::record();
		$this->expand();
		$this->assert_queued( $post_id );
	}

	public function test_a_cleaned_cache_alone_pushes_nothing(): void {
		$post_id = $this->settled_post();
		clean_post_cache( $post_id );
		$this->assert_not_queued( $post_id );
		$this->assertNull( $this->row( $post_id, 'check' ) );
	}

	public function test_what_is_not_indexed_is_not_checked(): void {
		foreach ( array( 'nav_menu_item', 'wp_block' ) as $type ) {
			clean_post_cache( $this->post( array( 'post_type' => $type ) ) );
		}
		clean_post_cache( $this->post( array( 'post_status' => 'draft' ) ) );
		$this->forget_rows();
		Cache_Watcher::record();
		$this->assertSame( 0, Outbox::counts()['waiting'] );
	}

	public function test_the_end_of_the_request_records_and_plans_the_push(): void {
		global $wpdb;
		$post_id = $this->settled_post();
		$this->in_another_request( '', "set_post_type( $post_id, 'post' ); echo 'true';" );
		wp_cache_flush();
		$this->assertNotNull( $this->row( $post_id, 'check' ) );
		$this->assertNotFalse( wp_next_scheduled( 'rag_ask_push' ) );
	}

	public function test_a_comment_that_is_not_indexed_causes_no_check(): void {
		$post_id = $this->settled_post();
		Cache_Watcher::record();
		wp_insert_comment( array( 'comment_post_ID' => $post_id, 'comment_content' => 'Lovely.', 'comment_approved' => 1 ) );
		Cache_Watcher::record();
		$this->assertNull( $this->row( $post_id, 'check' ) );
	}
}
