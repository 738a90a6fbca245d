<?php

namespace RagAsk\Tests;

use RagAsk\Connection;
use RagAsk\Settings;
use RagAsk\Signer;

final class AskProxyTest extends TestCase {

	use WithSidecar {
		setUpBeforeClass as startSidecar;
		tearDownAfterClass as stopSidecar;
	}

	private const QUESTION = '{"question": "When do you open?"}';

	/** Two servers, because one of PHP's own serves one request at a time. */
	private static WebSite $site;
	private static WebSite $second;

	public static function setUpBeforeClass(): void {
		self::startSidecar();
		self::$site   = new WebSite();
		self::$second = new WebSite();
	}

	public static function tearDownAfterClass(): void {
		self::$site->stop();
		self::$second->stop();
		self::stopSidecar();
	}

	protected function setUp(): void {
		parent::setUp();
		$this->connect( self::$sidecar->url );
		update_option( 'permalink_structure', '' );
		update_option( Settings::OPTION, array( 'visitor_way' => 'wordpress', 'proxy_streams' => 1 ) );
	}

	public function test_a_stream_is_passed_on_piece_by_piece(): void {
		$pieces = $this->stream_pieces();
		self::$sidecar->answers( array( 'stream' => $pieces ) );
		$answer = self::$site->open( self::path( 'ask' ), $this->headers(), self::QUESTION );
		$this->assertSame( 200, $answer['status'] );
		$this->assertContains( 'content-type: text/event-stream; charset=utf-8', $answer['headers'] );
		$this->assertContains( 'x-accel-buffering: no', $answer['headers'] );
		foreach ( $pieces as $number => $piece ) {
			// The sidecar sends none before it is told, and it is told only when the one before has arrived.
			$number && self::$sidecar->continues( $number );
			$this->assertSame( $piece, self::read( $answer['stream'], strlen( $piece ) ) );
		}
		$this->assertSame( '', stream_get_contents( $answer['stream'] ) );
		$sent = self::$sidecar->requests()[0];
		$this->assertSame( array( 'POST', '/v1/ask', self::QUESTION ), array( $sent['method'], $sent['path'], $sent['body'] ) );
		$this->assertSame( 'Bearer ' . $this->token(), $sent['headers']['Authorization'] );
		$this->assertSame( 'text/event-stream', $sent['headers']['Accept'] );
		$this->assertArrayNotHasKey( 'Cookie', $sent['headers'] );
	}

	public function test_a_visitor_who_leaves_ends_the_answer_at_the_sidecar(): void {
		self::$sidecar->answers( array( 'stream' => array_fill( 0, 1000, ": waiting\n\n" ) ) );
		$answer = self::$site->open( self::path( 'ask' ), $this->headers(), self::QUESTION );
		$this->assertSame( ": waiting\n\n", self::read( $answer['stream'], 11 ) );
		fclose( $answer['stream'] );
		// The first pieces still fill the buffers of connections that are closed at their other end.
		for ( $number = 1; $number < 1000 && ! self::$sidecar->is_given_up(); $number++ ) {
			self::$sidecar->continues( $number );
			usleep( 30_000 );
		}
		$this->assertTrue( self::$sidecar->is_given_up() );
	}

	public function test_one_answer_more_than_the_setting_is_told_to_wait(): void {
		$pieces = $this->stream_pieces();
		self::$sidecar->answers( array( 'stream' => $pieces ) );
		$first = self::$site->open( self::path( 'ask' ), $this->headers(), self::QUESTION );
		$this->assertSame( $pieces[0], self::read( $first['stream'], strlen( $pieces[0] ) ) );
		$refused = self::$second->post( self::path( 'ask' ), $this->headers(), self::QUESTION );
		$this->assert_error( 503, 'busy', $refused );
		$this->assertContains( 'retry-after: 5', $refused['headers'] );
		array_map( array( self::$sidecar, 'continues' ), array_keys( $pieces ) );
		stream_get_contents( $first['stream'] );
		$this->assertSame( 200, self::$second->post( self::path( 'ask' ), $this->headers(), self::QUESTION )['status'] );
	}

