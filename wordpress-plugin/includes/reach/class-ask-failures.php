<?php
/**
 * Ask failures: how many questions of visitors got no answer, by day and reason.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * POST rag-ask/v1/failure, whose body is a code (tests/contract/failure-codes.json). The visitor's browser sends it, because
 * WordPress does not see a question that goes straight to the sidecar. Nothing else is kept: no question, no visitor.
 * Anybody can send one, so the counts are bounded and only ever shown as what browsers report.
 */
final class Ask_Failures {

	public const OPTION = 'rag_ask_failures';
	public const ROUTE  = '/failure';
	public const DAYS   = 7;

	/** The reasons that the owner learns of, the most serious first. */
	public const CODES = array( 'unavailable', 'refused', 'provider_rejected', 'provider_unavailable', 'index_unproven', 'busy', 'timeout', 'truncated', 'rate_limited', 'offline' );

	/** A visitor can mend these alone. */
	private const VISITORS_OWN = array( 'consent_missing', 'question_empty', 'question_too_long' );

	private const MAX_A_DAY = 1000;

	/**
	 * Register the route.
	 */
	public static function register_route(): void {
		Visitor_Route::register( self::ROUTE, array( self::class, 'receive' ) );
	}

	/**
	 * Count what a browser reports. The answer never says whether it was counted.
	 *
	 * @param \WP_REST_Request $request Of a visitor's browser.
	 */
	public static function receive( \WP_REST_Request $request ): \WP_REST_Response {
		$code = substr( $request->get_body(), 0, 40 );
		if ( in_array( $code, self::CODES, true ) && Visitor_Route::is_allowed( $request, 'failures' ) ) {
			self::count( $code );
		}
		return Visitor_Route::uncached( new \WP_REST_Response( null, 204 ) );
	}

	/**
	 * Count one question. Two at once may count as one.
	 *
	 * @param string $code One of CODES; others are left out.
	 */
	public static function count( string $code ): void {
		$days  = self::stored();
		$today = gmdate( 'Y-m-d' );
		$count = (int) ( $days[ $today ][ $code ] ?? 0 );
		if ( $count < self::MAX_A_DAY && in_array( $code, self::CODES, true ) ) {
			$days[ $today ][ $code ] = $count + 1;
			update_option( self::OPTION, array_slice( $days, -self::DAYS, null, true ), false );
		}
	}

	/**
	 * Count an error of a question that WordPress itself asked.
	 *
	 * @param string $code Of the sidecar, of the token route or of WordPress's HTTP client.
	 */
	public static function count_error( string $code ): void {
		if ( ! in_array( $code, self::VISITORS_OWN, true ) ) {
			$known = 'challenge_failed' === $code ? 'refused' : $code;
			self::count( in_array( $known, self::CODES, true ) ? $known : 'unavailable' );
		}
	}

	/**
	 * The counts of the last days together.
	 *
	 * @return array<string, int> By code, in the order of CODES; those that did not happen are left out.
	 */
	public static function totals(): array {
		$totals = array();
		foreach ( self::CODES as $code ) {
			$totals[ $code ] = array_sum( array_map( 'intval', array_column( self::stored(), $code ) ) );
		}
		return array_filter( $totals );
	}

	/**
	 * The days that count, the oldest first.
	 *
	 * @return array<string, array<string, int>>
	 */
	private static function stored(): array {
		$days  = get_option( self::OPTION, array() );
		$first = gmdate( 'Y-m-d', time() - ( self::DAYS - 1 ) * DAY_IN_SECONDS );
		$days  = array_filter( is_array( $days ) ? $days : array(), static fn( string $day ): bool => $day >= $first, ARRAY_FILTER_USE_KEY );
		ksort( $days );
		return $days;
	}
}
