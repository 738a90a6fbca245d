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

	private const MAX_BODY_BYTES    = 2_000_000;
	private const MAX_PREPARATION_S = 60;

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
	 *                                                             'other_address', 'busy', 'time' or 'error'.
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
		if ( '' !== Address::problem() ) {
			return array( 'stopped_by' => Address::CODE ) + $report;
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
		} catch ( Unwritten $error ) {
			Push_Log::failed( $error->getMessage(), Unwritten::CODE );
			$report['stopped_by'] = 'error';
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
			$report['stopped_by'] = $expansions ? self::expand( $expansions, $deadline, $report ) : self::push_posts( $urgent, $deadline, $report );
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
			$outcome = Expander::expand( $row, $deadline );
			if ( $outcome ) {
				self::close( $row, $outcome, $report );
			}
			if ( ! Push_Lock::renew() ) {
				return 'busy';
			}
		}
		return '';
	}

	/**
	 * Send rows of posts in batches of a size that a sidecar accepts. Posts are rendered only as they are needed.
	 *
	 * @param \stdClass[] $rows     Claimed rows.
	 * @param float       $deadline Unix time after which no further post is rendered.
	 * @param array       $report   Counts, added to.
	 * @return string What stops the push, or ''.
	 */
	private static function push_posts( array $rows, float $deadline, array &$report ): string {
		$batch = array();
		// A guest's pages may be slow, and the lease of the rows must not end before they are sent.
		$deadline = min( $deadline, microtime( true ) + self::MAX_PREPARATION_S );
		foreach ( $rows as $row ) {
			if ( microtime( true ) > $deadline ) {
				break;
			}
			$change = self::encode( $row );
			if ( $change instanceof Row_Outcome ) {
				self::close( $row, $change, $report );
				continue;
			}
			if ( $batch && self::bytes( $batch ) + strlen( $change['json'] ) > self::MAX_BODY_BYTES ) {
				$stopped_by = self::send( $batch, $report );
				if ( '' !== $stopped_by ) {
					return $stopped_by;
				}
				$batch = array();
			}
			$batch[] = array( 'row' => $row ) + $change;
		}
		return $batch ? self::send( $batch, $report ) : '';
	}

	/**
	 * Send a batch. A body that the sidecar rejects as a whole is halved until the change is found that spoils it.
	 *
	 * @param array{row: \stdClass, json: string, hash: string}[] $batch  Rows with their changes.
	 * @param array                                               $report Counts, added to.
	 * @return string What stops the push, or ''.
	 */
	private static function send( array $batch, array &$report ): string {
		$pending = array( $batch );
		while ( $pending ) {
			$batch  = array_shift( $pending );
			$answer = Push_Request::send( $batch );
			if ( $answer['is_body_rejected'] && count( $batch ) > 1 ) {
				array_unshift( $pending, ...array_chunk( $batch, intdiv( count( $batch ) + 1, 2 ) ) );
				continue;
			}
			foreach ( $batch as $index => $sent ) {
				self::close( $sent['row'], $answer['outcomes'][ $index ], $report );
			}
			if ( $answer['is_down'] ) {
				return 'error';
			}
			if ( ! Push_Lock::renew() ) {
				return 'busy';
			}
		}
		return '';
	}

	/**
	 * Close a row: the only place where this happens, besides the end of the process.
	 *
	 * @param \stdClass   $row     A claimed row.
	 * @param Row_Outcome $outcome What became of it.
	 * @param array       $report  Counts, added to.
	 */
	private static function close( \stdClass $row, Row_Outcome $outcome, array &$report ): void {
		if ( 'post' === $row->object_type && Row_Outcome::SETTLED === $outcome->kind ) {
			// Their link leads there only while guests may open it. Before the row is closed, so that a killed process forgets none.
			Outbox::record( Note_Type::citing( (int) $row->object_id ), 'check' );
		}
		$written = Lease::close( $row, $outcome );
		match ( $written->kind ) {
			Row_Outcome::SETTLED                  => ++$report['settled'],
			Row_Outcome::RETRY, Row_Outcome::DEAD => ++$report['failed'],
			default                               => null,
		};
		if ( 'post' === $row->object_type ) {
			self::tell( (int) $row->object_id, $written );
		}
	}

	/**
	 * Tell other plugins what became of a post. One that breaks must not stop the push.
	 *
	 * @param int         $post_id A post or file.
	 * @param Row_Outcome $outcome What became of it.
	 */
	private static function tell( int $post_id, Row_Outcome $outcome ): void {
		try {
			if ( Row_Outcome::SETTLED === $outcome->kind ) {
				/**
				 * Fires when the sidecar has taken a post, or that it is gone.
				 *
				 * @param int $post_id The post.
				 */
				do_action( 'rag_ask_pushed', $post_id );
			} elseif ( in_array( $outcome->kind, array( Row_Outcome::RETRY, Row_Outcome::DEAD ), true ) ) {
				/**
				 * Fires when a post could not be pushed. Not while the sidecar is down: then all posts wait.
				 *
				 * @param int    $post_id The post.
				 * @param string $reason  As the site owner reads it.
				 * @param bool   $is_dead Whether nothing is tried before the post is saved or the owner asks for it.
				 */
				do_action( 'rag_ask_failed', $post_id, $outcome->reason, Row_Outcome::DEAD === $outcome->kind );
			}
		} catch ( \Throwable $error ) {
			Log::error( 'another plugin failed after a push: ' . $error->getMessage() );
		}
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
		try {
			Lease::close( $row, Row_Outcome::retry( __( 'PHP stopped while this post was rendered. Look into the PHP error log, fix the post and save it.', 'rag-ask' ) ) );
		} catch ( Unwritten $error ) {
			Log::error( $error->getMessage() );
		}
		Lease::release( $row->lease_id );
		Push_Lock::release();
		wp_schedule_single_event( time(), self::EVENT );
	}

	private static function bytes( array $batch ): int {
		return array_sum( array_map( 'strlen', array_column( $batch, 'json' ) ) );
	}
}
