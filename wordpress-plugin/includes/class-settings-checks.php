<?php
/**
 * Settings checks: what of a form or of the option itself is taken for a setting.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Each takes anything and gives a valid value; WordPress may call it twice. The owner is told what was left out.
 */
final class Settings_Checks {

	private const MAX_TEXT_CHARACTERS = 200;
	private const MAX_META_KEYS       = 50;
	private const MAX_RANGES          = 200;
	private const MAX_LINES           = 6;
	private const MAX_ADDRESSES       = 5;
	private const MAX_BUDGET_USD      = 100_000.0;

	/**
	 * Chosen post types that have public pages.
	 *
	 * @param mixed $value A list of names; the default for anything else.
	 * @return string[]
	 */
	public static function post_types( $value ): array {
		if ( ! is_array( $value ) ) {
			return Settings::definitions()['post_types']['default'];
		}
		return array_values( array_intersect( array_keys( Settings::choosable_post_types() ), array_filter( $value, 'is_string' ) ) );
	}

	/**
	 * One line of text.
	 *
	 * @param mixed $value Input.
	 */
	public static function text( $value ): string {
		return is_string( $value ) ? mb_substr( sanitize_text_field( $value ), 0, self::MAX_TEXT_CHARACTERS ) : '';
	}

	/**
	 * A few lines of text.
	 *
	 * @param mixed $value A list, or the lines of a text area.
	 * @return string[]
	 */
	public static function lines( $value ): array {
		$lines = is_string( $value ) ? explode( "\n", $value ) : $value;
		$lines = array_map( array( self::class, 'text' ), is_array( $lines ) ? $lines : array() );
		return array_slice( array_values( array_filter( $lines, static fn( string $line ) => '' !== $line ) ), 0, self::MAX_LINES );
	}

	/**
	 * An e-mail address or the URL of a page.
	 *
	 * @param mixed $value Input.
	 */
	public static function contact( $value ): string {
		$text    = self::text( $value );
		$contact = is_email( $text ) ? sanitize_email( $text ) : esc_url_raw( $text, array( 'http', 'https' ) );
		/* translators: %s: what somebody typed. */
		self::left_out( 'contact', __( 'This is neither an e-mail address nor the URL of a page and was left out: %s.', 'rag-ask' ), '' === $contact && '' !== $text ? array( $text ) : array() );
		return $contact;
	}

	/**
	 * E-mail addresses.
	 *
	 * @param mixed $value A list, or the lines of a text area.
	 * @return string[]
	 */
	public static function mail_addresses( $value ): array {
		$typed     = self::typed( is_string( $value ) ? preg_split( '/[\s,;]+/', $value ) : $value );
		$addresses = array_filter( array_map( 'sanitize_email', $typed ), 'is_email' );
		/* translators: %s: what somebody typed. */
		self::left_out( 'digest_to', __( 'These are no e-mail addresses and were left out: %s.', 'rag-ask' ), array_diff_key( $typed, $addresses ) );
		return array_slice( array_values( array_unique( $addresses ) ), 0, self::MAX_ADDRESSES );
	}

	/**
	 * Names of custom fields.
	 *
	 * @param mixed $value A list, or the lines of a text area.
	 * @return string[]
	 */
	public static function meta_keys( $value ): array {
		$keys = array_filter( self::typed( $value ), static fn( string $key ) => strlen( $key ) <= 255 );
		return array_slice( array_values( array_unique( $keys ) ), 0, self::MAX_META_KEYS );
	}

	/**
	 * Ranges of IP addresses.
	 *
	 * @param mixed $value A list, or the lines of a text area.
	 * @return string[] CIDR notation.
	 */
	public static function ranges( $value ): array {
		$typed  = self::typed( $value );
		$ranges = array_filter( array_map( array( Ip_Address::class, 'clean_range' ), $typed ) );
		/* translators: %s: what somebody typed. */
		self::left_out( 'trusted_proxies', __( 'These are no IP addresses or ranges and were left out: %s.', 'rag-ask' ), array_diff_key( $typed, $ranges ) );
		return array_slice( array_values( array_unique( $ranges ) ), 0, self::MAX_RANGES );
	}

	/**
	 * A whole number.
	 *
	 * @param int   $least         The smallest one.
	 * @param int   $most          The largest one.
	 * @param mixed $value         Input.
	 * @param int   $default_value For what is no number.
	 */
	public static function within( int $least, int $most, mixed $value, int $default_value ): int {
		return is_numeric( $value ) ? max( $least, min( $most, (int) $value ) ) : $default_value;
	}

	/**
	 * An amount of US dollars.
	 *
	 * @param mixed $value         Input.
	 * @param float $default_value For what is no number.
	 */
	public static function dollars( mixed $value, float $default_value ): float {
		return is_numeric( $value ) ? round( max( 0.0, min( self::MAX_BUDGET_USD, (float) $value ) ), 2 ) : $default_value;
	}

	/**
	 * The lines that hold something.
	 *
	 * @param mixed $value A list, or the lines of a text area.
	 * @return string[]
	 */
	private static function typed( $value ): array {
		$lines = is_string( $value ) ? explode( "\n", $value ) : $value;
		return array_filter( array_map( 'trim', array_filter( is_array( $lines ) ? $lines : array(), 'is_string' ) ), static fn( string $line ) => '' !== $line );
	}

	/**
	 * Tell the owner, where there is a screen: options are saved by WP-CLI and REST too.
	 *
	 * @param string   $setting Name of the setting.
	 * @param string   $text    With a placeholder.
	 * @param string[] $wrong   What somebody typed.
	 */
	private static function left_out( string $setting, string $text, array $wrong ): void {
		if ( $wrong && function_exists( 'add_settings_error' ) ) {
			add_settings_error( Settings::GROUP, $setting, esc_html( sprintf( $text, implode( ', ', $wrong ) ) ) );
		}
	}
}
