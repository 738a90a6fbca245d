<?php

namespace RagAsk\Tests;

use RagAsk\Address;
use RagAsk\Admin_Actions;
use RagAsk\Connection;
use RagAsk\Health;
use RagAsk\Outbox;
use RagAsk\Push_Schedule;
use RagAsk\Reconcile;
use RagAsk\Settings_Page;
use RagAsk\Site_Health;
use RagAsk\Token_Route;

final class AddressTest extends TestCase {

	private const REFUSED = array( 'status' => 409, 'error' => array( 'other_address', 'The index belongs to shop.test.' ) );

	use WithSidecar;

	protected function setUp(): void {
		parent::setUp();
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
		self::$sidecar->answers( array( 'status' => 202 ) );
		wp_set_current_user( 1 );
	}

	protected function tearDown(): void {
		$this->set_address( 'http://shop.test' );
	}

	/**
	 * As h02: a copy of the database with another address, written by SQL.
	 */
	public function test_a_copy_pushes_nothing_and_says_why(): void {
		$oil   = $this->pushed_post();
		$ferry = $this->pushed_post();
		$this->set_address( 'http://staging.example.test' );
		wp_update_post( array( 'ID' => $oil, 'post_content' => '<p>Test text: lamp oil is free of charge.</p>' ) );
		wp_trash_post( $ferry );

		$this->assertSame( 'other_address', $this->push()['stopped_by'] );
		$this->assertFalse( Reconcile::start() );
		// As at the end of the request that saved.
		Push_Schedule::wake_cron();
		remove_action( 'shutdown', array( Push_Schedule::class, 'wake_cron' ), 0 );
		Push_Schedule::soon();
		$this->assertFalse( has_action( 'shutdown', array( Push_Schedule::class, 'wake_cron' ) ) );
		$this->assertSame( array(), self::$sidecar->requests() );
		$this->assertSame( array( 'waiting', 'waiting' ), array( $this->row( $oil )->state, $this->row( $ferry )->state ) );

		$this->assertSame( array( 'other_address' ), array_keys( Health::problems() ) );
		$this->assertStringContainsString( 'was connected as shop.test and is staging.example.test now', Health::problems()['other_address'] );
		$this->assertStringContainsString( 'staging.example.test now', Site_Health::sync_test()['description'] );
		$this->assertStringContainsString( 'value="disconnect"', $this->page() );
		$this->assertStringContainsString( 'value="move"', $this->page() );
		$this->assertSame( 503, Token_Route::token( new \WP_REST_Request() )->get_status() );
	}

	public function test_the_sidecar_may_know_better_and_is_asked_once(): void {
		$post_id = $this->post();
		self::$sidecar->answers( self::REFUSED );
		$this->assertSame( 'error', $this->push()['stopped_by'] );
		Outbox::retry_now();
		$this->assertSame( 'other_address', $this->push()['stopped_by'] );
		$this->assertCount( 1, self::$sidecar->requests() );
		$this->assertSame( array( 'waiting', '0' ), array( $this->row( $post_id )->state, $this->row( $post_id )->attempts ) );
		$this->assertStringContainsString( 'The index belongs to shop.test.', Health::problems()['other_address'] );

		Admin_Actions::run( 'check' );
		$this->assertCount( 2, self::$sidecar->requests(), 'A person may ask again.' );
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->assertSame( 'success', Admin_Actions::run( 'check' )[0] );
		Outbox::retry_now();
		$this->push();
		$this->assertSame( 'settled', $this->row( $post_id )->state );
	}

	public function test_a_copy_is_disconnected_without_a_word_to_the_sidecar(): void {
		$this->pushed_post();
		$this->set_address( 'http://staging.example.test' );
		$this->post();
		$this->assertSame( 'success', Admin_Actions::run( 'disconnect' )[0] );
		$this->assertNull( Connection::current() );
		$this->assertSame( array( 'waiting' => 0, 'settled' => 0, 'dead' => 0 ), Outbox::counts() );
		$this->assertSame( array(), self::$sidecar->requests() );
		$this->assertSame( array( 'not_connected' ), array_keys( Health::problems() ) );
		// A sidecar or site of its own is another connection.
		$this->connect( self::$sidecar->url . '/staging' );
		$this->assertSame( '', $this->push()['stopped_by'] );
	}