	public function test_a_whole_answer_a_rating_and_a_probe(): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'ask-response' ) ), array( 'status' => 204, 'raw' => '' ), array( 'stream' => array( $this->contract( 'probe-stream' )['bytes'] ) ) );
		$whole = self::$site->post( self::path( 'ask' ), $this->headers( 'application/json' ), self::QUESTION );
		$this->assertSame( $this->contract( 'ask-response' ), json_decode( $whole['body'], true ) );
		$this->assertSame( 204, self::$site->post( self::path( 'feedback' ), $this->headers( 'application/json' ), '{}' )['status'] );
		$this->assertSame( $this->contract( 'probe-stream' )['bytes'], self::$site->post( self::path( 'probe' ), $this->headers(), '{}' )['body'] );
		$this->assertSame( array( '/v1/ask', '/v1/feedback', '/v1/probe' ), array_column( self::$sidecar->requests(), 'path' ) );
	}

	public function test_an_error_of_the_sidecar_keeps_its_status_its_code_and_its_time(): void {
		self::$sidecar->answers( array( 'status' => 429, 'error' => array( 'rate_limited', 'Slowly.' ), 'retry_after' => 7 ) );
		$refused = self::$site->post( self::path( 'ask' ), $this->headers(), self::QUESTION );
		$this->assert_error( 429, 'rate_limited', $refused );
		$this->assertContains( 'retry-after: 7', $refused['headers'] );
		self::$sidecar->answers( array( 'status' => 200, 'raw' => '<p>Welcome to nginx</p>' ) );
		$this->assert_error( 502, 'not_a_sidecar', self::$site->post( self::path( 'ask' ), $this->headers(), self::QUESTION ) );
		$this->connect( 'http://127.0.0.1:9' );
		$this->assert_error( 502, 'unreachable', self::$site->post( self::path( 'ask' ), $this->headers(), self::QUESTION ) );
	}

	public function test_what_is_refused_never_reaches_the_sidecar(): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => array() ) );
		foreach ( array( 'token_missing' => '', 'token_invalid' => $this->token() . 'x', 'token_expired' => $this->token( -400 ) ) as $code => $token ) {
			$this->assert_error( 401, $code, self::$site->post( self::path( 'ask' ), $this->headers( 'application/json', $token ), self::QUESTION ) );
		}
		$write = Signer::write_token( Connection::current(), self::QUESTION, time() );
		$this->assert_error( 401, 'token_wrong_audience', self::$site->post( self::path( 'ask' ), $this->headers( 'application/json', $write ), self::QUESTION ) );
		$this->assert_error( 413, 'body_too_large', self::$site->post( self::path( 'ask' ), $this->headers(), '"' . str_repeat( 'x', 70_000 ) . '"' ) );
		foreach ( array( 'push', 'search', 'status', 'ask/../push' ) as $name ) {
			$this->assertSame( 404, self::$site->post( self::path( $name ), $this->headers(), '{}' )['status'] );
		}
		update_option( Settings::OPTION, array( 'visitor_way' => 'straight' ) );
		$this->assert_error( 404, 'not_found', self::$site->post( self::path( 'ask' ), $this->headers(), self::QUESTION ) );
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	public function test_only_pages_of_the_site_ask(): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'ask-response' ) ) );
		foreach ( array( self::$site->url => 200, 'http://shop.test' => 200, 'https://evil.example' => 403, 'null' => 403 ) as $origin => $status ) {
			$this->assertSame( $status, self::$site->post( self::path( 'ask' ), array( ...$this->headers( 'application/json' ), "Origin: $origin" ), self::QUESTION )['status'], $origin );
		}
		$this->assertCount( 2, self::$sidecar->requests() );
	}

	public function test_a_visitor_sends_so_many_requests_a_minute(): void {
		self::$sidecar->answers( array( 'status' => 204, 'raw' => '' ) );
		set_transient( 'rag_ask_proxy_' . md5( 'v-somebody' ) . '_' . intdiv( time(), 60 ), 60, 120 );
		set_transient( 'rag_ask_proxy_' . md5( 'v-somebody' ) . '_' . ( intdiv( time(), 60 ) + 1 ), 60, 120 );
		$this->assert_error( 429, 'rate_limited', self::$site->post( self::path( 'feedback' ), $this->headers(), '{}' ) );
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	private function assert_error( int $status, string $code, array $answer ): void {
		$this->assertSame( array( $status, $code ), array( $answer['status'], json_decode( $answer['body'], true )['error']['code'] ?? $answer['body'] ) );
	}

	/**
	 * The contract's stream, cut after each event.
	 *
	 * @return string[]
	 */
	private function stream_pieces(): array {
		return preg_split( '/(?<=\n\n)/', $this->contract( 'ask-stream' )['bytes'], -1, PREG_SPLIT_NO_EMPTY );
	}

	private function headers( string $accept = 'text/event-stream', ?string $token = null ): array {
		return array( 'Content-Type: application/json', "Accept: $accept", 'X-Rag-Ask-Token: ' . ( $token ?? $this->token() ), 'Cookie: wordpress_logged_in=x' );
	}

	private function token( int $later_s = 0 ): string {
		return Signer::ask_token( Connection::current(), 'v-somebody', array( 'public' ), 'en-US', self::now() + $later_s );
	}

	/** The same in one test, so that a token is the same. */
	private static function now(): int {
		static $now = null;
		$now        = $now ?? time();
		return $now;
	}

	/** @param resource $stream */
	private static function read( $stream, int $length ): string {
		$read = '';
		while ( strlen( $read ) < $length && ! feof( $stream ) ) {
			$read .= fread( $stream, $length - strlen( $read ) );
		}
		return $read;
	}

	private static function path( string $name ): string {
		return "/?rest_route=/rag-ask/v1/$name";
	}
}
