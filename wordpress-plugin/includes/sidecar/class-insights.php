<?php
/**
 * Insights: a stored copy of the sidecar's report on what visitors ask.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Fetched every night and by a button, never while a page loads. Each fetch also tells the sidecar how long to keep questions.
 */
final class Insights {

	public const OPTION = 'rag_ask_insights';
	public const SOON   = 'rag_ask_insights';

	private const DAYS = 30;

	/**
	 * Fetch the report and store it.
	 */
	public static function refresh(): ?\WP_Error {
		$answer = self::send_question_days() ?? Sidecar::request( 'GET', '/v1/insights?days=' . self::DAYS );
		$stored = is_wp_error( $answer )
			? array(
				'error' => $answer->get_error_message(),
				'code'  => (string) $answer->get_error_code(),
			)
			: array(
				'fetched_at' => time(),
				'error'      => '',
				'code'       => '',
				'insights'   => $answer,
			);
		Stored_Copy::keep( self::OPTION, $stored + self::stored(), self::stored() );
		return is_wp_error( $answer ) ? $answer : null;
	}

	/**
	 * The stored report.
	 *
	 * @return array{fetched_at: int, error: string, code: string, insights: array} fetched_at is 0 before the first fetch; error and code are those of the last attempt.
	 */
	public static function stored(): array {
		return (array) get_option( self::OPTION, array() ) + array(
			'fetched_at' => 0,
			'error'      => '',
			'code'       => '',
			'insights'   => array(),
		);
	}

	/**
	 * Fetch in the background: saving settings must not wait for the sidecar.
	 */
	public static function soon(): void {
		if ( ! wp_next_scheduled( self::SOON ) ) {
			wp_schedule_single_event( time(), self::SOON );
		}
	}

	/**
	 * Send the number of days to the sidecar when it changed.
	 *
	 * @param mixed $old_settings Before.
	 * @param mixed $new_settings After.
	 */
	public static function settings_changed( $old_settings, $new_settings ): void {
		if ( ( $old_settings['question_days'] ?? null ) !== ( $new_settings['question_days'] ?? null ) ) {
			self::soon();
		}
	}

	/**
	 * Delete the report of the previous sidecar or site.
	 */
	public static function connection_changed(): void {
		delete_option( self::OPTION );
		self::soon();
	}

	/**
	 * Unschedule all events.
	 */
	public static function clear_events(): void {
		wp_clear_scheduled_hook( self::SOON );
	}

	/**
	 * Sent with each fetch, so that a new sidecar, or one that was down, receives it too.
	 */
	private static function send_question_days(): ?\WP_Error {
		$body   = (string) wp_json_encode( array( 'question_days' => Settings::get( 'question_days' ) ) );
		$answer = Sidecar::request( 'POST', '/v1/settings', $body );
		return is_wp_error( $answer ) ? $answer : null;
	}
}
