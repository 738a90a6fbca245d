<?php
/**
 * One push request: a batch of encoded changes -> the outcome of each row.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Writes nothing to the outbox. No generator: PHP in WebAssembly (WordPress Playground) crashes on a request inside one.
 */
final class Push_Request {

	/** Statuses that reject the body, so that a smaller one may pass. */
	private const BODY_REJECTED = array( 400, 413, 422 );

	/**
	 * Send a batch.
	 *
	 * @param array{row: \stdClass, json: string, hash: string}[] $batch Rows with their changes.
	 * @return array{outcomes: Row_Outcome[], is_down: bool, is_body_rejected: bool} The outcome of each row, in order; whether the
	 *                                    sidecar accepts nothing now; whether it rejected the body as a whole.
	 */
	public static function send( array $batch ): array {
		$answer = Sidecar::request( 'POST', '/v1/push', '{"changes":[' . implode( ',', array_column( $batch, 'json' ) ) . ']}' );
		if ( ! is_wp_error( $answer ) ) {
			Push_Log::succeeded();
			return self::answer( Push_Results::outcomes( $batch, (array) ( $answer['results'] ?? array() ) ) );
		}
		$message = $answer->get_error_message();
		if ( in_array( $answer->get_error_data()['status'], self::BODY_REJECTED, true ) ) {
			return self::answer( array_fill( 0, count( $batch ), Row_Outcome::dead( $message ) ), is_body_rejected: true );
		}
		$delay_s = max( Backoff::delay_s( Push_Log::failed( $message ) ), $answer->get_error_data()['retry_after_s'] );
		return self::answer( array_fill( 0, count( $batch ), Row_Outcome::postponed( $delay_s, $message ) ), is_down: true );
	}

	/**
	 * The answer as an array.
	 *
	 * @param Row_Outcome[] $outcomes         Of each row, in order.
	 * @param bool          $is_down          Whether the sidecar accepts nothing now.
	 * @param bool          $is_body_rejected Whether it rejected the body as a whole.
	 * @return array{outcomes: Row_Outcome[], is_down: bool, is_body_rejected: bool}
	 */
	private static function answer( array $outcomes, bool $is_down = false, bool $is_body_rejected = false ): array {
		return array(
			'outcomes'         => $outcomes,
			'is_down'          => $is_down,
			'is_body_rejected' => $is_body_rejected,
		);
	}
}
