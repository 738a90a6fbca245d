<?php
/**
 * Signed push: claimed rows -> one signed request -> settled rows.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Claims, packs, sends and closes rows until none is due, the time is over, or the sidecar takes no more.
 */
final class Pusher {

	public const TIME_BUDGET_S = 20.0;

	private const MAX_BODY_BYTES   = 2_000_000;
	private const MAX_CHANGE_BYTES = 6_000_000;

	/** Statuses that blame the body, so that a smaller one may pass. */
	private const BLAMES_BODY = array( 400, 413, 422 );

	/**
	 * Push what is due.
	 *
	 * @param float $budget_s Seconds after which no new request starts.
	 * @return array{settled: int, failed: int, stopped_by: string} stopped_by: '' when nothing is due any more, 'not_configured',
	 *                                                             'busy', 'time' or 'error'.
	 */
	public static function push( float $budget_s = self::TIME_BUDGET_S ): array {
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
				$rows = Lease::claim( Settings::get( 'batch_size' ) );
				if ( ! $rows ) {
					break;
				}
				self::push_rows( $rows, $deadline, $report );
			}
		} finally {
			Push_Lock::release();
		}
		return $report;
	}

	/**
	 * Push one claim and give back what was not reached.
	 *
	 * @param \stdClass[] $rows     Claimed rows.
	 * @param float       $deadline Unix time.
	 * @param array       $report   Counts, added to.
	 */
	private static function push_rows( array $rows, float $deadline, array &$report ): void {
		try {
			foreach ( self::batches( $rows, $deadline, $report ) as $batch ) {
				if ( ! self::send( $batch, $report ) ) {
					$report['stopped_by'] = 'error';
					return;
				}
				if ( ! Push_Lock::renew() ) {
					$report['stopped_by'] = 'busy';
					return;
				}
			}
			if ( microtime( true ) > $deadline ) {
				$report['stopped_by'] = 'time';
			}
		} finally {
			Lease::release( $rows[0]->lease_id );
		}
	}

	/**
	 * Pack changes into bodies of a size that a sidecar takes, rendering posts only as they are needed.
	 *
	 * @param \stdClass[] $rows     Claimed rows.
	 * @param float       $deadline Unix time after which no further post is rendered.
	 * @param array       $report   Counts, added to.
	 * @return \Generator<array{row: \stdClass, json: string}[]>
	 */
	private static function batches( array $rows, float $deadline, array &$report ): \Generator {
		$batch = array();
		$bytes = 0;
		foreach ( $rows as $row ) {
			if ( microtime( true ) > $deadline ) {
				break;
			}
			$json = self::encode( $row, $report );
			if ( null === $json ) {
				continue;
			}
			if ( $batch && $bytes + strlen( $json ) > self::MAX_BODY_BYTES ) {
				yield $batch;
				$batch = array();
				$bytes = 0;
			}
			$batch[] = compact( 'row', 'json' );
			$bytes  += strlen( $json );
		}
		if ( $batch ) {
			yield $batch;
		}
	}

	/**
	 * The change as JSON, or null when this row failed alone.
	 *
	 * @param \stdClass $row    A claimed row.
	 * @param array     $report Counts, added to.
	 */
	private static function encode( \stdClass $row, array &$report ): ?string {
		if ( $row->attempts > Lease::MAX_ATTEMPTS ) {
			++$report['failed'];
			Lease::bury( $row, __( 'PHP stopped each time while this post was rendered. Look into the PHP error log, mend the post and save it.', 'rag-ask' ) );
			return null;
		}
		try {
			$json = wp_json_encode( change_for( $row->post_id, $row->version ), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE );
		} catch ( \Throwable $error ) {
			++$report['failed'];
			/* translators: %s: the message of the error. */
			Lease::fail( $row, sprintf( __( 'The post could not be rendered: %s', 'rag-ask' ), $error->getMessage() ) );
			return null;
		}
		if ( strlen( $json ) > self::MAX_CHANGE_BYTES ) {
			++$report['failed'];
			Lease::bury( $row, __( 'The post is larger than 6 MB of text. Divide it into several posts.', 'rag-ask' ) );
			return null;
		}
		return $json;
	}

	/**
	 * Send one body and close its rows.
	 *
	 * @param array[] $batch  Rows with their JSON.
	 * @param array   $report Counts, added to.
	 * @return bool False when the sidecar takes nothing now.
	 */
	private static function send( array $batch, array &$report ): bool {
		$answer = Sidecar::request( 'POST', '/v1/push', '{"changes":[' . implode( ',', array_column( $batch, 'json' ) ) . ']}' );
		if ( ! is_wp_error( $answer ) ) {
			Push_Log::succeeded();
			self::close( $batch, (array) ( $answer['results'] ?? array() ), $report );
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
	 * @param array[] $batch   Rows with their JSON.
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

	/**
	 * Close each row by its own result.
	 *
	 * @param array[] $batch   Rows with their JSON.
	 * @param array[] $results From the sidecar.
	 * @param array   $report  Counts, added to.
	 */
	private static function close( array $batch, array $results, array &$report ): void {
		$by_key = array();
		foreach ( $results as $result ) {
			$by_key[ ( $result['id'] ?? '' ) . ':' . ( $result['version'] ?? '' ) ] = $result;
		}
		foreach ( array_column( $batch, 'row' ) as $row ) {
			$result = $by_key[ $row->post_id . ':' . $row->version ] ?? array();
			$kind   = $result['result'] ?? '';
			++$report[ in_array( $kind, array( 'accepted', 'stale' ), true ) ? 'settled' : 'failed' ];
			match ( $kind ) {
				'accepted', 'stale' => Lease::settle( $row ),
				'rejected'          => Lease::bury( $row, ( $result['code'] ?? 'rejected' ) . ': ' . ( $result['message'] ?? '' ) ),
				default             => Lease::fail( $row, __( 'The sidecar did not say what became of this post.', 'rag-ask' ) ),
			};
		}
	}
}
