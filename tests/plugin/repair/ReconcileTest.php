<?php

namespace RagAsk\Tests;

use RagAsk\Health;
use RagAsk\Job_Schedule;
use RagAsk\Outbox;
use RagAsk\Reconcile;
use RagAsk\Reconcile_Page;

final class ReconcileTest extends TestCase {

	private const ALL_CURRENT = array( 'current' => 1, 'missing' => array(), 'stale' => array(), 'extra' => array() );

	use WithSidecar;

	protected function setUp(): void {
		parent::setUp();
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
	}

	public function test_the_request_has_the_form_of_the_contract(): void {
		$posts    = $this->settled( 3 );
		$contract = $this->contract( 'reconcile-request' );
		$request  = $this->reconcile( self::ALL_CURRENT );
		$this->assertSame( array( 'POST', '/v1/reconcile' ), array( $request['method'], $request['path'] ) );
		$body = json_decode( $request['body'], true );
		$this->assertSame( array_keys( $contract ), array_keys( $body ) );
		$this->assertSame( array( 0, null ), array( $body['after'], $body['until'] ) );
		$this->assertSame( array_keys( $contract['documents'][0] ), array_keys( $body['documents'][0] ) );
		$this->assertSame( $posts, array_column( $body['documents'], 'id' ) );
		foreach ( $body['documents'] as $document ) {
			$row = $this->row( $document['id'] );
			$this->assertSame( array( (int) $row->version, $row->hash ), array( $document['version'], $document['hash'] ), 'What was pushed and what is compared agree.' );
		}
	}

	public function test_what_the_sidecar_could_not_index_is_counted_and_not_pushed_again(): void {
		list( $failed, $good ) = $this->settled( 2 );
		$this->reconcile(
			array(
				'current' => 1,
				'missing' => array(),
				'stale'   => array(),
				'extra'   => array(),
				'failed'  => array( array( 'id' => $failed, 'version' => 1, 'code' => 'worker_died' ) ),
			)
		);
		$this->assertSame( array( 'settled', 'settled' ), array( $this->row( $failed )->state, $this->row( $good )->state ) );
		$this->assertSame( 1, Reconcile::result()['failed'] );
		$this->assertStringContainsString( '1 could not be indexed', Health::reconcile_summary() );
	}

	public function test_only_what_should_be_indexed_is_named(): void {
		list( $post_id ) = $this->settled( 1 );
		$this->post( array( 'post_status' => 'draft' ) );
		update_post_meta( $this->post(), '_rag_ask_exclude', '1' );
		$this->forget_rows();
		$body = json_decode( $this->reconcile( self::ALL_CURRENT )['body'], true );
		$this->assertSame( array( $post_id ), array_column( $body['documents'], 'id' ) );
	}

	public function test_what_differs_is_queued_above_the_version_of_the_sidecar(): void {
		list( $stale, $missing ) = $this->settled( 2 );
		$far                     = 2_000_000_000_000_000;
		$this->reconcile(
			array(
				'current' => 0,
				'missing' => array( array( 'id' => $missing, 'version' => 0 ) ),
				'stale'   => array( array( 'id' => $stale, 'version' => $far ) ),
				'extra'   => array( array( 'id' => 999, 'version' => $far + 5 ) ),
			)
		);
		$this->assertSame( array( 'waiting', 'waiting', 'waiting' ), array( $this->row( $stale )->state, $this->row( $missing )->state, $this->row( 999 )->state ) );
		$this->assertGreaterThan( $far, (int) $this->row( $stale )->version );
		$this->assertGreaterThan( $far + 5, (int) $this->row( 999 )->version );
		$this->assertMatchesRegularExpression( '/^Queued for repair at .*: 1 missing, 1 out of date, 1 to be deleted, of 2 documents\.$/', Health::reconcile_summary() );

		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->push();
		$this->assertSame( array( 'delete' ), array_column( array_filter( self::$sidecar->changes(), static fn( $change ) => 999 === ( $change['id'] ?? 0 ) ), 'op' ) );
		$this->reconcile( self::ALL_CURRENT );
		$this->assertMatchesRegularExpression( '/^All 2 documents current as of \d/', Health::reconcile_summary() );
	}

	public function test_waiting_rows_and_dead_letters_are_no_drift(): void {
		list( $waiting, $dead ) = $this->settled( 2 );
		$this->set_row( $waiting, array( 'state' => 'waiting', 'next_attempt_at' => time() + 60 ) );
		$this->set_row( $dead, array( 'state' => 'dead' ) );
		$this->reconcile( array( 'stale' => array( array( 'id' => $waiting, 'version' => 1 ), array( 'id' => $dead, 'version' => 1 ) ) ) + self::ALL_CURRENT );
		$this->assertSame( 'dead', $this->row( $dead )->state );
		$this->assertSame( 0, Reconcile::result()['stale'] );
	}

	public function test_what_was_pushed_meanwhile_is_no_drift(): void {
		list( $post_id ) = $this->settled( 1 );
		$page            = Reconcile_Page::read( 0, 500 );
		Outbox::record( array( $post_id ) );
		$this->set_row( $post_id, array( 'state' => 'settled' ) );
		$this->assertSame( array( 'failed' => 0 ), $page->repair( array( 'stale' => array( array( 'id' => $post_id, 'version' => 1 ) ) ) ) );
		$this->assertSame( 'settled', $this->row( $post_id )->state );
	}

