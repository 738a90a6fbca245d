<?php
/**
 * Encoding: a claimed row -> its change as JSON, or the reason why there is none.
 *
 * @package RagAsk
 */

namespace RagAsk;

require_once dirname( __DIR__ ) . '/functions.php';

/**
 * Rendering runs the code of other plugins; what that code throws counts against one post only.
 */
final class Change_Encoder {

	private const MAX_CHANGE_BYTES = 6_000_000;

	/**
	 * The change of a row. Writes nothing.
	 *
	 * @param \stdClass $row A claimed row of type post.
	 * @return array{json: string, hash: string}|Row_Outcome The outcome when this row alone failed.
	 */
	public static function encode( \stdClass $row ): array|Row_Outcome {
		if ( $row->attempts > Lease::MAX_ATTEMPTS ) {
			return Row_Outcome::dead( __( 'PHP stopped each time while this post was rendered. Look into the PHP error log, fix the post and save it.', 'rag-ask' ) );
		}
		try {
			$change = change_for( $row->object_id, $row->version, $row->priority );
			$json   = (string) wp_json_encode( $change, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE );
		} catch ( \Throwable $error ) {
			/* translators: %s: the message of the error. */
			return Row_Outcome::retry( sprintf( __( 'The post could not be rendered: %s', 'rag-ask' ), $error->getMessage() ) );
		}
		if ( strlen( $json ) > self::MAX_CHANGE_BYTES ) {
			return Row_Outcome::dead( __( 'The post is larger than 6 MB of text. Divide it into several posts.', 'rag-ask' ) );
		}
		return array(
			'json' => $json,
			'hash' => $change['document']['hash'] ?? '',
		);
	}
}
