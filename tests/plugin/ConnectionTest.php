<?php

namespace RagAsk\Tests;

use RagAsk\Connection;

final class ConnectionTest extends TestCase {

	public function test_a_connection_string_is_read_as_in_the_contract(): void {
		$wanted     = $this->contract( 'connection-string' );
		$connection = Connection::parse( "  {$wanted['connection_string']}\n" );
		$this->assertSame( $wanted['sidecar_url'], $connection->sidecar_url );
		$this->assertSame( $wanted['site_id'], $connection->site_id );
		$this->assertSame( $wanted['kid'], $connection->kid );
		$this->assertSame( $wanted['key'], $connection->key );
	}

	public function test_https_and_a_path_are_kept(): void {
		$secret = $this->contract( 'connection-string' )['secret'];
		$this->assertSame( 'https://ask.example.org/rag', Connection::parse( "https://my-shop:$secret@ask.example.org/rag/" )->sidecar_url );
	}

	/**
	 * @dataProvider wrong
	 */
	public function test_what_is_no_connection_string_is_null( string $text ): void {
		$secret = $this->contract( 'connection-string' )['secret'];
		$this->assertNull( Connection::parse( str_replace( 'SECRET', $secret, $text ) ) );
	}

	public function wrong(): array {
		return array(
			'empty'          => array( '' ),
			'words'          => array( 'paste me' ),
			'no credentials' => array( 'http://127.0.0.1:8787' ),
			'no secret'      => array( 'http://my-shop@127.0.0.1:8787' ),
			'short secret'   => array( 'http://my-shop:k1.short@127.0.0.1:8787' ),
			'no key id'      => array( 'http://my-shop:' . str_repeat( 'x', 43 ) . '@127.0.0.1:8787' ),
			'scheme'         => array( 'ftp://my-shop:SECRET@127.0.0.1' ),
			'script'         => array( 'javascript://my-shop:SECRET@127.0.0.1' ),
			'site id'        => array( 'http://My_Shop:SECRET@127.0.0.1' ),
			'no host'        => array( 'http://my-shop:SECRET@' ),
			'bad port'       => array( 'http://my-shop:SECRET@host:999999' ),
		);
	}

	public function test_one_constant_wins_over_the_whole_option(): void {
		$string = 'https://other-shop:k9.' . str_repeat( 'y', 43 ) . '@sidecar.example';
		$seen   = $this->in_another_request(
			'define( "RAG_ASK_CONNECTION", ' . var_export( $string, true ) . ' );',
			'echo json_encode( array( RagAsk\Connection::parts(), array_map( array( "RagAsk\Connection", "is_locked" ), array( "sidecar_url", "site_id", "secret" ) ) ) );'
		);
		$this->assertSame( array( 'sidecar_url' => 'https://sidecar.example', 'site_id' => 'other-shop', 'secret' => 'k9.' . str_repeat( 'y', 43 ) ), $seen[0] );
		$this->assertSame( array( true, true, true ), $seen[1] );
	}

	public function test_single_constants_win_over_single_parts(): void {
		$seen = $this->in_another_request(
			'define( "RAG_ASK_SIDECAR_URL", "https://inside.example" );',
			'echo json_encode( array( RagAsk\Connection::current(), array_map( array( "RagAsk\Connection", "is_locked" ), array( "sidecar_url", "site_id", "secret" ) ) ) );'
		);
		$this->assertSame( 'https://inside.example', $seen[0]['sidecar_url'] );
		$this->assertSame( 'crumb-and-kettle', $seen[0]['site_id'] );
		$this->assertSame( array( true, false, false ), $seen[1] );
	}

	public function test_a_wrong_constant_is_not_covered_by_the_option(): void {
		$this->assertTrue( $this->in_another_request( 'define( "RAG_ASK_CONNECTION", "nonsense" );', 'echo json_encode( null === RagAsk\Connection::current() );' ) );
	}
}
