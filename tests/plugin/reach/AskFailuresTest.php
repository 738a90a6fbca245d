<?php

namespace RagAsk\Tests;

use RagAsk\Ask_Failures;
use RagAsk\Failure_Health;
use RagAsk\Status_Panel;

final class AskFailuresTest extends TestCase {

	protected function tearDown(): void {
		unset( $_SERVER['REMOTE_ADDR'] );
	}

	public function test_the_codes_are_those_of_the_contract_and_each_has_words(): void {
		$wanted = $this->contract( 'failure-codes' );
		$this->assertSame( '/rag-ask/v1' . Ask_Failures::ROUTE, $wanted['path'] );
		$this->assertEqualsCanonicalizing( $wanted['codes'], Ask_Failures::CODES );
		$this->assertSame( Ask_Failures::CODES, array_keys( Failure_Health::labels() ) );
	}

	public function test_what_browsers_report_is_counted_by_day_and_nothing_else_is_kept(): void {
		foreach ( array( 'unavailable', 'rate_limited', 'unavailable', 'no_such_code', '', '{"code":"offline"}' ) as $number => $code ) {
			$this->assertSame( 204, $this->report( $code, "192.0.2.$number" )->get_status() );
		}
		$this->assertSame( array( 'unavailable' => 2, 'rate_limited' => 1 ), Ask_Failures::totals() );
		$this->assertSame( array( gmdate( 'Y-m-d' ) => array( 'unavailable' => 2, 'rate_limited' => 1 ) ), get_option( Ask_Failures::OPTION ) );
		$this->assertArrayNotHasKey( Ask_Failures::OPTION, wp_load_alloptions( true ) );
	}

	public function test_another_site_and_a_flood_count_little(): void {
		$this->report( 'offline', '192.0.2.1', 'https://elsewhere.example' );
		$this->assertSame( array(), Ask_Failures::totals() );
		foreach ( range( 1, 100 ) as $ignored ) {
			$this->report( 'offline', '192.0.2.1' );
		}
		// A minute may end meanwhile.
		$this->assertLessThanOrEqual( 12, Ask_Failures::totals()['offline'] );
		$this->report( 'timeout', '192.0.2.2' );
		$this->assertSame( 1, Ask_Failures::totals()['timeout'], 'a flood of one visitor silences no other' );
		foreach ( range( 1, 200 ) as $number ) {
			$this->report( 'offline', "198.51.100.$number" );
		}
		$this->assertLessThanOrEqual( 120, Ask_Failures::totals()['offline'] );
	}

	public function test_a_day_counts_to_a_thousand_and_old_days_are_forgotten(): void {
		$day = static fn( int $ago ): string => gmdate( 'Y-m-d', time() - $ago * DAY_IN_SECONDS );
		update_option( Ask_Failures::OPTION, array( $day( 30 ) => array( 'offline' => 9 ), $day( 3 ) => array( 'offline' => 1000 ), $day( 0 ) => array( 'offline' => 1000 ) ) );
		Ask_Failures::count( 'offline' );
		Ask_Failures::count( 'timeout' );
		$this->assertSame( array( 'timeout' => 1, 'offline' => 2000 ), Ask_Failures::totals() );
		$this->assertSame( array( $day( 3 ), $day( 0 ) ), array_keys( get_option( Ask_Failures::OPTION ) ) );
	}

	public function test_the_owner_is_told_how_many_and_what_to_do(): void {
		$test = Failure_Health::test();
		$this->assertSame( array( 'good', 'rag_ask_failures' ), array( $test['status'], $test['test'] ) );
		$this->assertStringContainsString( 'in the last 7 days', $test['description'] );
		foreach ( range( 1, 9 ) as $ignored ) {
			Ask_Failures::count( 'offline' );
		}
		$this->assertSame( 'good', Failure_Health::test()['status'], 'a visitor without a network is not the owner\'s fault' );
		foreach ( range( 1, 5 ) as $ignored ) {
			Ask_Failures::count_error( 'http_request_failed' );
		}
		Ask_Failures::count_error( 'question_too_long' );
		$test = Failure_Health::test();
		$this->assertSame( 'recommended', $test['status'] );
		$this->assertStringContainsString( '5 × sidecar not reached. Check that the sidecar runs', $test['description'] );
		ob_start();
		Status_Panel::render();
		$this->assertStringContainsString( '<strong>5</strong> sidecar not reached', ob_get_clean() );
	}

	private function report( string $code, string $address, string $origin = '' ): \WP_REST_Response {
		$_SERVER['REMOTE_ADDR'] = $address;
		$request                = new \WP_REST_Request( 'POST', '/rag-ask/v1/failure' );
		$request->set_header( 'Content-Type', 'text/plain;charset=UTF-8' );
		$request->set_header( 'Origin', '' === $origin ? home_url() : $origin );
		$request->set_body( $code );
		return rest_do_request( $request );
	}
}
