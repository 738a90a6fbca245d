<?php

namespace RagAsk\Tests;

use RagAsk\Connection;
use RagAsk\Connector;
use RagAsk\Insights;
use RagAsk\Sidecar_Status;

/**
 * The connection string on the screen Connectors. Before WordPress 7.0 there is no such screen, and nothing happens.
 */
final class ConnectorTest extends TestCase {

	use WithSidecar;

	private string $string;

	protected function setUp(): void {
		parent::setUp();
		$wanted       = $this->contract( 'connection-string' );
		$this->string = str_replace( '://', "://{$wanted['site_id']}:{$wanted['secret']}@", self::$sidecar->url );
		Connection::forget();
		wp_set_current_user( self::administrator() );
	}

	protected function tearDown(): void {
		wp_set_current_user( 0 );
		parent::tearDown();
	}

	private static function administrator(): int {
		return get_users( array( 'role' => 'administrator', 'fields' => 'ID' ) )[0];
	}

	public function test_core_lists_it_where_there_are_connectors(): void {
		$is_there = function_exists( 'wp_get_connector' );
		$this->assertSame( $is_there ? array( 'rag_ask_connection_string', 'RAG_ASK_CONNECTION' ) : null, $is_there ? array_values( array_intersect_key( wp_get_connector( Connector::ID )['authentication'], array( 'setting_name' => 1, 'constant_name' => 1 ) ) ) : null );
		$this->assertSame( $is_there, isset( get_registered_settings()[ Connector::OPTION ] ) );
	}

	public function test_a_pasted_string_connects_and_an_empty_one_disconnects(): void {
		$this->sidecar_takes_it();
		update_option( Connector::OPTION, $this->string );
		$connection = Connection::current();
		$this->assertSame( $this->contract( 'connection-string' )['site_id'], $connection->site_id );
		$this->assertSame( "$connection->site_id@$connection->sidecar_url", get_option( Connector::OPTION ) );
		$this->assertSame( $this->contract( 'status-response' )['chunks'], Sidecar_Status::stored()['status']['chunks'] );
		// What the screen shows comes back unchanged when another connector is saved.
		update_option( Connector::OPTION, get_option( Connector::OPTION ) );
		update_option( Connector::OPTION, 'nonsense' );
		$this->assertEquals( $connection, Connection::current() );
		global $wpdb;
		$this->assertNull( $wpdb->get_var( "SELECT option_value FROM $wpdb->options WHERE option_name = 'rag_ask_connection_string'" ) );
		update_option( Connector::OPTION, '' );
		$this->assertNull( Connection::current() );
	}

	public function test_a_string_that_the_sidecar_refuses_is_not_kept(): void {
		self::$sidecar->answers( array( 'status' => 401, 'json' => array( 'error' => array( 'code' => 'token_invalid', 'message' => 'The token is not valid.' ) ) ) );
		update_option( Connector::OPTION, $this->string );
		$this->assertNull( Connection::current() );
		$this->assertSame( '', get_option( Connector::OPTION ) );
	}

	public function test_after_another_sidecar_was_removed_every_post_is_sent_to_the_new_one(): void {
		$this->connect( 'http://127.0.0.1:9' );
		$post_id = $this->settled_post();
		update_option( Insights::OPTION, array( 'error' => 'of the other one' ) );
		update_option( Connector::OPTION, '' );
		$this->sidecar_takes_it();
		update_option( Connector::OPTION, $this->string );
		$this->expand();
		$this->assert_queued( $post_id );
		$this->assertSame( '', Insights::stored()['error'] );
	}

	private function sidecar_takes_it(): void {
		$status = array( 'status' => 200, 'json' => $this->contract( 'status-response' ) );
		self::$sidecar->answers( $status, $status );
	}

	public function test_the_rest_route_of_the_screen_shows_no_key(): void {
		$this->sidecar_takes_it();
		$request = new \WP_REST_Request( 'POST', '/wp/v2/settings' );
		$request->set_body_params( array( Connector::OPTION => $this->string ) );
		$saved = apply_filters( 'rest_post_dispatch', rest_do_request( $request ), rest_get_server(), $request );
		$this->assertSame( 200, $saved->get_status() );
		$this->assertStringNotContainsString( $this->contract( 'connection-string' )['secret'], wp_json_encode( $saved->get_data() ) );
		$this->assertSame( function_exists( 'wp_get_connector' ), null !== Connection::current() );
		$this->assertSame( function_exists( 'wp_get_connector' ), isset( $saved->get_data()[ Connector::OPTION ] ) );
	}
}
