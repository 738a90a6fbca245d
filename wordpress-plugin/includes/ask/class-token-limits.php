<?php
/**
 * Token limits: how many ask tokens, and requests through WordPress, a visitor and the whole site get in a minute.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Counts in transients, which an object cache keeps in memory. Two requests at once may count as one: it is a brake, and
 * the sidecar has limits of its own.
 */
final class Token_Limits {

	private const WINDOW_S    = 60;
	private const PER_VISITOR = 60;
	private const PER_SITE    = 600;

	/**
	 * Count one token, or one request through WordPress. Returns the seconds to wait when there are too many, else 0.
	 *
	 * @param string $visitor Pseudonym of the visitor.
	 * @param string $kind    What is counted: tokens, or proxy for requests.
	 */
	public static function wait_s( string $visitor, string $kind = 'tokens' ): int {
		$window = intdiv( time(), self::WINDOW_S );
		// The site first: a flood from many addresses leaves no row for each of them.
		$is_allowed = self::count( "{$kind}_site_$window", self::PER_SITE ) && self::count( "{$kind}_" . md5( $visitor ) . "_$window", self::PER_VISITOR );
		return $is_allowed ? 0 : self::WINDOW_S * ( $window + 1 ) - time();
	}

	/**
	 * Whether one more fits.
	 *
	 * @param string $name What is counted.
	 * @param int    $most Limit in a window.
	 */
	private static function count( string $name, int $most ): bool {
		$count = (int) get_transient( "rag_ask_$name" );
		if ( $count >= $most ) {
			return false;
		}
		set_transient( "rag_ask_$name", $count + 1, 2 * self::WINDOW_S );
		return true;
	}
}
