<?php
/**
 * Way: how a visitor's question reaches the sidecar, straight from the browser or through WordPress.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Straight is faster and takes no PHP process. It needs a sidecar that browsers reach, by HTTPS where the site has it.
 */
final class Way {

	public const AUTO      = 'auto';
	public const STRAIGHT  = 'straight';
	public const WORDPRESS = 'wordpress';

	/** Names that the internet does not know. */
	private const LOCAL_NAMES = '/(?:\A|\.)(?:localhost|local|internal|lan|intranet|home|corp|test|home\.arpa)\z/';

	/**
	 * The way of this site.
	 */
	public static function current(): string {
		$chosen = Settings::get( 'visitor_way' );
		if ( self::AUTO !== $chosen ) {
			return $chosen;
		}
		$report = Reach::report();
		if ( '' !== self::obstacle() ) {
			return self::WORDPRESS;
		}
		return null === $report || Reach::is_open( $report[ self::STRAIGHT ] ) || ! Reach::is_open( $report[ self::WORDPRESS ] ) ? self::STRAIGHT : self::WORDPRESS;
	}

	/**
	 * Whether answers arrive word by word on the current way, as far as it is known.
	 */
	public static function streams(): bool {
		$report = Reach::report();
		return null === $report || 'buffered' !== $report[ self::current() ];
	}

	/**
	 * The address at which browsers ask the sidecar itself.
	 */
	public static function straight_url(): string {
		/**
		 * Filters the URL at which browsers ask, for a sidecar with different internal and public URLs.
		 *
		 * @param string $ask_url The URL for browsers.
		 */
		return (string) apply_filters( 'rag_ask_ask_url', Connection::parts()['sidecar_url'] . '/v1/ask' );
	}

	/**
	 * Why no visitor's browser can take the straight way, known from the addresses alone: a code of Reach, or empty.
	 */
	public static function obstacle(): string {
		$from = (array) wp_parse_url( home_url() );
		$to   = (array) wp_parse_url( self::straight_url() );
		$kind = self::kind( (string) ( $to['host'] ?? '' ) );
		if ( '' !== $kind && '' === self::kind( (string) ( $from['host'] ?? '' ) ) ) {
			return $kind;
		}
		// Browsers allow HTTP to their own machine, which is no visitor's sidecar, but that of somebody who tries this out.
		return 'https' === ( $from['scheme'] ?? '' ) && 'http' === ( $to['scheme'] ?? '' ) && 'loopback_address' !== $kind ? 'mixed_content' : '';
	}

	/**
	 * Which addresses of the sidecar only some machines know: loopback_address, private_address; empty for a public one.
	 *
	 * @param string $host Of a URL.
	 */
	private static function kind( string $host ): string {
		$host  = strtolower( trim( $host, '[]' ) );
		$bytes = Ip_Address::bytes( $host );
		if ( 'localhost' === $host || str_ends_with( $host, '.localhost' ) || Ip_Address::is_in( $bytes, array( '127.0.0.0/8', '::1/128' ) ) ) {
			return 'loopback_address';
		}
		$is_local_name = '' === $bytes && ( ! str_contains( $host, '.' ) || preg_match( self::LOCAL_NAMES, $host ) );
		return $is_local_name || Ip_Address::is_in( $bytes, Ip_Address::PRIVATE_RANGES ) ? 'private_address' : '';
	}
}
