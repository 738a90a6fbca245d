<?php

namespace RagAsk\Tests;

use RagAsk\Clock;

final class ClockLearnTest extends UnitTestCase {

	protected function setUp(): void {
		delete_option( Clock::OPTION );
	}

	/**
	 * @dataProvider skews
	 */
	public function test_the_time_of_an_answer_is_learnt( int $skew_s, int $wanted_s ): void {
		$began = time();
		Clock::learn( gmdate( 'D, d M Y H:i:s', $began + $skew_s ) . ' GMT' );
		$this->assertEqualsWithDelta( $wanted_s, Clock::offset_s(), time() - $began );
	}

	public function skews(): array {
		return array(
			'ahead'              => array( 600, 600 ),
			'behind'             => array( -600, -600 ),
			'hardly'             => array( 1, 0 ),
			'by more than a day' => array( DAY_IN_SECONDS + 60, 0 ),
			'behind by two days' => array( -2 * DAY_IN_SECONDS, 0 ),
		);
	}

	public function test_an_answer_without_a_readable_date_teaches_nothing(): void {
		update_option( Clock::OPTION, 600 );
		$this->assertSame( 0, Clock::learn( '' ) );
		$this->assertSame( 0, Clock::learn( 'yesterday-ish' ) );
		$this->assertSame( 600, Clock::offset_s() );
	}
}
