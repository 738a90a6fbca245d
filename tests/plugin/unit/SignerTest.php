<?php

namespace RagAsk\Tests;

use RagAsk\Connection;
use RagAsk\Incarnation;
use RagAsk\Signer;

final class SignerTest extends UnitTestCase {

	protected function setUp(): void {
		$claims = $this->contract( 'write-token' )['claims'];
		update_option(
			Incarnation::OPTION,
			array(
				'connection'  => 'http://127.0.0.1:8787 ' . $claims['iss'],
				'incarnation' => $claims['inc'],
				'generation'  => $claims['gen'],
			)
		);
	}

	protected function tearDown(): void {
		delete_option( Incarnation::OPTION );
	}

	public function test_write_token_is_the_contract(): void {
		$wanted     = $this->contract( 'write-token' );
		$connection = Connection::from_parts( 'http://127.0.0.1:8787', $wanted['claims']['iss'], $wanted['secret'], $wanted['claims']['urls'] );
		$this->assertSame( $wanted['token'], Signer::write_token( $connection, $wanted['body'], $wanted['claims']['iat'] ) );
	}

	public function test_ask_token_is_the_contract(): void {
		$wanted     = $this->contract( 'ask-token' );
		$claims     = $wanted['claims'];
		$connection = Connection::from_parts( 'http://127.0.0.1:8787', $claims['iss'], $wanted['secret'] );
		$this->assertSame( $wanted['token'], Signer::ask_token( $connection, $claims['sub'], $claims['groups'], $claims['lang'], $claims['iat'], $claims['net'] ) );
	}

	public function test_moved_token_is_the_contract(): void {
		$wanted     = $this->contract( 'moved-token' );
		$claims     = $wanted['claims'];
		$connection = Connection::from_parts( 'http://127.0.0.1:8787', $claims['iss'], $wanted['secret'] );
		$this->assertSame( $claims['url'], Signer::read_moved_token( $connection, $wanted['token'], $claims['iat'] ) );
		$this->assertSame( '', Signer::read_moved_token( $connection, $wanted['token'], $claims['exp'] ) );
		$this->assertSame( '', Signer::read_moved_token( $connection, $this->contract( 'ask-token' )['token'], $claims['iat'] ) );
		$another = Connection::from_parts( 'http://127.0.0.1:8787', 'another-site', $wanted['secret'] );
		$this->assertSame( '', Signer::read_moved_token( $another, $wanted['token'], $claims['iat'] ) );
	}

	public function test_a_token_of_another_algorithm_or_key_is_refused(): void {
		$wanted     = $this->contract( 'generate-token' );
		$connection = Connection::from_parts( 'http://127.0.0.1:8787', $wanted['claims']['iss'], $wanted['secret'] );
		$read       = static fn( array $header ) => Signer::read_model_token( $connection, self::token( $connection, $header, $wanted['claims'] ), $wanted['claims']['iat'] );
		$this->assertSame( $wanted['claims'], Signer::read_model_token( $connection, $wanted['token'], $wanted['claims']['iat'] ) );
		$this->assertSame( $wanted['claims'], $read( array( 'kid' => $connection->kid, 'alg' => 'HS256' ) ) );
		foreach ( array( array( 'alg' => 'none' ), array( 'alg' => 'HS512' ), array( 'kid' => 'another' ), array( 'alg' => array( 'HS256' ) ) ) as $changed ) {
			$this->assertSame( 'token_invalid', $read( $changed + array( 'alg' => 'HS256', 'kid' => $connection->kid ) ) );
		}
		$this->assertSame( 'token_invalid', Signer::read_model_token( $connection, 'a.b.c', 1 ) );
	}

	private static function token( Connection $connection, array $header, array $claims ): string {
		$signed = Signer::base64url( wp_json_encode( $header ) ) . '.' . Signer::base64url( wp_json_encode( $claims ) );
		return $signed . '.' . Signer::base64url( hash_hmac( 'sha256', $signed, $connection->key, true ) );
	}

	public function test_another_body_has_another_token(): void {
		$wanted     = $this->contract( 'connection-string' );
		$connection = Connection::from_parts( $wanted['sidecar_url'], $wanted['site_id'], $wanted['secret'] );
		$this->assertNotSame( Signer::write_token( $connection, '{}', 1 ), Signer::write_token( $connection, '{ }', 1 ) );
	}

	public function test_base64url_needs_no_escaping(): void {
		$this->assertSame( '-_-_-w', Signer::base64url( "\xfb\xff\xbf\xfb" ) );
	}
}
