<?php

namespace RagAsk\Tests;

use RagAsk\Lease;
use RagAsk\Outbox;
use RagAsk\Row_Outcome;

final class OutboxTest extends TestCase {

	public function test_a_change_is_one_row_with_a_clock_version(): void {
		$before = (int) ( microtime( true ) * 1e6 );
		$this->assertTrue( Outbox::record( array( 7 ) ) );
		$row = $this->row( 7 );
		$this->assertSame( 'waiting', $row->state );
		$this->assertGreaterThanOrEqual( $before, (int) $row->version );
		$this->assertLessThanOrEqual( $before + 5_000_000, (int) $row->version );
	}

	public function test_a_second_change_keeps_one_row_and_raises_the_version(): void {
		Outbox::record( array( 7 ) );
		$first = (int) $this->row( 7 )->version;
		Outbox::record( array( 7 ) );
		$this->assertGreaterThan( $first, (int) $this->row( 7 )->version );
		$this->assertSame( 1, array_sum( Outbox::counts() ) );
	}

	public function test_the_version_rises_by_one_when_the_clock_was_set_back(): void {
		Outbox::record( array( 7 ) );
		$this->set_row( 7, array( 'version' => 4_000_000_000_000_000 ) );
		Outbox::record( array( 7 ) );
		$this->assertSame( '4000000000000001', $this->row( 7 )->version );
		Outbox::record_above( array( 7 => 3_000_000_000_000_000 ) );
		$this->assertSame( '4000000000000002', $this->row( 7 )->version );
	}

	public function test_the_version_rises_after_a_row_was_settled(): void {
		Outbox::record( array( 7 ) );
		$this->set_row( 7, array( 'version' => 4_000_000_000_000_000 ) );
		Lease::close( Lease::claim( 1 )[0], Row_Outcome::settled( '' ) );
		$this->assertSame( 'settled', $this->row( 7 )->state );
		Outbox::record( array( 7 ) );
		$this->assertSame( '4000000000000001', $this->row( 7 )->version );
		$this->assertSame( 'waiting', $this->row( 7 )->state );
	}

	public function test_a_version_can_be_put_above_one_of_the_sidecar(): void {
		Outbox::record( array( 7 ) );
		Outbox::record_above( array( 7 => 4_000_000_000_000_000, 8 => 5 ) );
		$this->assertSame( '4000000000000001', $this->row( 7 )->version );
		$this->assertGreaterThan( 1_700_000_000_000_000, Outbox::find( 8 )->version );
		$this->assertSame( 'waiting', $this->row( 8 )->state );
	}

	public function test_a_row_that_waits_keeps_the_better_priority(): void {
		Outbox::record( array( 1 ), 'post', Outbox::SCAN );
		$this->assertSame( '1', $this->row( 1 )->priority );
		Outbox::record( array( 1 ) );
		$this->assertSame( '0', $this->row( 1 )->priority );
		Outbox::record( array( 1 ), 'post', Outbox::SCAN );
		$this->assertSame( '0', $this->row( 1 )->priority, 'the scan must not put the edit back' );
		Lease::close( Lease::claim( 1 )[0], Row_Outcome::settled( '' ) );
		Outbox::record( array( 1 ), 'post', Outbox::SCAN );
		$this->assertSame( '1', $this->row( 1 )->priority );
	}

	public function test_an_edit_overtakes_a_scan(): void {
		Outbox::record( array( 1, 2, 3 ), 'post', Outbox::SCAN );
		Outbox::record( array( 2 ) );
		$this->set_row( 2, array( 'next_attempt_at' => time() - 100 ) );
		$this->assertSame( 2, Lease::claim( 1 )[0]->object_id );
	}

	public function test_an_id_is_one_row_in_each_type(): void {
		Outbox::record( array( 7 ) );
		Outbox::record( array( 7 ), 'term' );
		$this->assertSame( 2, Outbox::counts()['waiting'] );
		$this->assertSame( 'post', Outbox::find( 7 )->object_type );
		$this->assertNull( Outbox::find( 8 ) );
	}

	public function test_a_claimed_row_is_nobody_elses(): void {
		Outbox::record( array( 1, 2, 3 ) );
		$first  = Lease::claim( 2 );
		$second = Lease::claim( 2 );
		$this->assertCount( 2, $first );
		$this->assertCount( 1, $second );
		$this->assertSame( array(), Lease::claim( 2 ) );
		$this->assertEqualsCanonicalizing( array( 1, 2, 3 ), array_column( array( ...$first, ...$second ), 'object_id' ) );
	}

