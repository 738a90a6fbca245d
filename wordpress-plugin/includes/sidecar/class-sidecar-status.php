<?php
/**
 * Sidecar status: the stored answer to the last status request (tests/contract/status-response.json).
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Requested by cron and by buttons, stored in an option, read by every screen.
 */
final class Sidecar_Status {

	public const OPTION = 'rag_ask_status';

	/** Each five-minute event finds a status that is older. */
	private const REFRESH_S = 4 * MINUTE_IN_SECONDS;

	/**
	 * Request the status and store it.
	 */
	public static function check(): ?\WP_Error {
		$status = Sidecar::request( 'GET', '/v1/status' );
		$empty  = array(
			'checked_at' => time(),
			'error'      => is_wp_error( $status ) ? $status->get_error_message() : '',
			'code'       => is_wp_error( $status ) ? (string) $status->get_error_code() : '',
			'status'     => array(),
		);
		Stored_Copy::keep( self::OPTION, array( 'status' => is_wp_error( $status ) ? array() : $status ) + $empty, $empty );
		return is_wp_error( $status ) ? $status : null;
	}

	/**
	 * The stored status.
	 *
	 * @return array{checked_at: int, error: string, code: string, status: array} checked_at is 0 before the first request.
	 */
	public static function stored(): array {
		return (array) get_option( self::OPTION, array() ) + array(
			'checked_at' => 0,
			'error'      => '',
			'code'       => '',
			'status'     => array(),
		);
	}

	/**
	 * The posts that the sidecar has and did not index, as it said last; it names the first fifty.
	 *
	 * @return array<int, array{state: string, message: string}> State 'skipped' or 'failed', by post id.
	 */
	public static function unread(): array {
		$problems = (array) ( self::stored()['status']['problems'] ?? array() );
		$unread   = array_filter( $problems, static fn( $problem ): bool => in_array( $problem['state'] ?? '', array( 'skipped', 'failed' ), true ) );
		return array_column( $unread, null, 'id' );
	}

	/**
	 * Request the status again when the stored one is old.
	 */
	public static function refresh(): void {
		if ( Connection::current() && '' === Address::problem() && self::stored()['checked_at'] < time() - self::REFRESH_S ) {
			self::check();
		}
	}

	/**
	 * When today's answer budget was used up; 0 when it is not, or there is none.
	 *
	 * @return int Unix time of today (UTC).
	 */
	public static function budget_exhausted_at(): int {
		$at = (int) strtotime( (string) ( self::stored()['status']['budget']['exhausted_at'] ?? '' ) );
		return gmdate( 'Y-m-d', $at ) === gmdate( 'Y-m-d' ) ? $at : 0;
	}
}
