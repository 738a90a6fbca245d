<?php

namespace RagAsk\Tests;

use RagAsk\Audience;
use RagAsk\Clock;
use RagAsk\Connection;

final class TokenRouteTest extends TestCase {

	private static WebSite $site;

	public static function setUpBeforeClass(): void {
		self::$site = new WebSite();
	}

	public static function tearDownAfterClass(): void {
		self::$site->stop();
	}

	protected function setUp(): void {
		parent::setUp();
		update_option( 'permalink_structure', '/%postname%/' );
		update_option( 'rewrite_rules', '' );
	}

	/**
	 * @dataProvider addresses
	 */
	public function test_the_answer_is_the_contract( string $permalinks, string $path ): void {
		update_option( 'permalink_structure', $permalinks );
		$answer = self::$site->post( $path );
		$this->assertSame( 200, $answer['status'], $answer['body'] );
		$wanted = $this->contract( 'token-route' );
		$body   = json_decode( $answer['body'], true );
		$this->assertSame( array_keys( $wanted ), array_keys( $body ) );
		$this->assertSame( $wanted['expires_in'], $body['expires_in'] );
		$this->assertSame( $wanted['max_question_characters'], $body['max_question_characters'] );
		$this->assertSame( 'http://127.0.0.1:9/v1/ask', $body['ask_url'] );
		$this->assertSame( 'http://127.0.0.1:9/v1/feedback', $body['feedback_url'] );
		$this->assertContains( 'cache-control: no-store', $answer['headers'] );
		$this->assertContains( 'x-robots-tag: noindex', $answer['headers'] );
	}

	public function addresses(): array {
		return array(
			'pretty permalinks' => array( '/%postname%/', '/wp-json/rag-ask/v1/token' ),
			'plain permalinks'  => array( '', '/?rest_route=/rag-ask/v1/token' ),
		);
	}

	public function test_the_token_is_an_ask_token_of_the_contract(): void {
		$wanted = $this->contract( 'ask-token' );
		$began  = time();
		$token  = json_decode( $this->ask()['body'], true )['token'];
		list( $header, $claims, $signature ) = explode( '.', $token );
		$this->assertSame( $wanted['header'], self::decode( $header ) );
		$this->assertSame( array_keys( $wanted['claims'] ), array_keys( self::decode( $claims ) ) );
		$claims_now = self::decode( $claims );
		$this->assertSame( 300, $claims_now['exp'] - $claims_now['iat'] );
		$this->assertEqualsWithDelta( $began, $claims_now['iat'], 1 + time() - $began );
		$this->assertSame( array( 'public' ), $claims_now['groups'] );
		$this->assertSame( 'en-US', $claims_now['lang'] );
		$this->assertMatchesRegularExpression( '/\Av-[A-Za-z0-9_-]{16}\z/', $claims_now['sub'] );
		$key = $this->contract( 'connection-string' )['key'];
		$this->assertSame( hash_hmac( 'sha256', "$header.$claims", $key, true ), base64_decode( strtr( $signature, '-_', '+/' ) ) );
	}

	public function test_networks_are_told_apart_and_mapped_addresses_unmapped(): void {
		$told = array();
		foreach ( array( '192.0.2.7', '192.0.2.9', '::ffff:192.0.2.7', '192.0.3.7', '2001:db8:1:2::3', '2001:db8:1:9::3', '2001:db8:2::3' ) as $address ) {
			$claims           = self::claims_for( $address );
			$told[ $address ] = array( $claims['sub'], $claims['net'] );
		}
		$this->assertSame( $told['192.0.2.7'], $told['::ffff:192.0.2.7'] );
		$this->assertNotSame( $told['192.0.2.7'][0], $told['192.0.2.9'][0] );
		$this->assertSame( $told['192.0.2.7'][1], $told['192.0.2.9'][1] );
		$this->assertSame( $told['2001:db8:1:2::3'][1], $told['2001:db8:1:9::3'][1] );
		$this->assertCount( 4, array_unique( array_column( $told, 1 ) ) );
	}

	public function test_one_visitor_gets_so_many_tokens_a_minute(): void {
		$given = 0;
		do {
			$response = self::token_for( '198.51.100.1' );
			++$given;
		} while ( 200 === $response->get_status() && $given < 200 );
		$this->assertSame( 429, $response->get_status() );
		$this->assertGreaterThan( 60, $given );
		$this->assertSame( 'rate_limited', $response->get_data()['code'] );
		$this->assertGreaterThan( 0, (int) $response->get_headers()['Retry-After'] );
		$this->assertSame( 200, self::token_for( '198.51.100.2' )->get_status() );
	}

