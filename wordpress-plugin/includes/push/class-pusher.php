<?php
/**
 * Push: claimed rows -> signed requests -> closed rows.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Claims, expands, encodes, sends and closes rows until none is due, the time is over, or the sidecar accepts no more.
 */
final class Pusher {

	/** The cron event that goes on with a push. */
	public const EVENT = 'rag_ask_push';

	private const MAX_BODY_BYTES = 2_000_000;

	/**
	 * The row whose post is being rendered.
	 *
	 * @var \stdClass|null
	 */
	private static ?\stdClass $rendering = null;

	/**
	 * Whether process_ends() is registered.
	 *
	 * @var bool
	 */
	private static bool $is_guarded = false;

	/**
	 * Push what is due.
	 *
	 * @param float $budget_s Seconds after which no new request starts.
	 * @return array{settled: int, failed: int, stopped_by: string} stopped_by: '' when nothing is due any more, 'not_configured',
	 *                                                             'busy', 'time' or 'error'.
	 */
	public static function push( float $budget_s ): array {
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
			$deadline = microtime( true ) + $budget_s;
			while ( '' === $report['stopped_by'] ) {
				// This process must not see old copies of what others changed, and its memory must not grow without end.
				wp_cache_supports( 'flush_runtime' ) && wp_cache_flush_runtime();
				$rows = Lease::claim( Settings::get( 'batch_size' ) );
				if ( ! $rows ) {
					break;
				}
				self::process( $rows, $deadline, $report );
			}
		} finally {
			Push_Lock::release();
		}
		return $report;
	}

	/**
	 * Process one claim, close its rows and release those that were not reached.
	 *
	 * @param \stdClass[] $rows     Claimed rows.
	 * @param float       $deadline Unix time.
	 * @param array       $report   Counts, added to.
	 */
	private static function process( array $rows, float $deadline, array &$report ): void {
		try {
			// Edits first: a claim that has some releases its scans.
			$urgent     = array_filter( $rows, static fn( \stdClass $row ) => $row->priority === $rows[0]->priority );
			$expansions = array_filter( $urgent, static fn( \stdClass $row ) => 'post' !== $row->object_type );
			// An expansion may record newer versions of the posts of this claim, so those are released and claimed again.
			$outcomes = $expansions ? self::expand( $expansions, $deadline ) : self::push_posts( $urgent, $deadline );
			foreach ( $outcomes as list( $row, $outcome ) ) {
				match ( Lease::close( $row, $outcome )->kind ) {
					Row_Outcome::SETTLED                  => ++$report['settled'],
					Row_Outcome::RETRY, Row_Outcome::DEAD => ++$report['failed'],
					default                               => null,
				};
			}
			$report['stopped_by'] = $outcomes->getReturn();
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
	 * @return \Generator<int, array{\stdClass, Row_Outcome}, mixed, string> Yields rows with their outcomes; returns what stops the push, or ''.
	 */
	private static function expand( array $rows, float $deadline ): \Generator {
		foreach ( $rows as $row ) {
			$outcome = Expander::expand( $row, $deadline );
			if ( $outcome ) {
				yield array( $row, $outcome );
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
	 * @param float       $deadline Unix time after which no further post is rendered.
	 * @return \Generator<int, array{\stdClass, Row_Outcome}, mixed, string> Yields rows with their outcomes; returns what stops the push, or ''.
	 */
	private static function push_posts( array $rows, float $deadline ): \Generator {
		$batch = array();
		foreach ( $rows as $row ) {
			if ( microtime( true ) > $deadline ) {
				break;
			}
			$change = self::encode( $row );
			if ( $change instanceof Row_Outcome ) {
				yield array( $row, $change );
				continue;
			}
			if ( $batch && self::bytes( $batch ) + strlen( $change['json'] ) > self::MAX_BODY_BYTES ) {
				$stopped_by = yield from self::send( $batch );
				if ( '' !== $stopped_by ) {
					return $stopped_by;
				}
				$batch = array();
			}
			$batch[] = array( 'row' => $row ) + $change;
		}
		return $batch ? yield from self::send( $batch ) : '';
	}

	/**
	 * Send a batch.
	 *
	 * @param array{row: \stdClass, json: string, hash: string}[] $batch Rows with their changes.
	 * @return \Generator<int, array{\stdClass, Row_Outcome}, mixed, string> Yields rows with their outcomes; returns what stops the push, or ''.
	 */
	private static function send( array $batch ): \Generator {
		if ( ! yield from Push_Request::send( $batch ) ) {
			return 'error';
		}
		return Push_Lock::renew() ? '' : 'busy';
	}

	/**
	 * Encode a row such that its post is to blame when PHP ends meanwhile.
	 *
	 * @param \stdClass $row A claimed row.
	 * @return array{json: string, hash: string}|Row_Outcome
	 */
	private static function encode( \stdClass $row ): array|Row_Outcome {
		if ( ! self::$is_guarded ) {
			register_shutdown_function( array( self::class, 'process_ends' ) );
			self::$is_guarded = true;
		}
		self::$rendering = $row;
		try {
			return Change_Encoder::encode( $row );
		} finally {
			self::$rendering = null;
		}
	}

	/**
	 * The process ends. If a post was being rendered, close its row, release the others and go on in another request.
	 * PHP skips this where exit() is called during shutdown, and after kill -9: there the lease runs out.
	 */
	public static function process_ends(): void {
		$row = self::$rendering;
		if ( ! $row ) {
			return;
		}
		self::$rendering = null;
		Lease::close( $row, Row_Outcome::retry( __( 'PHP stopped while this post was rendered. Look into the PHP error log, fix the post and save it.', 'rag-ask' ) ) );
		Lease::release( $row->lease_id );
		Push_Lock::release();
		wp_schedule_single_event( time(), self::EVENT );
	}

	private static function bytes( array $batch ): int {
		return array_sum( array_map( 'strlen', array_column( $batch, 'json' ) ) );
	}
}
