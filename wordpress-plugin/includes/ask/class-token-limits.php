<?php
/**
 * Token limits: how many ask tokens, requests through WordPress, searches and reports of failures a visitor and the whole site get
 * in a minute.
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
		'found'    => array( 20, 200 ),
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
		$names  = array( "rag_ask_{$kind}_site_$window", "rag_ask_{$kind}_" . md5( $visitor ) . "_$window" );
		$counts = array_map( static fn( string $name ): int => (int) get_transient( $name ), $names );
		// Nothing is written where one is used up: a flood of one visitor takes nothing from the others, and one of many leaves no row for each.
		if ( $counts[0] >= $per_site || $counts[1] >= $per_visitor ) {
			return self::WINDOW_S * ( $window + 1 ) - time();
		}
		foreach ( $names as $number => $name ) {
			set_transient( $name, $counts[ $number ] + 1, 2 * self::WINDOW_S );
		}
		return 0;
	}
}
