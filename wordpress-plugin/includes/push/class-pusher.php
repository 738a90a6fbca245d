<?php
/**
 * Signed push: claimed rows -> one signed request -> settled rows.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Claims, expands, packs, sends and closes rows until none is due, the time is over, or the sidecar takes no more.
 */
final class Pusher {

	private const MAX_BODY_BYTES = 2_000_000;

	/** Statuses that blame the body, so that a smaller one may pass. */
	private const BLAMES_BODY = array( 400, 413, 422 );

	/**
	 * Push what is due.
	 *
	 * @param float|null $budget_s Seconds after which no new request starts; null for what the setting and PHP allow.
	 * @return array{settled: int, failed: int, stopped_by: string} stopped_by: '' when nothing is due any more, 'not_configured',
	 *                                                             'busy', 'time' or 'error'.
	 */
	public static function push( ?float $budget_s = null ): array {
		$report = array(
			'settled'    => 0,
			'failed'     => 0,
			'stopped_by' => '',
		);
		if ( ! Connection::current() ) {
			return array( 'stopped_by' => 'not_configured' ) + $report;
		}
		if ( ! Push_Lock::acquire() ) {
			return array( 'stopped_by' => 'busy' ) + $report;
		}
		try {
			$deadline = microtime( true ) + ( $budget_s ?? Push_Schedule::budget_s() );
			while ( '' === $report['stopped_by'] ) {
				// What other processes changed meanwhile is not in this one's memory, which also must not grow without end.
				wp_cache_supports( 'flush_runtime' ) && wp_cache_flush_runtime();
				$rows = Lease::claim( Settings::get( 'batch_size' ) );
				if ( ! $rows ) {
					break;
				}
				self::work_off( $rows, $deadline, $report );
			}
		} finally {
			Push_Lock::release();
		}
		return $report;
	}

	/**
	 * Work off one claim and give back what was not reached.
	 *
	 * @param \stdClass[] $rows     Claimed rows.
	 * @param float       $deadline Unix time.
	 * @param array       $report   Counts, added to.
	 */
	private static function work_off( array $rows, float $deadline, array &$report ): void {
		try {
			// Edits first: a claim that has some gives back what it has of a scan.
			$urgent     = array_filter( $rows, static fn( \stdClass $row ) => $row->priority === $rows[0]->priority );
			$expansions = array_filter( $urgent, static fn( \stdClass $row ) => 'post' !== $row->object_type );
			// What an expansion records may be newer than the posts of this claim: these are given back and claimed again.
			$report['stopped_by'] = $expansions ? self::expand( $expansions, $deadline, $report ) : self::push_rows( $urgent, $deadline, $report );
			if ( '' === $report['stopped_by'] && microtime( true ) > $deadline ) {
				$report['stopped_by'] = 'time';
			}
		} finally {
			Lease::release( $rows[0]->lease_id );
		}
	}

	/**
	 * Expand rows; one that fails stops no other.
	 *
	 * @param \stdClass[] $rows     Claimed rows.
	 * @param float       $deadline Unix time.
	 * @param array       $report   Counts, added to.
	 * @return string What stops the push, or ''.
	 */
	private static function expand( array $rows, float $deadline, array &$report ): string {
		foreach ( $rows as $row ) {
			try {
				if ( $row->attempts > Lease::MAX_ATTEMPTS ) {
					throw new \RuntimeException( __( 'PHP stopped each time while the posts of this change were sought. Look into the PHP error log.', 'rag-ask' ) );
				}
				Expander::expand( $row, $deadline );
			} catch ( \Throwable $error ) {
				++$report['failed'];
				Lease::fail( $row, $error->getMessage() );
			}
			if ( ! Push_Lock::renew() ) {
				return 'busy';
			}
		}
		return '';
	}

	/**
	 * Send rows of posts.
	 *
	 * @param \stdClass[] $rows     Claimed rows.
	 * @param float       $deadline Unix time.
	 * @param array       $report   Counts, added to.
	 * @return string What stops the push, or ''.
	 */
	private static function push_rows( array $rows, float $deadline, array &$report ): string {
		foreach ( self::batches( $rows, $deadline, $report ) as $batch ) {
			if ( ! self::send( $batch, $report ) ) {
				return 'error';
			}
			if ( ! Push_Lock::renew() ) {
				return 'busy';
			}
		}
		return '';
	}

	/**
	 * Pack changes into bodies of a size that a sidecar takes, rendering posts only as they are needed.
	 *
	 * @param \stdClass[] $rows     Claimed rows.
	 * @param float       $deadline Unix time after which no further post is rendered.
	 * @param array       $report   Counts, added to.
	 * @return \Generator<array{row: \stdClass, json: string, hash: string}[]>
	 */
	private static function batches( array $rows, float $deadline, array &$report ): \Generator {
		$batch = array();
		$bytes = 0;
		foreach ( $rows as $row ) {
			if ( microtime( true ) > $deadline ) {
				break;
			}
			$change = Change_Encoder::encode( $row );
			if ( null === $change ) {
				++$report['failed'];
				continue;
			}
			if ( $batch && $bytes + strlen( $change['json'] ) > self::MAX_BODY_BYTES ) {
				yield $batch;
				$batch = array();
				$bytes = 0;
			}
			$batch[] = array( 'row' => $row ) + $change;
			$bytes  += strlen( $change['json'] );
		}
		if ( $batch ) {
			yield $batch;
		}
	}

	/**
	 * Send one body and close its rows.
	 *
	 * @param array[] $batch  Rows with their changes.
	 * @param array   $report Counts, added to.
	 * @return bool False when the sidecar takes nothing now.
	 */
	private static function send( array $batch, array &$report ): bool {
		$answer = Sidecar::request( 'POST', '/v1/push', '{"changes":[' . implode( ',', array_column( $batch, 'json' ) ) . ']}' );
		if ( ! is_wp_error( $answer ) ) {
			Push_Log::succeeded();
			Push_Results::close( $batch, (array) ( $answer['results'] ?? array() ), $report );
			return true;
		}
		if ( in_array( $answer->get_error_data()['status'], self::BLAMES_BODY, true ) ) {
			return self::send_apart( $batch, $answer->get_error_message(), $report );
		}
		$failures = Push_Log::failed( $answer->get_error_message() );
		$delay_s  = max( Lease::backoff_s( $failures ), $answer->get_error_data()['retry_after_s'] );
		foreach ( array_column( $batch, 'row' ) as $row ) {
			Lease::postpone( $row, $delay_s, $answer->get_error_message() );
		}
		return false;
	}

	/**
	 * Find the change that spoils the body, by halves, so that it stops no other.
	 *
	 * @param array[] $batch   Rows with their changes.
	 * @param string  $message What the sidecar said.
	 * @param array   $report  Counts, added to.
	 */
	private static function send_apart( array $batch, string $message, array &$report ): bool {
		if ( 1 === count( $batch ) ) {
			++$report['failed'];
			Lease::bury( $batch[0]['row'], $message );
			return true;
		}
		list( $first, $second ) = array_chunk( $batch, intdiv( count( $batch ) + 1, 2 ) );
		return self::send( $first, $report ) && self::send( $second, $report );
	}
}
