<?php
/**
 * Guest mark: shows that this WordPress gave an answer, and not a firewall or another site at the same address.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A refusal without the mark says nothing of the post.
 */
final class Guest_Mark {

	public const HEADER = 'X-RAG-Ask-Guest';

	/**
	 * Mark the answer of this request when it asks for that.
	 */
	public static function answer(): void {
		$challenge = isset( $_SERVER['HTTP_X_RAG_ASK_GUEST'] ) ? sanitize_key( $_SERVER['HTTP_X_RAG_ASK_GUEST'] ) : '';
		if ( '' !== $challenge && ! headers_sent() ) {
			header( self::HEADER . ': ' . self::of( $challenge ) ); // phpcs:ignore Generic.PHP.ForbiddenFunctions -- WordPress has no function that sends a header this early.
		}
	}

	/**
	 * The mark of a challenge.
	 *
	 * @param string $challenge Random hexadecimal digits.
	 */
	public static function of( string $challenge ): string {
		return wp_hash( "rag-ask-guest $challenge", 'nonce' );
	}
}
