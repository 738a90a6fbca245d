<?php
/**
 * Visitor address: who sent a request, also behind a proxy that the site trusts.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * X-Forwarded-For is believed only from the proxies of the settings, because a visitor can send any header.
 */
final class Visitor_Address {

	public const PRESETS = array( 'cloudflare', 'private' );

	private const MAX_HOPS = 20;

	/**
	 * The visitor's address in 4 or 16 bytes; empty when it is unknown.
	 */
	public static function bytes(): string {
		/**
		 * Filters the visitor's IP address.
		 *
		 * @param string $address The peer of the connection or, where that is a trusted proxy, whom X-Forwarded-For names.
		 */
		return Ip_Address::bytes( (string) apply_filters( 'rag_ask_visitor_address', self::behind( self::peer(), self::hops(), self::trusted() ) ) );
	}

	/**
	 * The nearest address that is not a trusted proxy's: each proxy adds at the end whom it heard.
	 *
	 * @param string   $peer    Of the connection.
	 * @param string[] $hops    The addresses in X-Forwarded-For.
	 * @param string[] $trusted Ranges.
	 */
	public static function behind( string $peer, array $hops, array $trusted ): string {
		$address = $peer;
		foreach ( array_reverse( $hops ) as $hop ) {
			if ( ! Ip_Address::is_in( Ip_Address::bytes( $address ), $trusted ) || '' === Ip_Address::bytes( $hop ) ) {
				break;
			}
			$address = $hop;
		}
		return $address;
	}

	/**
	 * The peer of the connection.
	 */
	public static function peer(): string {
		return isset( $_SERVER['REMOTE_ADDR'] ) ? sanitize_text_field( wp_unslash( $_SERVER['REMOTE_ADDR'] ) ) : '';
	}

	/**
	 * The addresses in X-Forwarded-For without ports, the last ones when there are very many.
	 *
	 * @return string[]
	 */
	public static function hops(): array {
		$header = isset( $_SERVER['HTTP_X_FORWARDED_FOR'] ) ? sanitize_text_field( wp_unslash( $_SERVER['HTTP_X_FORWARDED_FOR'] ) ) : '';
		$hops   = array_slice( array_filter( array_map( 'trim', explode( ',', $header ) ) ), -self::MAX_HOPS );
		return array_map( static fn( string $hop ): string => preg_replace( '/\A\[(.+)\](?::\d+)?\z|\A([\d.]+):\d+\z/', '$1$2', $hop ), $hops );
	}

	/**
	 * The ranges of all trusted proxies.
	 *
	 * @return string[]
	 */
	public static function trusted(): array {
		$presets = Settings::get( 'trusted_presets' );
		return array(
			...( in_array( 'cloudflare', $presets, true ) ? require __DIR__ . '/cloudflare-ranges.php' : array() ),
			...( in_array( 'private', $presets, true ) ? Ip_Address::PRIVATE_RANGES : array() ),
			...Settings::get( 'trusted_proxies' ),
		);
	}

	/**
	 * What is wrong when this request came through a proxy that is not trusted; empty when it did not.
	 */
	public static function problem(): string {
		$peer  = Ip_Address::bytes( self::peer() );
		$is_cf = Ip_Address::is_in( $peer, require __DIR__ . '/cloudflare-ranges.php' );
		if ( ! self::hops() || Ip_Address::is_in( $peer, self::trusted() ) || ! ( $is_cf || Ip_Address::is_in( $peer, Ip_Address::PRIVATE_RANGES ) ) ) {
			return '';
		}
		$preset = $is_cf ? __( 'Cloudflare', 'rag-ask' ) : __( 'Private networks', 'rag-ask' );
		/* translators: 1: an IP address, 2: name of a choice in the settings. */
		return sprintf( __( 'Requests come from a proxy at %1$s that is not trusted, so all visitors share one limit of questions. Tick "%2$s" under Settings > RAG Ask > Advanced, Trusted proxies, or add the address there.', 'rag-ask' ), self::peer(), $preset );
	}
}
