<?php

namespace RagAsk\Tests;

use RagAsk\Backoff;

final class BackoffTest extends UnitTestCase {

	public function test_backoff_doubles_within_bounds(): void {
		foreach ( array( 1 => 15, 2 => 30, 5 => 240, 9 => 3600, 500 => 3600 ) as $attempts => $longest ) {
			foreach ( range( 1, 20 ) as $ignored ) {
				$delay = Backoff::delay_s( $attempts );
				$this->assertGreaterThanOrEqual( intdiv( $longest, 2 ), $delay );
				$this->assertLessThanOrEqual( $longest, $delay );
			}
		}
	}
}
