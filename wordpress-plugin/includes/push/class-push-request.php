<?php
/**
 * One push request: a batch of encoded changes -> the outcome of each row.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A body that the sidecar rejects as a whole is divided until the change is found that spoils it.
 */
final class Push_Request {

	/** Statuses that reject the body, so that a smaller one may pass. */
	private const BODY_REJECTED = array( 400, 413, 422 );

	/**
	 * Send a batch.
	 *
	 * @param array{row: \stdClass, json: string, hash: string}[] $batch Rows with their changes.
	 * @return \Generator<int, array{\stdClass, Row_Outcome}, mixed, bool> Yields each row with its outcome; returns false when the
	 *                                                                    sidecar accepts nothing now.
	 */
	public static function send( array $batch ): \Generator {
		$answer = Sidecar::request( 'POST', '/v1/push', '{"changes":[' . implode( ',', array_column( $batch, 'json' ) ) . ']}' );
		if ( ! is_wp_error( $answer ) ) {
			Push_Log::succeeded();
			yield from Push_Results::outcomes( $batch, (array) ( $answer['results'] ?? array() ) );
			return true;
		}
		if ( ! in_array( $answer->get_error_data()['status'], self::BODY_REJECTED, true ) ) {
			$failures = Push_Log::failed( $answer->get_error_message() );
			$outcome  = Row_Outcome::postponed( max( Backoff::delay_s( $failures ), $answer->get_error_data()['retry_after_s'] ), $answer->get_error_message() );
			foreach ( $batch as $sent ) {
				yield array( $sent['row'], $outcome );
			}
			return false;
		}
		if ( 1 === count( $batch ) ) {
			yield array( $batch[0]['row'], Row_Outcome::dead( $answer->get_error_message() ) );
			return true;
		}
		list( $first, $second ) = array_chunk( $batch, intdiv( count( $batch ) + 1, 2 ) );
		return ( yield from self::send( $first ) ) && ( yield from self::send( $second ) );
	}
}
