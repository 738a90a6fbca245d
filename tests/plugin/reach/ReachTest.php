<?php

namespace RagAsk\Tests;

use RagAsk\Health;
use RagAsk\Reach;
use RagAsk\Settings;
use RagAsk\Token_Route;
use RagAsk\Way;

final class ReachTest extends TestCase {

	use WithSidecar;

	protected function tearDown(): void {
		$this->move_to( 'http://shop.test' );
		parent::tearDown();
	}

	/**
	 * @dataProvider addresses
	 */
	public function test_addresses_that_no_visitor_reaches_are_named( string $wanted, string $home, string $sidecar ): void {
		$this->move_to( $home );
		$this->connect( $sidecar );
		$this->assertSame( $wanted, Way::obstacle() );
		$this->assertSame( '' === $wanted ? Way::STRAIGHT : Way::WORDPRESS, Way::current() );
		$message = self::token_message();
		$this->assertSame( Way::current(), $message['way'] );
		$this->assertSame( '' === $wanted ? "$sidecar/v1/ask" : rest_url( 'rag-ask/v1/ask' ), $message['ask_url'] );
		$this->assertSame( '' === $wanted ? "$sidecar/v1/feedback" : rest_url( 'rag-ask/v1/feedback' ), $message['feedback_url'] );

		$this->choose( Way::STRAIGHT );
		$this->assertSame( '' === $wanted, '' === Reach::problem() );
		$this->assertStringContainsString( $wanted, Health::problems()['visitors_unreached'] ?? '' );
		$this->choose( Way::WORDPRESS );
		$this->assertSame( '', Reach::problem() );
	}

	public function addresses(): array {
		return array(
			'HTTPS to HTTP'              => array( 'mixed_content', 'https://example.com', 'http://ask.example.com:8787' ),
			'HTTPS to HTTPS'             => array( '', 'https://example.com', 'https://ask.example.com' ),
			'HTTP to HTTP'               => array( '', 'http://example.com', 'http://ask.example.com:8787' ),
			'this server itself'         => array( 'loopback_address', 'https://example.com', 'http://127.0.0.1:8787' ),
			'by name'                    => array( 'loopback_address', 'http://example.com', 'http://localhost:8787' ),
			'a private network'          => array( 'private_address', 'http://example.com', 'http://192.168.1.5:8787' ),
			'a service of Docker'        => array( 'private_address', 'http://example.com', 'http://sidecar:8787' ),
			'a name of an inner network' => array( 'private_address', 'https://example.com', 'https://ask.internal' ),
			'a shop on a laptop'         => array( '', 'http://shop.test', 'http://127.0.0.1:8787' ),
			'a site of the same network' => array( '', 'http://192.168.1.4', 'http://192.168.1.5:8787' ),
		);
	}

	public function test_the_report_of_the_browser_chooses_the_way(): void {
		$this->move_to( 'https://example.com' );
		$this->connect( 'https://ask.example.com' );
		$this->assertTrue( Reach::is_due() );
		foreach (
			array(
				array( '', '', Way::STRAIGHT, true ),
				array( 'unreachable', '', Way::WORDPRESS, true ),
				array( 'unreachable', 'buffered', Way::WORDPRESS, false ),
				array( 'buffered', '', Way::STRAIGHT, false ),
				array( 'unreachable', 'blocked', Way::STRAIGHT, true ),
			) as list( $straight, $through, $way, $streams )
		) {
			$this->report( $straight, $through );
			$this->assertSame( array( $way, $streams ), array( Way::current(), Way::streams() ) );
			$this->assertSame( $streams, self::token_message()['streams'] );
		}
		$this->assertFalse( Reach::is_due() );
		$this->assertStringContainsString( '(unreachable)', Health::problems()['visitors_unreached'] );
		$this->choose( Way::WORDPRESS );
		$this->assertStringContainsString( '(blocked)', Health::problems()['visitors_unreached'] );

		$this->connect( 'https://other.example.com' );
		$this->assertNull( Reach::report(), 'it says nothing of another sidecar' );
	}

	public function test_a_page_of_an_unknown_origin_is_told_from_a_proxy_in_the_way(): void {
		$this->connect( self::$sidecar->url );
		self::$sidecar->answers( array( 'status' => 204, 'raw' => '' ) );
		$this->report( 'cors', '' );
		$this->assertSame( 'origin_refused', Reach::report()[ Way::STRAIGHT ] );
		$this->assertSame( 'http://shop.test', self::$sidecar->requests()[0]['headers']['Origin'] );
		self::$sidecar->answers( array( 'status' => 204, 'raw' => '', 'headers' => array( 'Access-Control-Allow-Origin' => 'http://shop.test' ) ) );
		$this->report( 'cors', '' );
		$this->assertSame( 'cors', Reach::report()[ Way::STRAIGHT ] );
	}

	public function test_only_an_owner_reports_and_only_what_is_known(): void {
		$this->assertSame( 401, $this->report( '', '' )->get_status() );
		wp_set_current_user( 1 );
		$this->assertSame( 400, $this->report( 'made_up', '' )->get_status() );
		$this->assertNull( Reach::report() );
	}

	private function report( string $straight, string $through ): \WP_REST_Response {
		'test_only_an_owner_reports_and_only_what_is_known' === $this->getName() || wp_set_current_user( 1 );
		$request = new \WP_REST_Request( 'POST', '/rag-ask/v1/reach' );
		$request->set_body_params( array( 'straight' => $straight, 'wordpress' => $through ) );
		return rest_do_request( $request );
	}

	private function choose( string $way ): void {
		update_option( Settings::OPTION, array( 'visitor_way' => $way ) );
	}

	private function move_to( string $url ): void {
		update_option( 'home', $url );
		update_option( 'siteurl', $url );
		$this->forget_rows();
	}

	private static function token_message(): array {
		return Token_Route::token( new \WP_REST_Request( 'POST', '/rag-ask/v1/token' ) )->get_data();
	}
}