	public function test_who_has_not_agreed_gets_no_token(): void {
		add_filter( 'rag_ask_consent', '__return_false' );
		$refused = rest_do_request( new \WP_REST_Request( 'POST', '/rag-ask/v1/token' ) );
		remove_filter( 'rag_ask_consent', '__return_false' );
		$this->assertSame( array( 403, 'consent_missing' ), array( $refused->get_status(), $refused->get_data()['code'] ) );
		$this->assertStringContainsString( 'error_consent_missing', do_shortcode( '[rag_ask]' ) );
	}

	public function test_a_challenge_that_is_not_passed_gives_no_token(): void {
		add_filter( 'rag_ask_challenge', '__return_false' );
		$refused = self::token_for( '198.51.100.3' );
		remove_filter( 'rag_ask_challenge', '__return_false' );
		$this->assertSame( 403, $refused->get_status() );
		$this->assertSame( 'challenge_failed', $refused->get_data()['code'] );
		$this->assertArrayNotHasKey( 'token', $refused->get_data() );
	}

	private static function token_for( string $address ): \WP_REST_Response {
		$filter = static fn() => $address;
		add_filter( 'rag_ask_visitor_address', $filter );
		$response = \RagAsk\Token_Route::token( new \WP_REST_Request( 'POST', '/rag-ask/v1/token' ) );
		remove_filter( 'rag_ask_visitor_address', $filter );
		return $response;
	}

	private static function claims_for( string $address ): array {
		return self::decode( explode( '.', self::token_for( $address )->get_data()['token'] )[1] );
	}

	public function test_nothing_in_the_answer_tells_the_secret_or_the_address(): void {
		$body   = $this->ask()['body'];
		$claims = base64_decode( explode( '.', json_decode( $body, true )['token'] )[1] );
		foreach ( array( $this->contract( 'connection-string' )['key'], '127.0.0.1"' ) as $kept ) {
			$this->assertStringNotContainsString( $kept, $body );
			$this->assertStringNotContainsString( $kept, $claims );
		}
	}

	public function test_a_visitor_keeps_the_name_for_the_day_and_no_header_changes_it(): void {
		$name = $this->subject( '203.0.113.9' );
		$this->assertSame( $name, $this->subject( '203.0.113.9' ) );
		$this->assertNotSame( $name, $this->subject( '203.0.113.10' ) );
		$plain  = self::subject_in( $this->ask()['body'] );
		$forged = self::subject_in( $this->ask( array( 'X-Forwarded-For: 198.51.100.7', 'Client-IP: 198.51.100.7' ) )['body'] );
		$this->assertSame( $plain, $forged );
	}

	public function test_a_household_of_ipv6_is_one_visitor(): void {
		$this->assertSame( $this->subject( '2001:db8:1:2::1' ), $this->subject( '2001:db8:1:2:ffff::9' ) );
		$this->assertNotSame( $this->subject( '2001:db8:1:2::1' ), $this->subject( '2001:db8:1:3::1' ) );
	}

	public function test_a_visitor_who_is_logged_in_has_the_groups_of_the_roles_on_this_site_only(): void {
		$cookie = $this->logged_in_cookie( 1, HOUR_IN_SECONDS );
		$this->assertSame( array( 'public', 'role:administrator' ), $this->groups( 'http://shop.test', $cookie ) );
		$foreign = array( 'https://shop.test', 'http://shop.test:8080', 'http://evil.test', 'http://shop.test.evil.test', 'http://evil.test/http://shop.test', 'null', '' );
		foreach ( $foreign as $origin ) {
			$this->assertSame( array( 'public' ), $this->groups( $origin, $cookie ), $origin );
		}
	}

	public function test_a_cookie_that_is_old_forged_or_absent_gives_no_groups(): void {
		$good = $this->logged_in_cookie( 1, HOUR_IN_SECONDS );
		$this->assertSame( array( 'public' ), $this->groups( 'http://shop.test', $this->logged_in_cookie( 1, -5 * HOUR_IN_SECONDS ) ) );
		$this->assertSame( array( 'public' ), $this->groups( 'http://shop.test', substr( $good, 0, -4 ) . 'ffff' ) );
		$this->assertSame( array( 'public' ), $this->groups( 'http://shop.test', '' ) );
	}

