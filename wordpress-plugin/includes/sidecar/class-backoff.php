<?php
/**
 * Backoff: how long to wait before the next attempt.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Exponential with jitter, so that many sites do not return to a restarted sidecar at the same moment.
 */
final class Backoff {

	private const FIRST_S = 15;
	private const MAX_S   = 3600;

	/**
	 * Seconds to wait, between half and all of the exponential delay.
	 *
	 * @param int $failures So far, at least one.
	 */
	public static function delay_s( int $failures ): int {
		$longest = min( self::MAX_S, self::FIRST_S * 2 ** min( 16, $failures - 1 ) );
		return random_int( intdiv( $longest, 2 ), $longest );
	}
}
