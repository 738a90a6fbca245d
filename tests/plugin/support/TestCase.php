<?php

namespace RagAsk\Tests;

use RagAsk\Cache_Watcher;
use RagAsk\Connection;
use RagAsk\Expander;
use RagAsk\File_Links;
use RagAsk\Lease;
use RagAsk\Outbox;
use RagAsk\Pusher;
use RagAsk\Settings;
use function RagAsk\expected_hash;

/**
 * Every test starts on an empty, connected site.
 */
abstract class TestCase extends \PHPUnit\Framework\TestCase {

	protected function setUp(): void {
		global $wpdb;
		Outbox::install();
		File_Links::install();
		foreach ( array( Outbox::table(), File_Links::table(), $wpdb->posts, $wpdb->postmeta, $wpdb->comments, $wpdb->term_relationships ) as $table ) {
			$wpdb->query( "DELETE FROM $table" );
		}
		$wpdb->query( "DELETE FROM $wpdb->options WHERE option_name LIKE 'rag_ask_%' AND option_name <> 'rag_ask_schema'" );
		$wpdb->query( "DELETE FROM $wpdb->options WHERE option_name LIKE '\_transient%rag\_ask%'" );
		wp_cache_flush();
		add_option( Settings::OPTION, array(), '', true );
		add_option( Connection::OPTION, array(), '', false );
		wp_set_current_user( 0 );
		wp_clear_scheduled_hook( 'rag_ask_push' );
		$this->connect( 'http://127.0.0.1:9' );
		$this->forget_rows();
	}

	/**
	 * Connecting queues everything; a test starts with nothing queued.
	 */
	protected function forget_rows(): void {
		global $wpdb;
		$wpdb->query( 'DELETE FROM ' . Outbox::table() );
	}

	/**
	 * Expand what waits for it, as a push does, and push nothing.
	 */
	protected function expand(): void {
		do {
			$rows       = Lease::claim( 1000 );
			$expansions = array_filter( $rows, static fn( $row ) => 'post' !== $row->object_type );
			foreach ( $expansions as $row ) {
				$outcome = Expander::expand( $row, INF );
				if ( $outcome ) {
					Lease::close( $row, $outcome );
				}
			}
			if ( $rows ) {
				Lease::release( $rows[0]->lease_id );
			}
		} while ( $expansions );
	}

	/**
	 * Push until nothing is due.
	 *
	 * @return array{settled: int, failed: int, stopped_by: string}
	 */
	protected function push( float $budget_s = INF ): array {
		return Pusher::push( $budget_s );
	}

	protected function connect( string $sidecar_url ): void {
		$contract = $this->contract( 'connection-string' );
		update_option(
			Connection::OPTION,
			array(
				'sidecar_url' => $sidecar_url,
				'site_id'     => $contract['site_id'],
				'secret'      => $contract['secret'],
			),
			false
		);
	}

	protected function contract( string $name ): array {
		return json_decode( file_get_contents( dirname( __DIR__, 2 ) . "/contract/$name.json" ), true, 512, JSON_THROW_ON_ERROR );
	}

	protected function post( array $fields = array() ): int {
		$post_id = wp_insert_post(
			wp_slash(
				$fields + array(
					'post_title'   => 'Opening hours',
					'post_content' => '<h2>Shop</h2><p>We open at seven.</p>',
					'post_status'  => 'publish',
					'post_type'    => 'page',
				)
			),
			true
		);
		$this->assertIsInt( $post_id );
		return $post_id;
	}

	protected function row( int $post_id, string $type = 'post' ): ?object {
		global $wpdb;
		return $wpdb->get_row( $wpdb->prepare( 'SELECT * FROM ' . Outbox::table() . ' WHERE object_type = %s AND object_id = %d', $type, $post_id ) );
	}

	protected function set_row( int $post_id, array $values ): void {
		global $wpdb;
		$this->assertSame( 1, $wpdb->update( Outbox::table(), $values, array( 'object_type' => 'post', 'object_id' => $post_id ) ) );
	}

	protected function settled_post( array $fields = array() ): int {
		$post_id = $this->post( $fields );
		$this->settle( $post_id );
		return $post_id;
	}

	/**
	 * As after a push of what the post is now.
	 */
	protected function settle( int ...$post_ids ): void {
		foreach ( $post_ids as $post_id ) {
			$this->set_row( $post_id, array( 'state' => 'settled', 'version' => 5, 'attempts' => 1, 'hash' => expected_hash( $post_id ) ) );
		}
	}

	protected function assert_queued( int $post_id, string $of = '' ): void {
		$row = $this->row( $post_id );
		$this->assertNotNull( $row, "no row $of" );
		$this->assertSame( 'waiting', $row->state, $of );
		$this->assertGreaterThan( 1_700_000_000_000_000, (int) $row->version, $of );
	}

	protected function assert_not_queued( int $post_id ): void {
		Cache_Watcher::record();
		$this->expand();
		$this->assertSame( 'settled', $this->row( $post_id )->state );
	}

	/**
	 * What a callable writes to PHP's error log.
	 */
	protected function logged( callable $work ): string {
		$file = tempnam( sys_get_temp_dir(), 'log' );
		$was  = ini_set( 'error_log', $file );
		try {
			$work();
			return file_get_contents( $file );
		} finally {
			ini_set( 'error_log', (string) $was );
			unlink( $file );
		}
	}

	/**
	 * Run PHP in a process of its own, before or after WordPress loads there, and decode what it prints as JSON.
	 */
	protected function in_another_request( string $before, string $after ) {
		$code = sprintf( 'require %s; %s require ABSPATH . "wp-settings.php"; %s', var_export( dirname( __DIR__ ) . '/config.php', true ), $before, $after );
		$pipe = proc_open( array( PHP_BINARY, '-d', 'display_errors=1', '-r', $code ), array( 1 => array( 'pipe', 'w' ) ), $pipes );
		$out  = stream_get_contents( $pipes[1] );
		$this->assertSame( 0, proc_close( $pipe ), $out );
		$this->assertJson( $out );
		return json_decode( $out, true, 512, JSON_THROW_ON_ERROR );
	}
}
