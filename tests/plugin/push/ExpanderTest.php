<?php

namespace RagAsk\Tests;

use RagAsk\Content_Scan;
use RagAsk\Expander;
use RagAsk\Lease;
use RagAsk\Outbox;
use RagAsk\Settings;
use function RagAsk\expected_hash;

final class ExpanderTest extends TestCase {

	public function test_a_scan_pages_through_more_posts_than_fit_one_page(): void {
		global $wpdb;
		$values = array();
		for ( $id = 1; $id <= 1001; $id++ ) {
			$values[] = "($id, 'publish', 'post', '', '', '', '', '', '')";
		}
		$wpdb->query( "INSERT INTO $wpdb->posts (ID, post_status, post_type, post_content, post_title, post_excerpt, to_ping, pinged, post_content_filtered) VALUES " . implode( ',', $values ) );
		$wpdb->query( "UPDATE $wpdb->posts SET post_password = 'x' WHERE ID = 500" );
		Outbox::record( array( 0 ), 'site', Outbox::SCAN );
		$this->assertSame( 1000, Content_Scan::count( Settings::get( 'post_types' ) ) );
		$this->expand();
		$this->assertSame( 1000, Outbox::counts()['waiting'] );
		$this->assertNull( $this->row( 500 ) );
		$this->assertNotNull( $this->row( 1001 ) );
	}

	public function test_a_scan_also_queues_what_was_pushed_and_is_gone(): void {
		Outbox::record( array( 4711 ) );
		$this->settle_as( 4711, 'what it was' );
		Outbox::record( array( 0 ), 'site', Outbox::SCAN );
		$this->expand();
		$this->assertSame( 'waiting', $this->row( 4711 )->state );
		$this->assertSame( '1', $this->row( 4711 )->priority, 'edits go first' );
	}

	public function test_an_expansion_that_is_complete_leaves_no_row(): void {
		Outbox::record( array( 0 ), 'site' );
		$this->expand();
		$this->assertNull( $this->row( 0, 'site' ) );
	}

	public function test_an_expansion_goes_on_where_it_stopped(): void {
		list( $first, $second ) = array( $this->post(), $this->post() );
		$this->forget_rows();
		Outbox::record( array( 0 ), 'site' );
		$this->set_cursor( 0, 'site', $first );
		$this->expand();
		$this->assertNull( $this->row( $first ) );
		$this->assertNotNull( $this->row( $second ) );
	}

	public function test_an_expansion_whose_time_is_over_keeps_its_row(): void {
		$post_id = $this->post();
		$this->forget_rows();
		Outbox::record( array( 0 ), 'site' );
		$this->assertNull( Expander::expand( Lease::claim( 1 )[0], microtime( true ) - 1 ) );
		$this->assertNotNull( $this->row( 0, 'site' ) );
		$this->assertNull( $this->row( $post_id ) );
	}

	public function test_a_change_during_an_expansion_starts_it_again(): void {
		$this->post();
		$this->forget_rows();
		Outbox::record( array( 0 ), 'site' );
		$row = Lease::claim( 1 )[0];
		Outbox::record( array( 0 ), 'site' );
		$this->assertNull( Expander::expand( $row, INF ) );
		$this->assertSame( '0', $this->row( 0, 'site' )->cursor_id );
		$this->assertSame( 'waiting', $this->row( 0, 'site' )->state );
	}

	public function test_a_check_queues_only_what_is_not_as_it_was_pushed(): void {
		list( $same, $changed, $new, $hidden, $gone ) = array( $this->post(), $this->post(), $this->post(), $this->post(), $this->post() );
		foreach ( array( $same, $changed, $hidden, $gone ) as $post_id ) {
			$this->settle_as( $post_id, expected_hash( $post_id ) );
		}
		global $wpdb;
		$wpdb->update( $wpdb->posts, array( 'post_content' => 'By hand.' ), array( 'ID' => $changed ) );
		$wpdb->update( $wpdb->posts, array( 'post_status' => 'draft' ), array( 'ID' => $hidden ) );
		$wpdb->delete( $wpdb->posts, array( 'ID' => $gone ) );
		$wpdb->delete( Outbox::table(), array( 'object_id' => $new ) );
		wp_cache_flush();
		Outbox::record( array( 0 ), 'check' );
		$this->expand();
		$this->assertSame( 'settled', $this->row( $same )->state );
		foreach ( compact( 'changed', 'new', 'hidden', 'gone' ) as $name => $post_id ) {
			$this->assertSame( 'waiting', $this->row( $post_id )->state, $name );
		}
	}

	public function test_a_check_of_one_post_looks_at_no_other(): void {
		list( $one, $other ) = array( $this->post(), $this->post() );
		$this->forget_rows();
		Outbox::record( array( $one ), 'check' );
		$this->expand();
		$this->assertNotNull( $this->row( $one ) );
		$this->assertNull( $this->row( $other ) );
	}

	private function settle_as( int $post_id, string $hash ): void {
		$this->set_row( $post_id, array( 'state' => 'settled', 'hash' => $hash ) );
	}

	private function set_cursor( int $id, string $type, int $cursor_id ): void {
		global $wpdb;
		$this->assertSame( 1, $wpdb->update( Outbox::table(), array( 'cursor_id' => $cursor_id ), array( 'object_type' => $type, 'object_id' => $id ) ) );
	}
}
