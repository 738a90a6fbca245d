<?php
/**
 * Token limits: how many ask tokens, requests through WordPress and reports of failures a visitor and the whole site get in a minute.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Counts in transients, which an object cache keeps in memory. Two requests at once may count as one: it is a brake, and
 * the sidecar has limits of its own.
 */
final class Token_Limits {

	private const WINDOW_S = 60;

	/** The most of a visitor and of the whole site, by kind. */
	private const MOST = array(
		'tokens'   => array( 60, 600 ),
		'proxy'    => array( 60, 600 ),
		'failures' => array( 6, 60 ),
	);

	/**
	 * Count one. Returns the seconds to wait when there are too many, else 0.
	 *
	 * @param string $visitor Pseudonym of the visitor.
	 * @param string $kind    A key of MOST.
	 */
	public static function wait_s( string $visitor, string $kind = 'tokens' ): int {
		list( $per_visitor, $per_site ) = self::MOST[ $kind ];

		$window = intdiv( time(), self::WINDOW_S );
		// The site first: a flood from many addresses leaves no row for each of them.
		$is_allowed = self::count( "{$kind}_site_$window", $per_site ) && self::count( "{$kind}_" . md5( $visitor ) . "_$window", $per_visitor );
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
