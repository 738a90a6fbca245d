<?php
/**
 * Purge: asks the sidecar to delete everything of a site (tests/contract/purge-request.json).
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Uses a short timeout: removing a site or the plugin must not wait long.
 */
final class Purge {

	private const TIMEOUT_S = 3;

	/**
	 * Send the purge of a site.
	 *
	 * @param Connection $connection Connection of the site.
	 * @return \WP_Error|null Null when everything is deleted.
	 */
	public static function send( Connection $connection ): ?\WP_Error {
		$body   = (string) wp_json_encode( array( 'site_id' => $connection->site_id ) );
		$answer = Sidecar::request( 'DELETE', '/v1/site', $body, $connection, self::TIMEOUT_S );
		return is_wp_error( $answer ) ? $answer : null;
	}
}
