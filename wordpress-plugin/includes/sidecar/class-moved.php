<?php
/**
 * Moved: the sidecar says that another one has this site now.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The old sidecar passes on whatever comes for the site, so nothing hurries. Its word is signed with the site's own key.
 */
final class Moved {

	public const HEADER = 'x-rag-ask-moved';

	private const TIMEOUT_S = 5;

	/**
	 * Whether the connection changes just now because of it.
	 *
	 * @var bool
	 */
	private static bool $is_moving = false;

	/**
	 * Use the new address from now on, when this server reaches it.
	 *
	 * @param Connection $connection The connection of the request.
	 * @param string     $notice     The header of the answer, or empty.
	 */
	public static function learn( Connection $connection, string $notice ): void {
		$url = '' === $notice ? '' : Signer::read_moved_token( $connection, $notice, Clock::now() );
		if ( '' === $url || Connection::is_locked( 'sidecar_url' ) || ! self::is_current( $connection ) ) {
			return;
		}
		$parts = array( 'sidecar_url' => $url ) + Connection::parts();
		$there = Connection::from_parts( $url, $parts['site_id'], $parts['secret'], $connection->urls );
		if ( is_wp_error( Sidecar::request( 'GET', '/v1/status', '', $there, self::TIMEOUT_S ) ) ) {
			return;
		}
		self::$is_moving = true;
		update_option( Connection::OPTION, $parts, false );
		self::$is_moving = false;
		Reconcile::restart();
	}

	/**
	 * Whether the connection changes because the site moved: the new sidecar has its documents.
	 */
	public static function is_moving(): bool {
		return self::$is_moving;
	}

	private static function is_current( Connection $connection ): bool {
		$current = Connection::current();
		return $current && array( $current->sidecar_url, $current->site_id, $current->kid ) === array( $connection->sidecar_url, $connection->site_id, $connection->kid );
	}
}
