<?php
/**
 * Reconcile: compares what should be indexed with what the sidecar has (tests/contract/reconcile-request.json).
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Finds and queues what no hook and no retry caught. One page of posts per request, resumable.
 */
final class Reconcile {

	public const OPTION = 'rag_ask_reconcile';
	public const RESULT = 'rag_ask_reconcile_result';

	private const PAGE          = 500;
	private const TIME_BUDGET_S = 20.0;
	private const MAX_FAILURES  = 8;
	private const OVERDUE_S     = 26 * HOUR_IN_SECONDS;

	/**
	 * Start, unless one is running.
	 */
	public static function start(): bool {
		if ( ! Connection::current() || '' !== Address::problem() ) {
			return false;
		}
		$begun = self::job()->start(
			array(
				'started_at' => time(),
				'after_id'   => 0,
				'checked'    => 0,
				'missing'    => 0,
				'stale'      => 0,
				'extra'      => 0,
				'failed'     => 0,
				'failures'   => 0,
				'not_before' => 0,
			)
		);
		if ( $begun ) {
			Job_Schedule::soon();
		}
		return $begun;
	}

	/**
	 * Start from the first post, even while one is running.
	 */
	public static function restart(): bool {
		self::job()->stop();
		return self::start();
	}

	/**
	 * Compare pages until the time is over.
	 *
	 * @param float $budget_s   Seconds after which no new page starts.
	 * @param bool  $is_awaited Whether a person waits for it: then it ignores the backoff after a failure.
	 * @return \WP_Error|null The error of the last request.
	 */
	public static function step( float $budget_s = self::TIME_BUDGET_S, bool $is_awaited = false ): ?\WP_Error {
		$job   = self::job();
		$state = $job->claim();
		if ( null === $state ) {
			return null;
		}
		$error    = null;
		$deadline = microtime( true ) + $budget_s;
		// A change of many posts that is still being expanded would look like drift.
		$is_early = ( ! $is_awaited && $state['not_before'] > time() ) || Outbox_View::is_expanding();
		while ( ! $is_early && Job::RUNNING === $state['status'] && ! $error && microtime( true ) < $deadline ) {
			$error = self::compare_page( $state );
			if ( ! $job->save( $state ) ) {
				return $error;
			}
		}
		$is_kept = $job->save( $state, true );
		if ( $is_kept && Job::RUNNING !== $state['status'] ) {
			self::keep_result( $state, $error );
		}
		return $error;
	}

	/**
	 * Whether one is running.
	 */
	public static function is_running(): bool {
		return Job::RUNNING === ( self::job()->read()['status'] ?? '' );
	}

	/**
	 * Whether the last one ended more than 26 hours ago.
	 */
	public static function is_overdue(): bool {
		return self::result()['finished_at'] < time() - self::OVERDUE_S && ! self::is_running();
	}

	/**
	 * Number of posts compared so far.
	 */
	public static function checked(): int {
		return (int) ( self::job()->read()['checked'] ?? 0 );
	}

	/**
	 * The result of the last one.
	 *
	 * @return array{finished_at: int, checked: int, missing: int, stale: int, extra: int, failed: int, error: string, runs_with_drift: int, current_at: int}
	 *         runs_with_drift counts consecutive runs; current_at is the last run without drift, 0 for never.
	 */
	public static function result(): array {
		return (array) get_option( self::RESULT, array() ) + array(
			'finished_at'     => 0,
			'checked'         => 0,
			'missing'         => 0,
			'stale'           => 0,
			'extra'           => 0,
			'failed'          => 0,
			'error'           => '',
			'runs_with_drift' => 0,
			'current_at'      => 0,
		);
	}

	/**
	 * Compare one page.
	 *
	 * @param array $state State of the job, advanced on success.
	 */
	private static function compare_page( array &$state ): ?\WP_Error {
		$page   = Reconcile_Page::read( $state['after_id'], self::PAGE );
		$answer = Sidecar::request( 'POST', '/v1/reconcile', $page->body() );
		if ( is_wp_error( $answer ) ) {
			++$state['failures'];
			$delay_s             = max( Backoff::delay_s( $state['failures'] ), $answer->get_error_data()['retry_after_s'] );
			$state['not_before'] = time() + $delay_s;
			$state['status']     = $state['failures'] < self::MAX_FAILURES ? Job::RUNNING : Job::FAILED;
			return $answer;
		}
		foreach ( $page->repair( $answer ) as $kind => $count ) {
			$state[ $kind ] += $count;
		}
		$state['failures'] = 0;
		$state['checked'] += count( $page->documents );
		$state['after_id'] = $page->until ?? $state['after_id'];
		$state['status']   = null === $page->until ? Job::FINISHED : Job::RUNNING;
		return null;
	}

	private static function keep_result( array $state, ?\WP_Error $error ): void {
		$was       = self::result();
		$has_drift = 0 < $state['missing'] + $state['stale'] + $state['extra'];
		$result    = array(
			'finished_at'     => time(),
			'error'           => $error ? $error->get_error_message() : '',
			'runs_with_drift' => $has_drift ? $was['runs_with_drift'] + 1 : 0,
			'current_at'      => $has_drift ? $was['current_at'] : time(),
		);
		if ( $error ) {
			// A failed comparison says nothing about drift.
			$result = array_intersect_key( $was, array_flip( array( 'runs_with_drift', 'current_at' ) ) ) + $result;
		}
		if ( ! $error ) {
			Incarnation::compared( $state['started_at'] );
		}
		update_option( self::RESULT, $result + array_intersect_key( $state, $was ), false );
		if ( $has_drift ) {
			Push_Schedule::soon();
		}
	}

	private static function job(): Job {
		return new Job( self::OPTION );
	}
}