	public function test_the_answer_for_who_is_logged_in_is_not_stored(): void {
		$answer = $this->ask( $this->headers( 'http://shop.test', $this->logged_in_cookie( 1, HOUR_IN_SECONDS ) ) );
		$this->assertContains( 'cache-control: no-store', $answer['headers'] );
	}

	public function test_a_filter_adds_groups_of_a_visitor_and_cannot_take_public_away(): void {
		$user   = get_userdata( 1 );
		$groups = static fn( array $groups, \WP_User $of ) => array( "member:$of->ID" );
		add_filter( 'rag_ask_visitor_groups', $groups, 10, 2 );
		$this->assertSame( array( 'public', 'member:1' ), Audience::of_visitor( $user ) );
		remove_filter( 'rag_ask_visitor_groups', $groups, 10 );
		$this->assertSame( array( 'public' ), Audience::of_visitor( null ) );
	}

	public function test_a_token_is_dated_by_the_clock_of_the_sidecar(): void {
		update_option( Clock::OPTION, -600, false );
		$began  = time();
		$claims = self::decode( explode( '.', json_decode( $this->ask()['body'], true )['token'] )[1] );
		$this->assertEqualsWithDelta( $began - 600, $claims['iat'], 1 + time() - $began );
	}

	public function test_a_site_behind_its_own_proxy_can_name_the_visitor(): void {
		$address = static fn() => '198.51.100.7';
		add_filter( 'rag_ask_visitor_address', $address );
		$filtered = $this->subject( '203.0.113.9' );
		remove_filter( 'rag_ask_visitor_address', $address );
		$this->assertSame( $this->subject( '198.51.100.7' ), $filtered );
	}

	public function test_without_a_connection_it_says_so(): void {
		delete_option( Connection::OPTION );
		$answer = $this->ask();
		$this->assertSame( 503, $answer['status'] );
		$this->assertSame( 'not_configured', json_decode( $answer['body'], true )['code'] );
		$this->assertContains( 'cache-control: no-store', $answer['headers'] );
	}

	public function test_only_post_gets_a_token(): void {
		$this->assertSame( 404, rest_do_request( new \WP_REST_Request( 'GET', '/rag-ask/v1/token' ) )->get_status() );
	}

	public function test_a_visitor_with_a_stale_nonce_gets_no_token_of_a_user(): void {
		$this->assertSame( 403, $this->ask( array( 'X-WP-Nonce: of-yesterday' ) )['status'], 'which is why the page carries no nonce' );
		$this->assertSame( 200, $this->ask()['status'] );
	}

	private function groups( string $origin, string $cookie ): array {
		return self::decode( explode( '.', json_decode( $this->ask( $this->headers( $origin, $cookie ) )['body'], true )['token'] )[1] )['groups'];
	}

	private function headers( string $origin, string $cookie ): array {
		return array( "Origin: $origin", 'Cookie: ' . LOGGED_IN_COOKIE . '=' . rawurlencode( $cookie ) );
	}

	private function logged_in_cookie( int $user_id, int $life_s ): string {
		$token = \WP_Session_Tokens::get_instance( $user_id )->create( time() + HOUR_IN_SECONDS );
		return wp_generate_auth_cookie( $user_id, time() + $life_s, 'logged_in', $token );
	}

	private function ask( array $headers = array() ): array {
		return self::$site->post( '/wp-json/rag-ask/v1/token', $headers );
	}

	private function subject( string $address ): string {
		$was                    = $_SERVER['REMOTE_ADDR'];
		$_SERVER['REMOTE_ADDR'] = $address;
		$response               = rest_do_request( new \WP_REST_Request( 'POST', '/rag-ask/v1/token' ) );
		$_SERVER['REMOTE_ADDR'] = $was;
		return self::subject_in( wp_json_encode( $response->get_data() ) );
	}

	private static function subject_in( string $body ): string {
		return self::decode( explode( '.', json_decode( $body, true )['token'] )[1] )['sub'];
	}

	private static function decode( string $part ): array {
		return json_decode( base64_decode( strtr( $part, '-_', '+/' ) ), true );
	}
}
