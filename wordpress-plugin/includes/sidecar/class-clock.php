<?php
/**
 * Clock: the sidecar's time, known from its Date header. Tokens are dated by it.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A server whose clock is off by minutes would sign tokens that are not valid yet or have expired.
 */
final class Clock {

	public const OPTION = 'rag_ask_clock_offset_s';

	/** A smaller skew is ignored: a token lives longer than that, and each correction is a database write. */
	private const MIN_SKEW_S = 5;

	/** A larger skew is ignored: a forged Date header must not yield tokens for next year. */
	private const MAX_SKEW_S = DAY_IN_SECONDS;

	/**
	 * Unix time of the sidecar.
	 */
	public static function now(): int {
		return time() + self::offset_s();
	}

	/**
	 * Seconds that the sidecar's clock is ahead of this server's; 0 when unknown.
	 */
	public static function offset_s(): int {
		return (int) get_option( self::OPTION, 0 );
	}

	/**
	 * Update the offset from a response of the sidecar.
	 *
	 * @param string $date Its Date header, empty when missing.
	 * @return int Seconds by which now() was wrong.
	 */
	public static function learn( string $date ): int {
		$said_at = '' === $date ? false : strtotime( $date );
		if ( false === $said_at ) {
			return 0;
		}
		$offset_s = $said_at - time();
		$error_s  = abs( $offset_s - self::offset_s() );
		if ( abs( $offset_s ) > self::MAX_SKEW_S || $error_s < self::MIN_SKEW_S ) {
			return 0;
		}
		update_option( self::OPTION, abs( $offset_s ) < self::MIN_SKEW_S ? 0 : $offset_s, false );
		return $error_s;
	}
}
