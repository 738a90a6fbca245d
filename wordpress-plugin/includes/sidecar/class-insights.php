<?php
/**
 * Insights: a stored copy of the sidecar's report on what visitors ask.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Fetched every night and by a button, never while a page loads. Each fetch also sends the settings that the sidecar keeps.
 */
final class Insights {

	public const OPTION = 'rag_ask_insights';
	public const SOON   = 'rag_ask_insights';

	private const DAYS = 30;

	/** Settings that the sidecar keeps (tests/contract/settings-request.json). */
	private const SENT = array( 'question_days', 'daily_budget_usd' );

	/**
	 * Fetch the report and store it.
	 */
	public static function refresh(): ?\WP_Error {
		$answer = self::send_settings() ?? Sidecar::request( 'GET', '/v1/insights?days=' . self::DAYS );
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
	 * Send the settings that the sidecar keeps when one of them changed.
	 *
	 * @param mixed $old_settings Before.
	 * @param mixed $new_settings After.
	 */
	public static function settings_changed( $old_settings, $new_settings ): void {
		foreach ( self::SENT as $name ) {
			if ( ( $old_settings[ $name ] ?? null ) !== ( $new_settings[ $name ] ?? null ) ) {
				self::soon();
			}
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
		wp_clear_scheduled_hook( Question_Digest::EVENT );
		wp_unschedule_hook( Question_Drafts::EVENT );
	}

	/**
	 * Sent with each fetch, so that a new sidecar, or one that was down, receives it too.
	 */
	private static function send_settings(): ?\WP_Error {
		$body   = (string) wp_json_encode( array_combine( self::SENT, array_map( array( Settings::class, 'get' ), self::SENT ) ) );
		$answer = Sidecar::request( 'POST', '/v1/settings', $body );
		return is_wp_error( $answer ) ? $answer : null;
	}
}
