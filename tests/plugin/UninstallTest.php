<?php

namespace RagAsk\Tests;

use RagAsk\Installer;
use RagAsk\Outbox;
use RagAsk\Push_Schedule;

final class UninstallTest extends TestCase {

	protected function tearDown(): void {
		Installer::activate();
	}

	public function test_uninstalling_leaves_nothing_behind(): void {
		global $wpdb;
		$this->post();
		\RagAsk\Push_Log::failed( 'down' );
		update_option( \RagAsk\Status_Panel::OPTION, array( 'checked_at' => 1 ) );
		Push_Schedule::keep();
		wp_schedule_single_event( time(), Push_Schedule::SOON );

		// As WordPress does it: the plugin is not loaded, only its uninstall.php is.
		update_option( 'active_plugins', array() );
		try {
			$this->in_another_request( '', 'define( "WP_UNINSTALL_PLUGIN", "rag-ask/rag-ask.php" ); require WP_PLUGIN_DIR . "/rag-ask/uninstall.php"; echo "true";' );
		} finally {
			update_option( 'active_plugins', array( 'rag-ask/rag-ask.php' ) );
		}
		wp_cache_flush();
		$this->assertSame( array(), $wpdb->get_col( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE 'rag_ask%'" ) );
		$this->assertSame( array(), $wpdb->get_col( "SHOW TABLES LIKE '%rag_ask%'" ) );
		$this->assertStringNotContainsString( 'rag_ask', $wpdb->get_var( "SELECT option_value FROM $wpdb->options WHERE option_name = 'cron'" ) );
	}

	public function test_uninstall_does_nothing_when_it_is_called_by_its_address(): void {
		$this->assertSame( '', shell_exec( escapeshellarg( PHP_BINARY ) . ' ' . escapeshellarg( WP_PLUGIN_DIR . '/rag-ask/uninstall.php' ) ) ?? '' );
		$this->assertSame( array( 'waiting' => 0, 'settled' => 0, 'dead' => 0 ), Outbox::counts() );
	}
}
