<?php

namespace RagAsk\Tests;

use RagAsk\Ip_Address;
use RagAsk\Settings;
use RagAsk\Settings_Checks;
use RagAsk\Visitor_Address;

final class VisitorAddressTest extends TestCase {

	protected function tearDown(): void {
		$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
		unset( $_SERVER['HTTP_X_FORWARDED_FOR'] );
		parent::tearDown();
	}

	/**
	 * @dataProvider requests
	 */
	public function test_whom_a_request_is_from( string $wanted, string $peer, string $header, array $settings ): void {
		update_option( Settings::OPTION, Settings::sanitize( $settings ) );
		$this->assertSame( inet_pton( $wanted ), self::address( $peer, $header ) );
	}

	public function requests(): array {
		$cloudflare = array( 'trusted_presets' => array( 'cloudflare' ) );
		$both       = array( 'trusted_presets' => array( 'cloudflare', 'private' ) );
		$balancer   = array( 'trusted_proxies' => "203.0.113.0/24\n2001:db8:5::1" );
		return array(
			'nothing is trusted'                  => array( '10.0.0.5', '10.0.0.5', '198.51.100.7', array() ),
			'no header'                           => array( '10.0.0.5', '10.0.0.5', '', $both ),
			'Cloudflare'                          => array( '198.51.100.7', '104.16.1.1', '198.51.100.7', $cloudflare ),
			'Cloudflare by IPv6'                  => array( '2001:db8::7', '2606:4700::1', '2001:db8::7', $cloudflare ),
			'Cloudflare, then a proxy of the host' => array( '198.51.100.7', '127.0.0.1', '198.51.100.7, 172.68.1.1', $both ),
			'the proxy of the host alone is trusted' => array( '172.68.1.1', '127.0.0.1', '198.51.100.7, 172.68.1.1', array( 'trusted_presets' => array( 'private' ) ) ),
			'a header from somebody who is no proxy' => array( '198.51.100.9', '198.51.100.9', '192.0.2.1', $both ),
			'a lie before what the proxy added'   => array( '198.51.100.7', '203.0.113.4', '192.0.2.1, 198.51.100.7', $balancer ),
			'a list of ranges, one address'       => array( '198.51.100.7', '2001:db8:5::1', '198.51.100.7', $balancer ),
			'mapped peer'                         => array( '198.51.100.7', '::ffff:203.0.113.4', '::ffff:198.51.100.7', $balancer ),
			'with ports'                          => array( '198.51.100.7', '203.0.113.4', '198.51.100.7:5123', $balancer ),
			'IPv6 with a port'                    => array( '2001:db8::7', '203.0.113.4', '[2001:db8::7]:5123', $balancer ),
			'not an address'                      => array( '203.0.113.4', '203.0.113.4', '198.51.100.7, unknown', $balancer ),
		);
	}

	public function test_ranges_are_cleaned_and_others_left_out(): void {
		$typed = "10.0.0.0/8\n 2001:DB8::/32 \n192.0.2.1\n::ffff:192.0.2.0/120\n10.0.0.0/33\n10.0.0.0/\nexample.com\n/8\n-1.2.3.4/8";
		$this->assertSame( array( '10.0.0.0/8', '2001:db8::/32', '192.0.2.1/32', '192.0.2.0/24' ), Settings_Checks::ranges( $typed ) );
	}

	/**
	 * @dataProvider memberships
	 */
	public function test_a_range_ends_at_its_bit( bool $wanted, string $address, string $range ): void {
		$this->assertSame( $wanted, Ip_Address::is_in( Ip_Address::bytes( $address ), array( $range ) ) );
	}

	public function memberships(): array {
		return array(
			array( true, '172.31.255.255', '172.16.0.0/12' ),
			array( false, '172.32.0.0', '172.16.0.0/12' ),
			array( true, '::ffff:172.16.0.1', '172.16.0.0/12' ),
			array( true, 'fdff::1', 'fc00::/7' ),
			array( false, 'fe00::1', 'fc00::/7' ),
			array( true, '8.8.8.8', '0.0.0.0/0' ),
			array( false, '::1', '0.0.0.0/0' ),
			array( false, 'nobody', '0.0.0.0/0' ),
		);
	}

	public function test_a_proxy_that_is_not_trusted_is_noticed(): void {
		self::address( '172.18.0.2', '198.51.100.7' );
		$this->assertStringContainsString( '172.18.0.2', Visitor_Address::problem() );
		$this->assertStringContainsString( '"Private networks"', Visitor_Address::problem() );
		self::address( '104.16.1.1', '198.51.100.7' );
		$this->assertStringContainsString( '"Cloudflare"', Visitor_Address::problem() );
		update_option( Settings::OPTION, array( 'trusted_presets' => array( 'cloudflare' ) ) );
		$this->assertSame( '', Visitor_Address::problem() );
		self::address( '172.18.0.2', '' );
		$this->assertSame( '', Visitor_Address::problem() );
		self::address( '198.51.100.9', '192.0.2.1' );
		$this->assertSame( '', Visitor_Address::problem(), 'a visitor who sends the header is no proxy' );
	}

	private static function address( string $peer, string $header ): string {
		$_SERVER['REMOTE_ADDR']          = $peer;
		$_SERVER['HTTP_X_FORWARDED_FOR'] = $header;
		return Visitor_Address::bytes();
	}
}