	public function test_a_site_that_moved_takes_its_index_along(): void {
		$post_id = $this->pushed_post();
		$this->set_address( 'https://new.example.test' );
		$this->assertSame( 'success', Admin_Actions::run( 'move', array( 'confirmed' => '1' ) )[0] );
		list( $request ) = self::$sidecar->requests();
		$this->assertSame( array( 'POST', '/v1/address' ), array( $request['method'], $request['path'] ) );
		$body = json_decode( $request['body'], true );
		$this->assertSame( array_keys( $this->contract( 'address-request' ) ), array_keys( $body ) );
		$this->assertSame( 'https://new.example.test', $body['url'] );
		$this->assertSame( 'https://new.example.test', $this->claims( $request )['urls'][0] );

		$this->assertSame( array(), Health::problems() );
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->assertSame( '', $this->push()['stopped_by'] );
		$this->assertSame( array( $post_id ), array_map( static fn( $change ) => $change['document']['id'], self::$sidecar->changes() ) );
		$this->assertStringStartsWith( 'https://new.example.test/', self::$sidecar->changes()[0]['document']['url'] );
	}

	public function test_moving_needs_a_ticked_box(): void {
		$this->pushed_post();
		$this->set_address( 'http://staging.example.test' );
		$this->assertMatchesRegularExpression( '/<input type="checkbox" name="confirmed" value="1" required>[^<]*staging\.example\.test for good.*value="move"/s', $this->page() );
		add_filter( 'wp_redirect', $stop = static fn() => throw new \RuntimeException( 'redirect' ) );
		$_REQUEST['_wpnonce'] = wp_create_nonce( Admin_Actions::ACTION );
		$_POST['task']        = 'move';
		$GLOBALS['wp_settings_errors'] = array();
		try {
			Admin_Actions::handle();
		} catch ( \RuntimeException $ignored ) {
			$this->assertSame( array(), self::$sidecar->requests() );
		} finally {
			remove_filter( 'wp_redirect', $stop );
			unset( $_REQUEST['_wpnonce'], $_POST['task'] );
		}
		$this->assertSame( array( 'error' ), array_column( get_transient( 'settings_errors' ), 'type' ) );
	}

	/**
	 * @dataProvider same_sites
	 */
	public function test_the_scheme_and_www_are_the_same_site( string $url ): void {
		$this->pushed_post();
		$this->set_address( $url );
		$this->assertSame( '', Address::problem() );
		$this->post();
		$this->push();
		$this->assertSame( $url, $this->claims( self::$sidecar->requests()[0] )['urls'][0] );
	}

	public function same_sites(): array {
		return array( array( 'https://shop.test' ), array( 'http://www.shop.test' ), array( 'https://www.shop.test' ) );
	}

	/**
	 * @dataProvider other_sites
	 */
	public function test_another_name_port_or_path_is_another_site( string $url ): void {
		$this->pushed_post();
		$this->set_address( $url );
		$this->assertStringContainsString( 'was connected as shop.test', Address::problem() );
	}

	public function other_sites(): array {
		return array( array( 'http://shop.test/staging' ), array( 'http://shop.test:8080' ), array( 'http://dev.shop.test' ) );
	}

	public function test_a_copy_at_the_same_address_is_known_by_its_environment(): void {
		$this->pushed_post();
		update_option( Address::OPTION, array( 'environment' => 'staging' ) + get_option( Address::OPTION ) );
		$this->assertStringContainsString( 'was connected as "staging" and is "production" now', Address::problem() );
	}

	public function test_a_site_with_several_addresses_names_all_of_them(): void {
		add_filter( 'rag_ask_addresses', $more = static fn( $urls ) => array( ...$urls, 'https://shop.example/', 'javascript:alert(1)', 'http://shop.test' ) );
		$this->post();
		$this->push();
		remove_filter( 'rag_ask_addresses', $more );
		$this->assertSame( array( 'http://shop.test', 'https://shop.example' ), $this->claims( self::$sidecar->requests()[0] )['urls'] );
	}

	private function pushed_post(): int {
		$post_id = $this->post();
		$this->push();
		$this->assertSame( 'settled', $this->row( $post_id )->state );
		self::$sidecar->answers( array( 'status' => 202 ) );
		return $post_id;
	}

	/**
	 * By SQL, as the tools of hosts do it.
	 */
	private function set_address( string $url ): void {
		global $wpdb;
		$wpdb->query( $wpdb->prepare( "UPDATE $wpdb->options SET option_value = %s WHERE option_name IN ('siteurl', 'home')", $url ) );
		wp_cache_flush();
	}

	private function claims( array $request ): array {
		return json_decode( base64_decode( strtr( explode( '.', $request['headers']['Authorization'] )[1], '-_', '+/' ) ), true );
	}

	private function page(): string {
		ob_start();
		Settings_Page::render();
		return ob_get_clean();
	}
}
