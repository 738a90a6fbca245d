<?php

namespace RagAsk\Tests;

use RagAsk\Address;
use RagAsk\Connection;
use RagAsk\Installer;
use RagAsk\Job_Schedule;
use RagAsk\Outbox;
use RagAsk\Push_Schedule;
use RagAsk\Pusher;
use RagAsk\Reconcile;
use RagAsk\Signer;

final class UninstallTest extends TestCase {

	use WithSidecar;

	protected function tearDown(): void {
		Installer::activate();
	}

	protected function setUp(): void {
		parent::setUp();
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
	}

	public function test_uninstalling_leaves_nothing_behind(): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'purge-response' ) ) );
		$this->uninstall();
		list( $request ) = self::$sidecar->requests();
		$this->assertSame( array( 'DELETE', '/v1/site' ), array( $request['method'], $request['path'] ) );
		$this->assertSame( $this->contract( 'purge-request' ), json_decode( $request['body'], true ) );
		$token = explode( '.', $request['headers']['Authorization'] )[1];
		$this->assertSame( Signer::base64url( hash( 'sha256', $request['body'], true ) ), json_decode( base64_decode( strtr( $token, '-_', '+/' ) ), true )['bh'] );
	}

	public function test_a_sidecar_that_does_not_answer_stops_nothing(): void {
		self::$sidecar->answers( array( 'hang_s' => 60 ) );
		$log = tempnam( sys_get_temp_dir(), 'log' );
		$this->uninstall( 'ini_set( "error_log", ' . var_export( $log, true ) . ' );' );
		$this->assertStringContainsString( 'Operation timed out', file_get_contents( $log ) );
		unlink( $log );
	}

	public function test_a_copy_of_the_site_purges_nothing(): void {
		Address::accepted( Connection::current() );
		update_option( Address::OPTION, array( 'address' => 'live.example.test' ) + get_option( Address::OPTION ) );
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'purge-response' ) ) );
		$this->uninstall();
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	private function uninstall( string $before = '' ): void {
		global $wpdb;
		$this->post();
		\RagAsk\Push_Log::failed( 'down' );
		update_option( \RagAsk\Sidecar_Status::OPTION, array( 'checked_at' => 1 ) );
		update_post_meta( $this->post(), '_rag_ask_exclude', '1' );
		update_user_meta( 1, 'rag_ask_seen', 1 );
		update_user_meta( 1, 'closedpostboxes_rag_ask_note', array( 'rag-ask-page' ) );
		update_user_meta( 1, 'managesettings_page_rag-askcolumnshidden', array( 'type' ) );
		$note_id     = $this->post( array( 'post_type' => 'rag_ask_note' ) );
		$autosave_id = $this->post( array( 'post_type' => 'revision', 'post_status' => 'inherit', 'post_parent' => $note_id ) );
		update_post_meta( $note_id, '_edit_last', 1 );
		set_transient( 'rag_ask_estimate', array(), 60 );
		Push_Schedule::ensure_event();
		Job_Schedule::ensure_event();
		Reconcile::start();
		wp_schedule_single_event( time(), Pusher::EVENT );

		// As WordPress does it: the plugin is not loaded, only its uninstall.php is.
		update_option( 'active_plugins', array() );
		try {
			$this->in_another_request( '', $before . 'define( "WP_UNINSTALL_PLUGIN", "rag-ask/rag-ask.php" ); require WP_PLUGIN_DIR . "/rag-ask/uninstall.php"; echo "true";' );
		} finally {
			update_option( 'active_plugins', array( 'rag-ask/rag-ask.php' ) );
		}
		wp_cache_flush();
		$this->assertSame( array(), $wpdb->get_col( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE '%rag\\_ask%'" ) );
		$this->assertSame( array(), $wpdb->get_col( "SELECT meta_key FROM $wpdb->postmeta WHERE meta_key LIKE '%rag\\_ask%'" ) );
		$this->assertSame( array(), $wpdb->get_col( "SELECT meta_key FROM $wpdb->usermeta WHERE meta_key LIKE '%rag\\_ask%' OR meta_key LIKE '%rag-ask%'" ) );
		$this->assertSame( array(), $wpdb->get_col( "SELECT ID FROM $wpdb->posts WHERE ID IN ($note_id, $autosave_id)" ) );
		$this->assertSame( array(), $wpdb->get_col( "SELECT meta_key FROM $wpdb->postmeta WHERE post_id = $note_id" ) );
		$this->assertSame( array(), $wpdb->get_col( "SHOW TABLES LIKE '%rag_ask%'" ) );
		$this->assertStringNotContainsString( 'rag_ask', $wpdb->get_var( "SELECT option_value FROM $wpdb->options WHERE option_name = 'cron'" ) );
	}

	public function test_uninstall_does_nothing_when_it_is_called_by_its_address(): void {
		$this->assertSame( '', shell_exec( escapeshellarg( PHP_BINARY ) . ' ' . escapeshellarg( WP_PLUGIN_DIR . '/rag-ask/uninstall.php' ) ) ?? '' );
		$this->assertSame( array( 'waiting' => 0, 'settled' => 0, 'dead' => 0 ), Outbox::counts() );
	}
}
