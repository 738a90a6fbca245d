<?php
/**
 * Reindex: queues every post again, page by page.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The outbox never holds more than 2,000 rows of a reindex, behind every edit. The scan waits while the pusher catches up.
 */
final class Reindex {

	public const OPTION = 'rag_ask_reindex';

	private const PAGE          = 500;
	private const MAX_WAITING   = 2000;
	private const TIME_BUDGET_S = 10.0;
	private const RATE_WINDOW_S = 30;

	/**
	 * Start, unless one is running.
	 *
	 * @param string $post_type One of the chosen types, empty for all.
	 */
	public static function start( string $post_type = '' ): bool {
		$types = '' === $post_type ? Settings::pushed_types() : array( $post_type );
		$begun = self::job()->start(
			array(
				'types'      => $types,
				'is_whole'   => '' === $post_type,
				'started_at' => time(),
				'total'      => Content_Scan::count( $types ),
				'after_id'   => 0,
				'scanned'    => 0,
				'is_scanned' => false,
				'mark'       => array( time(), 0 ),
				'rate'       => 0,
			)
		);
		if ( $begun ) {
			Job_Schedule::soon();
		}
		return $begun;
	}

	/**
	 * Queue posts until the outbox is full or the time is over.
	 *
	 * @param float $budget_s Seconds after which no new page is read.
	 */
	public static function step( float $budget_s = self::TIME_BUDGET_S ): void {
		$job   = self::job();
		$state = $job->claim();
		if ( null === $state ) {
			return;
		}
		$deadline = microtime( true ) + $budget_s;
		while ( ! $state['is_scanned'] && Outbox_View::waiting_scans() <= self::MAX_WAITING - self::PAGE && microtime( true ) < $deadline ) {
			$post_ids = Content_Scan::page( $state['after_id'], $state['types'], self::PAGE );
			if ( ! Outbox::record( $post_ids, 'post', Outbox::SCAN ) ) {
				break; // The database stored nothing; the next step retries this page.
			}
			$state['scanned']   += count( $post_ids );
			$state['after_id']   = $post_ids ? end( $post_ids ) : $state['after_id'];
			$state['is_scanned'] = count( $post_ids ) < self::PAGE;
			if ( ! $job->save( $state ) ) {
				return;
			}
		}
		$state = self::with_rate( $state );
		if ( $state['is_scanned'] && 0 === Outbox_View::waiting_scans() ) {
			$state = array(
				'status'      => Job::FINISHED,
				'finished_at' => time(),
			) + $state;
		}
		if ( $job->save( $state, true ) && Job::FINISHED === $state['status'] && $state['is_whole'] ) {
			// A scan does not see deleted posts.
			Reconcile::start();
		}
		Push_Schedule::soon();
	}

	/**
	 * Stop. Rows that are queued already are pushed.
	 */
	public static function stop(): bool {
		return self::job()->stop();
	}

	/**
	 * Whether one is running.
	 */
	public static function is_running(): bool {
		return Job::RUNNING === self::progress()['status'];
	}

	/**
	 * Progress of the running or last one.
	 *
	 * @return array{status: string, total: int, done: int, rate: float, left_s: int|null, started_at: int, finished_at: int}
	 *         rate is posts per second; left_s is null while unknown.
	 */
	public static function progress(): array {
		$state = self::job()->read() + array(
			'status'      => '',
			'total'       => 0,
			'scanned'     => 0,
			'rate'        => 0,
			'started_at'  => 0,
			'finished_at' => 0,
		);
		// Posts are written and deleted meanwhile, so the total of the start is an approximation.
		$done  = self::done( $state );
		$total = max( $done, Job::FINISHED === $state['status'] ? $done : $state['total'] );
		if ( Job::RUNNING === $state['status'] ) {
			$state = self::with_rate( $state );
		}
		return array(
			'status'      => $state['status'],
			'total'       => $total,
			'done'        => $done,
			'rate'        => (float) $state['rate'],
			'left_s'      => $state['rate'] > 0 ? (int) ceil( ( $total - $done ) / $state['rate'] ) : null,
			'started_at'  => $state['started_at'],
			'finished_at' => $state['finished_at'],
		);
	}

	private static function done( array $state ): int {
		return max( 0, $state['scanned'] - Outbox_View::waiting_scans() );
	}

	/**
	 * The state with the rate of the last 30 seconds or so, so that a pause does not count for ever.
	 *
	 * @param array $state State of the job.
	 */
	private static function with_rate( array $state ): array {
		list( $at, $done_then ) = $state['mark'];
		$elapsed_s              = time() - $at;
		$done                   = self::done( $state );
		if ( $elapsed_s > 0 && $done > $done_then ) {
			$state['rate'] = ( $done - $done_then ) / $elapsed_s;
		}
		if ( $elapsed_s >= self::RATE_WINDOW_S ) {
			$state['mark'] = array( time(), $done );
		}
		return $state;
	}

	private static function job(): Job {
		return new Job( self::OPTION );
	}
}
