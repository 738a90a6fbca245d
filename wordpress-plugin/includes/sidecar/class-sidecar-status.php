<?php
/**
 * What the sidecar said of this site when it was last asked (tests/contract/status-response.json).
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Asked by cron and by buttons, kept in an option, read by every page.
 */
final class Sidecar_Status {

	public const OPTION = 'rag_ask_status';

	private const REFRESH_S = HOUR_IN_SECONDS;

	/**
	 * Ask the sidecar and keep its answer for the page.
	 */
	public static function check(): ?\WP_Error {
		$status = Sidecar::request( 'GET', '/v1/status' );
		update_option(
			self::OPTION,
			array(
				'checked_at' => time(),
				'error'      => is_wp_error( $status ) ? $status->get_error_message() : '',
				'status'     => is_wp_error( $status ) ? array() : $status,
			),
			false
		);
		return is_wp_error( $status ) ? $status : null;
	}

	/**
	 * What the sidecar said when it was last asked.
	 *
	 * @return array{checked_at: int, error: string, status: array} checked_at is 0 when it never was.
	 */
	public static function stored(): array {
		return (array) get_option( self::OPTION, array() ) + array(
			'checked_at' => 0,
			'error'      => '',
			'status'     => array(),
		);
	}

	/**
	 * Ask again when the last time is long ago.
	 */
	public static function refresh(): void {
		if ( Connection::current() && self::stored()['checked_at'] < time() - self::REFRESH_S ) {
			self::check();
		}
	}

	/**
	 * Since when the daily budget for answers is used up; 0 while it lasts, or there is none.
	 *
	 * @return int Unix time of today (UTC).
	 */
	public static function budget_exhausted_at(): int {
		$at = (int) strtotime( (string) ( self::stored()['status']['budget']['exhausted_at'] ?? '' ) );
		return gmdate( 'Y-m-d', $at ) === gmdate( 'Y-m-d' ) ? $at : 0;
	}
}
