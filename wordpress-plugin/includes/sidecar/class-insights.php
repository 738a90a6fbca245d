<?php
/**
 * What visitors ask, as the sidecar tells it: a copy that pages are drawn from.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Fetched every night and by a button, never while a page loads. On the way the sidecar is told for how long to keep questions.
 */
final class Insights {

	public const OPTION = 'rag_ask_insights';
	public const SOON   = 'rag_ask_insights';

	private const DAYS = 30;

	/**
	 * Fetch the copy.
	 */
	public static function refresh(): ?\WP_Error {
		$answer = self::send_question_days() ?? Sidecar::request( 'GET', '/v1/insights?days=' . self::DAYS );
		$stored = is_wp_error( $answer )
			? array( 'error' => $answer->get_error_message() )
			: array(
				'fetched_at' => time(),
				'error'      => '',
				'insights'   => $answer,
			);
		update_option( self::OPTION, $stored + self::stored(), false );
		return is_wp_error( $answer ) ? $answer : null;
	}

	/**
	 * The copy.
	 *
	 * @return array{fetched_at: int, error: string, insights: array} fetched_at is 0 when there is none; error is of the last try.
	 */
	public static function stored(): array {
		return (array) get_option( self::OPTION, array() ) + array(
			'fetched_at' => 0,
			'error'      => '',
			'insights'   => array(),
		);
	}

	/**
	 * In the background: nobody waits for the sidecar when settings are saved.
	 */
	public static function soon(): void {
		if ( ! wp_next_scheduled( self::SOON ) ) {
			wp_schedule_single_event( time(), self::SOON );
		}
	}

	/**
	 * Tell the sidecar soon, where the number of days changed.
	 *
	 * @param mixed $old The option before.
	 * @param mixed $new The option now.
	 */
	public static function settings_changed( $old, $new ): void {
		if ( ( $old['question_days'] ?? null ) !== ( $new['question_days'] ?? null ) ) {
			self::soon();
		}
	}

	/**
	 * Forget what another sidecar, or another site of it, said.
	 */
	public static function connection_changed(): void {
		delete_option( self::OPTION );
		self::soon();
	}

	/**
	 * Leave no event behind.
	 */
	public static function stop(): void {
		wp_clear_scheduled_hook( self::SOON );
	}

	/**
	 * Each time, so that a sidecar that was away or is new learns it too.
	 */
	private static function send_question_days(): ?\WP_Error {
		$body   = (string) wp_json_encode( array( 'question_days' => Settings::get( 'question_days' ) ) );
		$answer = Sidecar::request( 'POST', '/v1/settings', $body );
		return is_wp_error( $answer ) ? $answer : null;
	}
}