	public function test_the_newest_change_is_claimed_first(): void {
		Outbox::record( array( 1, 2 ) );
		$this->set_row( 1, array( 'next_attempt_at' => time() - 100 ) );
		$this->assertSame( 2, Lease::claim( 1 )[0]->object_id );
	}

	public function test_settling_leaves_a_row_that_changed_meanwhile(): void {
		Outbox::record( array( 7 ) );
		$row = Lease::claim( 1 )[0];
		Outbox::record( array( 7 ) );
		Lease::close( $row, Row_Outcome::settled( '' ) );
		$this->assertSame( 'waiting', $this->row( 7 )->state );
		$this->assertSame( 7, Lease::claim( 1 )[0]->object_id, 'the new change can be pushed at once' );
	}

	public function test_failing_leaves_a_row_that_changed_meanwhile(): void {
		Outbox::record( array( 7 ) );
		$row = Lease::claim( 1 )[0];
		Outbox::record( array( 7 ) );
		Lease::close( $row, Row_Outcome::dead( 'old news' ) );
		$this->assertSame( 'waiting', $this->row( 7 )->state );
		$this->assertSame( '', $this->row( 7 )->last_error );
	}

	public function test_a_row_of_a_dead_holder_comes_back_last_and_alone(): void {
		Outbox::record( array( 1, 2 ) );
		Lease::claim( 2 );
		$this->set_row( 1, array( 'leased_until' => time() - 2 ) );
		$this->set_row( 2, array( 'leased_until' => time() - 1 ) );
		Outbox::record( array( 3 ) );
		$this->assertSame( array( 3 ), array_column( Lease::claim( 50 ), 'object_id' ) );
		$this->assertSame( array( 1 ), array_column( Lease::claim( 50 ), 'object_id' ) );
		$this->assertSame( array( 2 ), array_column( Lease::claim( 50 ), 'object_id' ) );
	}

	public function test_a_failure_waits_longer_each_time_and_ends_dead(): void {
		Outbox::record( array( 7 ) );
		for ( $attempt = 1; $attempt <= Lease::MAX_ATTEMPTS; $attempt++ ) {
			$this->set_row( 7, array( 'next_attempt_at' => 0 ) );
			$row = Lease::claim( 1 )[0];
			$this->assertSame( $attempt, $row->attempts );
			Lease::close( $row, Row_Outcome::retry( 'the theme broke' ) );
		}
		$this->assertSame( 'dead', $this->row( 7 )->state );
		$this->assertSame( array( 'the theme broke' ), array_column( Outbox::dead( 10 ), 'last_error' ) );
		$this->assertSame( array(), Lease::claim( 1 ) );
	}

	public function test_postponing_counts_no_attempt(): void {
		Outbox::record( array( 7 ) );
		$began = time();
		Lease::close( Lease::claim( 1 )[0], Row_Outcome::postponed( 60, 'down' ) );
		$row = $this->row( 7 );
		$this->assertSame( '0', $row->attempts );
		$this->assertSame( 'down', $row->last_error );
		$this->assertEqualsWithDelta( $began + 60, (int) $row->next_attempt_at, 1 + time() - $began );
		$this->assertSame( array(), Lease::claim( 1 ), 'not due yet' );
	}

	public function test_released_rows_are_due_again_untried(): void {
		Outbox::record( array( 7 ) );
		Lease::release( Lease::claim( 1 )[0]->lease_id );
		$this->assertSame( 1, Lease::claim( 1 )[0]->attempts );
	}

	public function test_retry_now_wakes_waiting_and_dead_rows(): void {
		Outbox::record( array( 1, 2, 3 ) );
		$this->set_row( 1, array( 'state' => 'dead' ) );
		$this->set_row( 2, array( 'next_attempt_at' => time() + 999 ) );
		$this->set_row( 3, array( 'state' => 'settled' ) );
		Outbox::retry_now();
		$this->assertSame( array( 'waiting' => 2, 'settled' => 1, 'dead' => 0 ), Outbox::counts() );
		$this->assertCount( 2, Lease::claim( 9 ) );
	}

	public function test_a_long_reason_in_any_script_is_cut_to_the_column(): void {
		Outbox::record( array( 7 ) );
		Lease::close( Lease::claim( 1 )[0], Row_Outcome::dead( str_repeat( 'خطأ', 300 ) ) );
		$this->assertSame( 500, mb_strlen( $this->row( 7 )->last_error ) );
	}

	public function test_a_missing_table_is_logged_and_throws_nothing(): void {
		global $wpdb;
		$wpdb->query( 'DROP TABLE ' . Outbox::table() );
		$log = $this->logged( fn() => $this->assertFalse( Outbox::record( array( 7 ) ) ) );
		$this->assertStringContainsString( 'RAG Ask', $log );
	}
}
