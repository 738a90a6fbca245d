<?php

namespace RagAsk\Tests;

use RagAsk\Connection;
use RagAsk\Health;
use RagAsk\Stored_Key;

/**
 * A copy of the database alone holds no key.
 */
class StoredKeyTest extends TestCase {

	private const PARTS = array(
		'sidecar_url' => 'https://ask.example',
		'site_id'     => 'crumb-and-kettle',
		'secret'      => 'k1a2b3c4.bm90LWEtc2VjcmV0LWJ1dC10aGlydHktdHdvLWJ5dGU',
	);

	public function test_the_option_does_not_hold_the_key_and_the_connection_does(): void {
		update_option( Connection::OPTION, self::PARTS );
		$this->assertStringNotContainsString( 'bm90LWEt', (string) wp_json_encode( get_option( Connection::OPTION ) ) );
		$this->assertSame( self::PARTS, Connection::parts() );
	}

	public function test_the_same_key_is_stored_the_same_way(): void {
		update_option( Connection::OPTION, self::PARTS );
		$stored = get_option( Connection::OPTION );
		$this->assertFalse( update_option( Connection::OPTION, self::PARTS ) );
		$this->assertFalse( update_option( Connection::OPTION, $stored ) );
	}

	public function test_other_salts_are_a_problem_with_its_remedy(): void {
		update_option( Connection::OPTION, self::PARTS );
		$other = static fn() => 'other salts';
		add_filter( 'salt', $other );
		$this->assertSame( '', Connection::parts()['secret'] );
		$this->assertSame( array( 'key_unreadable' ), array_keys( Health::problems() ) );
		update_option( Connection::OPTION, self::PARTS );
		$this->assertSame( '', Stored_Key::problem() );
		$this->assertSame( self::PARTS, Connection::parts() );
		remove_filter( 'salt', $other );
	}

	/**
	 * @dataProvider broken
	 */
	public function test_what_is_no_key_is_none( string $stored ): void {
		$this->assertSame( '', Stored_Key::show( $stored ) );
	}

	public static function broken(): array {
		return array( array( 'encrypted:' ), array( 'encrypted:?' ), array( 'encrypted:YWJj' ), array( 'encrypted:' . base64_encode( str_repeat( 'x', 80 ) ) ) );
	}
}
