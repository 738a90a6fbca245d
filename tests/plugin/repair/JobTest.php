<?php

namespace RagAsk\Tests;

use RagAsk\Job;

final class JobTest extends TestCase {

	private Job $job;

	protected function setUp(): void {
		parent::setUp();
		$this->job = new Job( 'rag_ask_test_job' );
	}

	public function test_there_is_never_more_than_one(): void {
		$this->assertSame( array(), $this->job->read() );
		$this->assertTrue( $this->job->start( array( 'after_id' => 7 ) ) );
		$this->assertFalse( $this->job->start( array( 'after_id' => 8 ) ) );
		$this->assertFalse( $this->in_another_request( '', 'echo json_encode( ( new RagAsk\Job( "rag_ask_test_job" ) )->start( array() ) );' ) );
		$this->assertSame( array( 'status' => 'running', 'after_id' => 7 ), $this->job->read() );
	}

	public function test_one_process_at_a_time_takes_a_step(): void {
		$this->job->start( array( 'after_id' => 7 ) );
		$state = $this->job->claim();
		$this->assertSame( 7, $state['after_id'] );
		$this->assertNull( ( new Job( 'rag_ask_test_job' ) )->claim() );
		$this->assertTrue( $this->job->save( array( 'after_id' => 8 ) + $state ) );
		$this->assertNull( ( new Job( 'rag_ask_test_job' ) )->claim(), 'A save holds the lease.' );
		$this->assertTrue( $this->job->save( array( 'after_id' => 9 ) + $state, true ) );
		$this->assertSame( 9, ( new Job( 'rag_ask_test_job' ) )->claim()['after_id'] );
	}

	public function test_a_killed_worker_is_followed_by_one_that_goes_on(): void {
		global $wpdb;
		$this->job->start( array( 'after_id' => 0 ) );
		$this->in_another_request( '', '$job = new RagAsk\Job( "rag_ask_test_job" ); $state = $job->claim(); $state["after_id"] = 500; $job->save( $state ); echo "true";' );
		$this->assertNull( $this->job->claim(), 'It may be alive.' );
		// A minute later.
		$value = $wpdb->get_var( "SELECT option_value FROM $wpdb->options WHERE option_name = 'rag_ask_test_job'" );
		$wpdb->update( $wpdb->options, array( 'option_value' => ( (int) $value - 61 ) . substr( $value, 10 ) ), array( 'option_name' => 'rag_ask_test_job' ) );
		$this->assertSame( 500, $this->job->claim()['after_id'] );
	}

	public function test_a_stopped_job_is_left_by_whoever_is_at_it(): void {
		$this->job->start( array() );
		$state = $this->job->claim();
		$this->assertTrue( ( new Job( 'rag_ask_test_job' ) )->stop() );
		$this->assertFalse( $this->job->save( $state ) );
		$this->assertSame( 'stopped', $this->job->read()['status'] );
		$this->assertFalse( $this->job->stop() );
		$this->assertTrue( $this->job->start( array() ) );
	}
}
