<?php

namespace RagAsk\Tests;

use RagAsk\Installer;
use RagAsk\Outbox;
use RagAsk\Push_Schedule;
use RagAsk\Pusher;

final class InstallerTest extends TestCase {

	public function test_activating_queues_the_content_that_is_there(): void {
		global $wpdb;
		$public = $this->post();
		$hidden = $this->post( array( 'post_status' => 'private' ) );
		$wpdb->query( 'DROP TABLE ' . Outbox::table() );
		Installer::activate();
		$this->expand();
		$this->assertSame( 'waiting', $this->row( $public )->state );
		$this->assertNull( $this->row( $hidden ) );
		$this->assertNotFalse( wp_next_scheduled( Push_Schedule::SAFETY ) );
	}

	public function test_what_was_deleted_while_the_plugin_was_off_is_queued_too(): void {
		global $wpdb;
		$post_id = $this->post();
		$this->set_row( $post_id, array( 'state' => 'settled' ) );
		Installer::deactivate();
		$wpdb->query( "DELETE FROM $wpdb->posts WHERE ID = $post_id" );
		Installer::activate();
		$this->expand();
		$this->assertSame( 'waiting', $this->row( $post_id )->state );
	}

	public function test_deactivating_stops_the_events_and_keeps_the_rows(): void {
		$post_id = $this->post();
		Push_Schedule::ensure_event();
		wp_schedule_single_event( time(), Pusher::EVENT );
		Installer::deactivate();
		$this->assertFalse( wp_next_scheduled( Push_Schedule::SAFETY ) );
		$this->assertFalse( wp_next_scheduled( Pusher::EVENT ) );
		$this->assertSame( 'waiting', $this->row( $post_id )->state );
		Installer::activate();
	}

	public function test_an_installed_site_is_left_alone(): void {
		$post_id = $this->post();
		$this->set_row( $post_id, array( 'state' => 'settled' ) );
		Installer::upgrade();
		$this->assertSame( 'settled', $this->row( $post_id )->state );
	}

	public function test_a_site_that_was_never_activated_installs_itself(): void {
		global $wpdb;
		$wpdb->query( 'DROP TABLE ' . Outbox::table() );
		delete_option( Installer::OPTION );
		$this->assertTrue( $this->in_another_request( '', 'echo json_encode( RagAsk\Outbox::record( array( 3 ) ) );' ) );
		wp_cache_flush();
		$this->assertSame( 'waiting', $this->row( 3 )->state );
	}
}
