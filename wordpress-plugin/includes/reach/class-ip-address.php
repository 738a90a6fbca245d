<?php
/**
 * IP address: its bytes, and the ranges that it is in.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * An IPv4 address in IPv6 (::ffff:192.0.2.1) is the IPv4 address.
 */
final class Ip_Address {

	/** Loopback, private, shared and link-local addresses: nobody reaches them from the internet. */
	public const PRIVATE_RANGES = array( '127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', '::1/128', 'fc00::/7', 'fe80::/10' );

	private const MAPPED_PREFIX = "\0\0\0\0\0\0\0\0\0\0\xff\xff";

	/**
	 * The address in 4 or 16 bytes; empty when it is none.
	 *
	 * @param string $address As text.
	 */
	public static function bytes( string $address ): string {
		$bytes = filter_var( $address, FILTER_VALIDATE_IP ) ? (string) inet_pton( $address ) : '';
		return str_starts_with( $bytes, self::MAPPED_PREFIX ) ? substr( $bytes, 12 ) : $bytes;
	}

	/**
	 * Whether an address is in one of the ranges.
	 *
	 * @param string   $bytes  From bytes().
	 * @param string[] $ranges CIDR notation, as from clean_range().
	 */
	public static function is_in( string $bytes, array $ranges ): bool {
		foreach ( $ranges as $range ) {
			list( $start, $bits ) = explode( '/', $range );
			if ( '' !== $bytes && self::first_bits( $bytes, (int) $bits ) === self::first_bits( self::bytes( $start ), (int) $bits ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * A range in CIDR notation; one address is a range of one. Empty when it is none.
	 *
	 * @param string $text What somebody typed.
	 */
	public static function clean_range( string $text ): string {
		list( $start, $bits ) = explode( '/', trim( $text ), 2 ) + array( '', '' );
		$bytes                = self::bytes( $start );
		$most                 = 8 * strlen( $bytes );
		$bits                 = '' === $bits && ! str_contains( $text, '/' ) ? (string) $most : $bits;
		if ( '' === $bytes || ! ctype_digit( $bits ) ) {
			return '';
		}
		// What is written as a range of IPv6 counts 96 bits more than its IPv4 addresses have.
		$length = (int) $bits - ( 4 === strlen( $bytes ) && str_contains( $start, ':' ) && str_contains( $text, '/' ) ? 96 : 0 );
		return 0 <= $length && $length <= $most ? inet_ntop( $bytes ) . '/' . $length : '';
	}

	/**
	 * The first bits of an address, with its length, so that IPv4 and IPv6 differ.
	 *
	 * @param string $bytes Of the address.
	 * @param int    $bits  How many.
	 */
	private static function first_bits( string $bytes, int $bits ): string {
		$whole = substr( $bytes, 0, intdiv( $bits, 8 ) );
		$rest  = $bits % 8;
		return strlen( $bytes ) . '|' . $whole . ( $rest ? chr( ord( $bytes[ intdiv( $bits, 8 ) ] ?? "\0" ) & ( 0xff << ( 8 - $rest ) & 0xff ) ) : '' );
	}
}
