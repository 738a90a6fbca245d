<?php

namespace RagAsk\Tests;

use RagAsk\Clock;
use RagAsk\Sidecar;

final class ClockTest extends TestCase {

	private const REFUSED = array( 'status' => 401, 'error' => array( 'token_invalid', 'The token is not valid yet.' ) );

	use WithSidecar;

	protected function setUp(): void {
		parent::setUp();
		$this->connect( self::$sidecar->url );
	}

	/**
	 * @dataProvider skews
	 */
	public function test_the_date_of_an_answer_corrects_the_next_token( int $skew_s, int $wanted_s ): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => array(), 'clock_s' => $skew_s ) );
		$began = time();
		Sidecar::request( 'GET', '/v1/status' );
		$this->assertEqualsWithDelta( $wanted_s, Clock::offset_s(), 1 + time() - $began );
		Sidecar::request( 'GET', '/v1/status' );
		$this->assertEqualsWithDelta( $began + $wanted_s, $this->issued_at( 1 ), 1 + time() - $began );
	}

	public function skews(): array {
		return array(
			'ahead'          => array( 600, 600 ),
			'behind'         => array( -600, -600 ),
			'hardly'         => array( 2, 0 ),
			'by a whole year' => array( YEAR_IN_SECONDS, 0 ),
		);
	}

	public function test_a_clock_that_was_set_right_is_believed_again(): void {
		update_option( Clock::OPTION, 600, false );
		self::$sidecar->answers( array( 'status' => 200, 'json' => array() ) );
		Sidecar::request( 'GET', '/v1/status' );
		$this->assertSame( 0, Clock::offset_s() );
	}

	public function test_a_token_refused_for_its_time_is_made_again_once(): void {
		self::$sidecar->answers( array( 'clock_s' => 600 ) + self::REFUSED, array( 'status' => 200, 'json' => array( 'fine' => true ), 'skew_s' => 600 ) );
		$began = time();
		$this->assertSame( array( 'fine' => true ), Sidecar::request( 'GET', '/v1/status' ) );
		$this->assertEqualsWithDelta( 600, $this->issued_at( 1 ) - $this->issued_at( 0 ), 1 + time() - $began );

		delete_option( Clock::OPTION );
		self::$sidecar->answers( array( 'clock_s' => 600 ) + self::REFUSED );
		$this->assertSame( 'token_invalid', Sidecar::request( 'GET', '/v1/status' )->get_error_code() );
		$this->assertCount( 2, self::$sidecar->requests(), 'once, not for ever' );
	}

	public function test_a_wrong_key_is_not_tried_twice(): void {
		self::$sidecar->answers( self::REFUSED );
		$this->assertSame( 'token_invalid', Sidecar::request( 'GET', '/v1/status' )->get_error_code() );
		$this->assertCount( 1, self::$sidecar->requests() );
	}

	private function issued_at( int $request ): int {
		$token = substr( self::$sidecar->requests()[ $request ]['headers']['Authorization'], strlen( 'Bearer ' ) );
		return json_decode( base64_decode( strtr( explode( '.', $token )[1], '-_', '+/' ) ), true )['iat'];
	}
}
