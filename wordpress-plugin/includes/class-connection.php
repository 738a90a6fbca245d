<?php
/**
 * Where the sidecar is and who this site is to it.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A complete connection. It comes from wp-config constants first, from the option second.
 */
final class Connection {

	public const OPTION = 'rag_ask_connection';

	/** The parts of the option, each with the constant that wins over it. */
	public const CONSTANTS = array(
		'sidecar_url' => 'RAG_ASK_SIDECAR_URL',
		'site_id'     => 'RAG_ASK_SITE_ID',
		'secret'      => 'RAG_ASK_SECRET',
	);

	private const MIN_KEY_BYTES = 32;

	/**
	 * Use parse() or current().
	 *
	 * @param string $sidecar_url Address without a slash at its end.
	 * @param string $site_id     The name of this site in the sidecar.
	 * @param string $kid         Which key of the site this is.
	 * @param string $key         Its bytes as they go into HMAC.
	 */
	private function __construct(
		public readonly string $sidecar_url,
		public readonly string $site_id,
		public readonly string $kid,
		public readonly string $key
	) {}

	/**
	 * The connection in force, or null while it is not complete or nobody can visit the site.
	 */
	public static function current(): ?self {
		return Network::is_withdrawn() ? null : self::from_parts( ...self::parts() );
	}

	/**
	 * The three parts in force, complete or not.
	 *
	 * @return array{sidecar_url: string, site_id: string, secret: string}
	 */
	public static function parts(): array {
		$parts  = array();
		$whole  = self::has_constant( 'RAG_ASK_CONNECTION' ) ? self::split( (string) constant( 'RAG_ASK_CONNECTION' ) ) : null;
		$stored = (array) get_option( self::OPTION, array() );
		foreach ( self::CONSTANTS as $part => $constant ) {
			$value = $whole[ $part ] ?? ( self::has_constant( $constant ) ? constant( $constant ) : ( $stored[ $part ] ?? '' ) );

			$parts[ $part ] = is_string( $value ) ? $value : '';
		}
		return $parts;
	}

	/**
	 * Whether wp-config decides this part.
	 *
	 * @param string $part A key of CONSTANTS.
	 */
	public static function is_locked( string $part ): bool {
		return self::has_constant( 'RAG_ASK_CONNECTION' ) || self::has_constant( self::CONSTANTS[ $part ] );
	}

	/**
	 * Whether wp-config decides for this site. In a network it speaks of the main site only: two sites with one name in the
	 * sidecar would overwrite each other's posts.
	 *
	 * @param string $constant Its name.
	 */
	public static function has_constant( string $constant ): bool {
		return defined( $constant ) && is_main_site();
	}

	/**
	 * Read a connection string, http(s)://SITE_ID:KID.KEY@host:port.
	 *
	 * @param string $text As printed by `rag-ask sites add`.
	 */
	public static function parse( string $text ): ?self {
		$parts = self::split( trim( $text ) );
		return self::from_parts( $parts['sidecar_url'], $parts['site_id'], $parts['secret'] );
	}

	/**
	 * Check the three parts together.
	 *
	 * @param string $sidecar_url Address of the sidecar.
	 * @param string $site_id     The name of this site in the sidecar.
	 * @param string $secret      KID.KEY.
	 */
	public static function from_parts( string $sidecar_url, string $site_id, string $secret ): ?self {
		list( $kid, $key ) = explode( '.', $secret, 2 ) + array( '', '' );
		if ( '' === self::clean_url( $sidecar_url ) || ! self::is_site_id( $site_id ) || ! self::is_secret( $secret ) ) {
			return null;
		}
		return new self( self::clean_url( $sidecar_url ), $site_id, $kid, $key );
	}

	/**
	 * An http(s) address without credentials, query or closing slash; empty when it is none.
	 *
	 * @param string $url What was typed.
	 */
	public static function clean_url( string $url ): string {
		$at = wp_parse_url( esc_url_raw( trim( $url ), array( 'http', 'https' ) ) );
		if ( ! is_array( $at ) || ! isset( $at['scheme'], $at['host'] ) ) {
			return '';
		}
		$port = isset( $at['port'] ) ? ':' . $at['port'] : '';
		return untrailingslashit( $at['scheme'] . '://' . $at['host'] . $port . ( $at['path'] ?? '' ) );
	}

	/**
	 * Whether the sidecar could know a site by this name.
	 *
	 * @param string $site_id What was typed.
	 */
	public static function is_site_id( string $site_id ): bool {
		return 1 === preg_match( '/\A[a-z0-9][a-z0-9-]{1,62}\z/', $site_id );
	}

	/**
	 * Whether this is KID.KEY with a key that is long enough to be safe.
	 *
	 * @param string $secret What was typed.
	 */
	public static function is_secret( string $secret ): bool {
		return 1 === preg_match( '/\A[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{' . self::MIN_KEY_BYTES . ',}\z/', $secret );
	}

	/**
	 * Take a connection string apart without judging the parts.
	 *
	 * @param string $text A URL with credentials.
	 * @return array{sidecar_url: string, site_id: string, secret: string}
	 */
	private static function split( string $text ): array {
		$at = wp_parse_url( $text );
		$at = is_array( $at ) ? $at : array();
		return array(
			'sidecar_url' => self::clean_url( preg_replace( '#\A(https?://)[^/]*@#i', '$1', $text ) ),
			'site_id'     => rawurldecode( $at['user'] ?? '' ),
			'secret'      => rawurldecode( $at['pass'] ?? '' ),
		);
	}
}
