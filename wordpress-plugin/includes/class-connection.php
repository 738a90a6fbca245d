<?php
/**
 * Connection: URL of the sidecar, site id and secret.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A complete connection. Constants of wp-config.php win over the option.
 */
final class Connection {

	public const OPTION = 'rag_ask_connection';

	/** Parts of the option, each with the constant that wins over it. */
	public const CONSTANTS = array(
		'sidecar_url' => 'RAG_ASK_SIDECAR_URL',
		'site_id'     => 'RAG_ASK_SITE_ID',
		'secret'      => 'RAG_ASK_SECRET',
	);

	private const MIN_KEY_BYTES = 32;

	/**
	 * Use parse() or current().
	 *
	 * @param string $sidecar_url URL without trailing slash.
	 * @param string $site_id     Id of this site in the sidecar.
	 * @param string $kid         Id of the key.
	 * @param string $key         The key for HMAC.
	 * @param array  $urls        Where the site is reached, as Address::urls() says.
	 */
	private function __construct(
		public readonly string $sidecar_url,
		public readonly string $site_id,
		public readonly string $kid,
		public readonly string $key,
		public readonly array $urls
	) {}

	/**
	 * The current connection, or null while it is incomplete or the site is closed.
	 */
	public static function current(): ?self {
		return Network::is_closed() ? null : self::from_parts( ...self::parts(), urls: Address::urls() );
	}

	/**
	 * The three current parts, complete or not.
	 *
	 * @return array{sidecar_url: string, site_id: string, secret: string}
	 */
	public static function parts(): array {
		$parts  = array();
		$whole  = self::has_constant( 'RAG_ASK_CONNECTION' ) ? self::split( (string) constant( 'RAG_ASK_CONNECTION' ) ) : null;
		$stored = (array) get_option( self::OPTION, array() );

		$stored['secret'] = Stored_Key::show( (string) ( $stored['secret'] ?? '' ) );
		foreach ( self::CONSTANTS as $part => $constant ) {
			$value = $whole[ $part ] ?? ( self::has_constant( $constant ) ? constant( $constant ) : ( $stored[ $part ] ?? '' ) );

			$parts[ $part ] = is_string( $value ) ? $value : '';
		}
		return $parts;
	}

	/**
	 * Forget the stored parts.
	 */
	public static function forget(): void {
		// Deleted and not updated: the form's sanitizer keeps what is left empty.
		delete_option( self::OPTION );
		// Made anew, so that the next save fires update_option_*.
		add_option( self::OPTION, array(), '', false );
	}

	/**
	 * Whether a constant sets this part.
	 *
	 * @param string $part A key of CONSTANTS.
	 */
	public static function is_locked( string $part ): bool {
		return self::has_constant( 'RAG_ASK_CONNECTION' ) || self::has_constant( self::CONSTANTS[ $part ] );
	}

	/**
	 * Whether a constant applies to this site. In a network it applies to the main site only: two sites with the same site id
	 * would overwrite each other's documents.
	 *
	 * @param string $constant Name of the constant.
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
	 * Create a connection from its parts; null when one is invalid.
	 *
	 * @param string   $sidecar_url URL of the sidecar.
	 * @param string   $site_id     Id of this site in the sidecar.
	 * @param string   $secret      KID.KEY.
	 * @param string[] $urls        Where the site is reached, as Address::urls() says; needed to sign a request.
	 */
	public static function from_parts( string $sidecar_url, string $site_id, string $secret, array $urls = array() ): ?self {
		list( $kid, $key ) = explode( '.', $secret, 2 ) + array( '', '' );
		if ( '' === self::clean_url( $sidecar_url ) || ! self::is_site_id( $site_id ) || ! self::is_secret( $secret ) ) {
			return null;
		}
		return new self( self::clean_url( $sidecar_url ), $site_id, $kid, $key, $urls );
	}

	/**
	 * An http(s) URL without credentials, query or trailing slash; empty when invalid.
	 *
	 * @param string $url Input.
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
	 * Whether this is a valid site id.
	 *
	 * @param string $site_id Input.
	 */
	public static function is_site_id( string $site_id ): bool {
		return 1 === preg_match( '/\A[a-z0-9][a-z0-9-]{1,62}\z/', $site_id );
	}

	/**
	 * Whether this is KID.KEY with a key of at least 32 characters.
	 *
	 * @param string $secret Input.
	 */
	public static function is_secret( string $secret ): bool {
		return 1 === preg_match( '/\A[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{' . self::MIN_KEY_BYTES . ',}\z/', $secret );
	}

	/**
	 * Split a connection string without validating its parts.
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
