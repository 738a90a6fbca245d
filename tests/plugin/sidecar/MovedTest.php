<?php

namespace RagAsk\Tests;

use RagAsk\Connection;
use RagAsk\Moved;
use RagAsk\Reconcile;
use RagAsk\Sidecar;
use RagAsk\Signer;

final class MovedTest extends TestCase {

	use WithSidecar;

	protected function setUp(): void {
		parent::setUp();
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
	}

	public function test_the_new_address_is_used_and_compared(): void {
		$post_id = $this->settled_post();
		$there   = str_replace( '127.0.0.1', 'localhost', self::$sidecar->url );
		$this->answer_with( $this->notice( $there ) );
		$this->assertIsArray( Sidecar::request( 'GET', '/v1/status' ) );
		$this->assertSame( $there, Connection::current()->sidecar_url );
		$this->assertTrue( Reconcile::is_running() );
		$this->assertSame( 'settled', $this->row( $post_id )->state, 'Nothing is pushed again.' );
	}

	public function test_an_address_that_this_server_does_not_reach_is_not_used(): void {
		$this->answer_with( $this->notice( 'http://127.0.0.1:1' ) );
		$this->assertIsArray( Sidecar::request( 'GET', '/v1/status' ) );
		$this->assertSame( self::$sidecar->url, Connection::current()->sidecar_url );
	}

	public function test_nobody_else_can_say_so(): void {
		$there = str_replace( '127.0.0.1', 'localhost', self::$sidecar->url );
		$this->answer_with( $this->notice( $there, 'another key of more than thirty-two characters' ) );
		Sidecar::request( 'GET', '/v1/status' );
		$this->assertSame( self::$sidecar->url, Connection::current()->sidecar_url );
	}

	private function answer_with( string $notice ): void {
		self::$sidecar->answers(
			array(
				'status'  => 200,
				'json'    => array( 'documents' => array() ),
				'headers' => array( Moved::HEADER => $notice ),
			)
		);
	}

	private function notice( string $url, string $key = '' ): string {
		$connection = Connection::current();
		$header     = array(
			'typ' => 'JWT',
			'alg' => 'HS256',
			'kid' => $connection->kid,
		);
		$claims     = array(
			'iss' => $connection->site_id,
			'aud' => 'rag-ask:moved',
			'exp' => time() + 300,
			'url' => $url,
		);
		$signed     = Signer::base64url( wp_json_encode( $header ) ) . '.' . Signer::base64url( wp_json_encode( $claims ) );
		return $signed . '.' . Signer::base64url( hash_hmac( 'sha256', $signed, '' === $key ? $connection->key : $key, true ) );
	}
}
