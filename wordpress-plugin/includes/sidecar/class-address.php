<?php
/**
 * Address: where this site is reached, and whether its index belongs to it.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A copy of a site holds the same key. What the sidecar accepted first decides which address the connection belongs to.
 *
 * The scheme and "www." do not tell a site from its copy; host, port, path and environment type do.
 */
final class Address {

	public const OPTION = 'rag_ask_address';
	public const CODE   = 'other_address';

	private const MAX_URLS = 20;

	/**
	 * The URLs at which this site is reached; the first is its address.
	 *
	 * @return string[]
	 */
	public static function urls(): array {
		/**
		 * Filters the URLs at which visitors reach this site. Pages of all of them may ask. The first is the site's address: put
		 * a fixed one there when WP_HOME depends on the request.
		 *
		 * @param string[] $urls The addresses of Settings > General, that of the site first.
		 */
		$urls = (array) apply_filters( 'rag_ask_addresses', array( get_option( 'home' ), get_option( 'siteurl' ) ) );
		$urls = array_map( array( Connection::class, 'clean_url' ), array_filter( $urls, 'is_string' ) );
		return array_slice( array_values( array_unique( array_filter( $urls ) ) ), 0, self::MAX_URLS );
	}

	/**
	 * The address of this site: host, port and path.
	 */
	public static function here(): string {
		$at   = (array) wp_parse_url( self::urls()[0] ?? '' );
		$host = preg_replace( '/\Awww\./', '', strtolower( $at['host'] ?? '' ) );
		$port = $at['port'] ?? 0;
		$port = in_array( $port, array( 0, 'https' === ( $at['scheme'] ?? '' ) ? 443 : 80 ), true ) ? '' : ':' . $port;
		return $host . $port . ( $at['path'] ?? '' );
	}

	/**
	 * Why this site must not use its connection, with the remedy; empty when it may.
	 */
	public static function problem(): string {
		$bound = self::bound();
		if ( '' !== $bound['address'] && self::here() !== $bound['address'] ) {
			/* translators: 1: address of a site, 2: address of a site. */
			return sprintf( __( 'This site was connected as %1$s and is %2$s now, so nothing is sent and visitors get no answers.', 'rag-ask' ), $bound['address'], self::here() ) . ' ' . self::remedy();
		}
		if ( '' !== $bound['environment'] && wp_get_environment_type() !== $bound['environment'] ) {
			/* translators: 1: type of an environment such as "production", 2: type of an environment such as "staging". */
			return sprintf( __( 'This site was connected as "%1$s" and is "%2$s" now, so nothing is sent and visitors get no answers.', 'rag-ask' ), $bound['environment'], wp_get_environment_type() ) . ' ' . self::remedy();
		}
		return self::here() === $bound['refused'] ? $bound['message'] : '';
	}

	/**
	 * The sidecar accepted a request of this site.
	 *
	 * @param Connection $connection The connection in use.
	 */
	public static function accepted( Connection $connection ): void {
		$bound = array(
			'connection'  => self::name( $connection ),
			'address'     => self::here(),
			'environment' => wp_get_environment_type(),
			'refused'     => '',
			'message'     => '',
		);
		if ( self::bound() !== $bound ) {
			update_option( self::OPTION, $bound, true );
		}
	}

	/**
	 * The sidecar says that the index belongs to another address.
	 *
	 * @param Connection $connection The connection in use.
	 * @param string     $message    Of the sidecar.
	 */
	public static function refused( Connection $connection, string $message ): void {
		$bound = array(
			'connection' => self::name( $connection ),
			'refused'    => self::here(),
			'message'    => $message,
		);
		update_option( self::OPTION, $bound + self::bound(), true );
	}

	/**
	 * Let the sidecar decide again.
	 */
	public static function forget_refusal(): void {
		$bound = self::bound();
		if ( '' !== $bound['refused'] ) {
			update_option( self::OPTION, array( 'refused' => '' ) + $bound, true );
		}
	}

	/**
	 * This is a copy: forget the key and what waits to be pushed. The sidecar is told nothing.
	 *
	 * @return bool False when a constant holds the key.
	 */
	public static function disconnect(): bool {
		Outbox::clear();
		if ( Connection::is_locked( 'secret' ) ) {
			return false;
		}
		Connection::forget();
		foreach ( array( self::OPTION, Incarnation::OPTION, Sidecar_Status::OPTION, Insights::OPTION, Push_Log::OPTION, Reconcile::OPTION, Reconcile::RESULT, Reindex::OPTION ) as $option ) {
			delete_option( $option );
		}
		return true;
	}

	/**
	 * The site moved: take the index along and push every post with its new URL.
	 */
	public static function move(): ?\WP_Error {
		$connection = Connection::current();
		$body       = (string) wp_json_encode( array( 'url' => self::urls()[0] ?? '' ), JSON_UNESCAPED_SLASHES );
		// With a connection of its own, the request is sent although the address differs.
		$answer = Sidecar::request( 'POST', '/v1/address', $body, $connection );
		if ( is_wp_error( $answer ) ) {
			return $answer;
		}
		self::accepted( $connection );
		Site_Watcher::push_all();
		Outbox::retry_now();
		return null;
	}

	/**
	 * What is known of the current connection; empty texts where nothing is.
	 *
	 * @return array{connection: string, address: string, environment: string, refused: string, message: string}
	 */
	private static function bound(): array {
		$none       = array_fill_keys( array( 'connection', 'address', 'environment', 'refused', 'message' ), '' );
		$connection = Connection::current();
		$stored     = (array) get_option( self::OPTION, array() );
		return $connection && ( $stored['connection'] ?? '' ) === self::name( $connection ) ? array_merge( $none, $stored ) : $none;
	}

	/**
	 * A new key is a new connection: pasting it again into a copy does not make it one, because the sidecar decides.
	 *
	 * @param Connection $connection A connection.
	 */
	private static function name( Connection $connection ): string {
		return "$connection->sidecar_url $connection->site_id $connection->kid";
	}

	private static function remedy(): string {
		return __( 'Under Settings > RAG Ask, disconnect a copy of the site, or take the new address of a site that moved.', 'rag-ask' );
	}
}
