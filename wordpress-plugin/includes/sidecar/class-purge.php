<?php
/**
 * A site that goes asks the sidecar to forget it (tests/contract/purge-request.json).
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Waits only a little: the one who removes a site or the plugin must not be held up.
 */
final class Purge {

	private const TIMEOUT_S = 3;

	/**
	 * Ask the sidecar to delete all that it has of a site.
	 *
	 * @param Connection $connection Of the site.
	 * @return \WP_Error|null Null when it is gone.
	 */
	public static function ask( Connection $connection ): ?\WP_Error {
		$body   = (string) wp_json_encode( array( 'site_id' => $connection->site_id ) );
		$answer = Sidecar::request( 'DELETE', '/v1/site', $body, $connection, self::TIMEOUT_S );
		return is_wp_error( $answer ) ? $answer : null;
	}
}