	public function test_pages_join_without_a_gap(): void {
		$posts = $this->settled( 3 );
		$first = Reconcile_Page::read( 0, 2 );
		$this->assertSame( array( 0, $posts[1], 2 ), array( $first->after, $first->until, count( $first->documents ) ) );
		$second = Reconcile_Page::read( $first->until, 2 );
		$this->assertSame( array( $posts[1], null, 1 ), array( $second->after, $second->until, count( $second->documents ) ) );
		$this->assertNull( Reconcile_Page::read( $posts[2], 2 )->until );
	}

	public function test_a_sidecar_that_is_down_is_asked_again_later_and_then_no_more(): void {
		$this->settled( 1 );
		self::$sidecar->answers( array( 'status' => 503, 'error' => array( 'database_unavailable', 'Come back.' ) ) );
		$this->assertTrue( Reconcile::start() );
		$this->assertFalse( Reconcile::start() );
		$this->assertStringContainsString( 'Come back.', Reconcile::step()->get_error_message() );
		Reconcile::step();
		$this->assertCount( 1, self::$sidecar->requests(), 'It waits after a failure.' );
		for ( $i = 0; $i < 7; $i++ ) {
			$this->assertTrue( Reconcile::is_running() );
			Reconcile::step( 20.0, true );
		}
		$this->assertFalse( Reconcile::is_running() );
		$this->assertStringContainsString( 'Come back.', Health::problems()['reconcile_failed'] );
	}

	public function test_changes_of_many_posts_come_first(): void {
		$this->settled( 1 );
		Outbox::record( array( 1 ), 'user' );
		self::$sidecar->answers( array( 'status' => 200, 'json' => self::ALL_CURRENT ) );
		Reconcile::start();
		Reconcile::step();
		$this->assertSame( array(), self::$sidecar->requests() );
		$this->assertTrue( Reconcile::is_running() );
	}

	public function test_drift_that_stays_is_a_problem_and_one_good_night_ends_it(): void {
		list( $post_id ) = $this->settled( 1 );
		$drift           = array( 'stale' => array( array( 'id' => $post_id, 'version' => 1 ) ) ) + self::ALL_CURRENT;
		$this->reconcile( $drift );
		$this->assertArrayNotHasKey( 'drift', Health::problems() );
		$this->set_row( $post_id, array( 'state' => 'settled' ) );
		$this->reconcile( $drift );
		$this->assertStringContainsString( 'each of the last 2 comparisons', Health::problems()['drift'] );
		$this->set_row( $post_id, array( 'state' => 'settled' ) );
		$this->reconcile( self::ALL_CURRENT );
		$this->assertSame( array(), Health::problems() );
	}

	public function test_it_runs_each_night_between_one_and_five_at_a_minute_of_the_site(): void {
		update_option( 'timezone_string', 'Europe/Berlin' );
		try {
			foreach ( array( '2026-07-01 00:30', '2026-07-01 03:00', '2026-07-01 12:00', '2026-12-31 23:00' ) as $now ) {
				$now  = strtotime( "$now Europe/Berlin" );
				$next = Job_Schedule::next_night( $now );
				$this->assertGreaterThan( $now, $next );
				$this->assertLessThanOrEqual( $now + DAY_IN_SECONDS, $next );
				$this->assertContains( (int) wp_date( 'G', $next ), array( 1, 2, 3, 4 ) );
			}
		} finally {
			delete_option( 'timezone_string' );
		}
		wp_clear_scheduled_hook( Job_Schedule::NIGHTLY );
		Job_Schedule::ensure_event();
		$this->assertSame( 'daily', wp_get_schedule( Job_Schedule::NIGHTLY ) );
	}

	public function test_a_post_that_another_plugin_breaks_is_left_to_the_pusher(): void {
		list( $good, $bad ) = $this->settled( 2 );
		$break              = static fn( $is_public, $post ) => $bad === $post->ID ? throw new \LogicException( 'broken' ) : $is_public;
		add_filter( 'rag_ask_is_public', $break, 10, 2 );
		try {
			$body = json_decode( $this->reconcile( array( 'extra' => array( array( 'id' => $bad, 'version' => 1 ) ) ) + self::ALL_CURRENT )['body'], true );
		} finally {
			remove_filter( 'rag_ask_is_public', $break, 10 );
		}
		$this->assertSame( array( $good ), array_column( $body['documents'], 'id' ) );
		$this->assertSame( 'waiting', $this->row( $bad )->state );
		$this->assertSame( 0, Reconcile::result()['extra'] );
	}

	/**
	 * Compare with a sidecar that gives this answer; returns the request.
	 */
	private function reconcile( array $answer ): array {
		self::$sidecar->answers( array( 'status' => 200, 'json' => $answer ) );
		$this->assertTrue( Reconcile::start() );
		$this->assertNull( Reconcile::step() );
		$this->assertFalse( Reconcile::is_running() );
		return self::$sidecar->requests()[0];
	}

	/**
	 * Posts that were pushed.
	 *
	 * @return int[]
	 */
	private function settled( int $count ): array {
		self::$sidecar->answers( array( 'status' => 202 ) );
		$posts = array();
		for ( $i = 0; $i < $count; $i++ ) {
			$posts[] = $this->post();
		}
		$this->push();
		$this->assertSame( 'settled', $this->row( $posts[0] )->state );
		return $posts;
	}
}
