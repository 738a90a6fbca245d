<?php
/**
 * Guest access: whether this WordPress can request its own pages.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * After some failures in a row no page is requested for a while, so that a host that forbids it slows down no push.
 */
final class Guest_Access {

	public const OPTION = 'rag_ask_guest_access';

	private const MAX_FAILURES = 3;

	/**
	 * Whether a page may be requested now.
	 */
	public static function is_open(): bool {
		return self::stored()['not_before'] <= time();
	}

	/**
	 * Seconds until a page may be requested.
	 */
	public static function wait_s(): int {
		return max( 0, self::stored()['not_before'] - time() );
	}

	/**
	 * A request failed.
	 *
	 * @param string $message Why.
	 */
	public static function failed( string $message ): void {
		$failures = self::stored()['failures'] + 1;
		update_option(
			self::OPTION,
			array(
				'failures'   => $failures,
				'not_before' => $failures < self::MAX_FAILURES ? 0 : time() + Backoff::delay_s( $failures ),
				'message'    => $message,
			),
			false
		);
	}

	/**
	 * A request had an answer.
	 */
	public static function worked(): void {
		if ( self::stored()['failures'] ) {
			delete_option( self::OPTION );
		}
	}

	/**
	 * What is not checked, for the site owner; empty when everything is.
	 */
	public static function problem(): string {
		$stored = self::stored();
		return $stored['failures'] < self::MAX_FAILURES || 'never' === Settings::get( 'guest_check' )
			? ''
			/* translators: %s: the message of an error. */
			: sprintf( __( 'This site cannot request its own pages (%s), so RAG Ask does not check whether guests see the text of a post, and does not find text that only the page has. What a redirect or a login page hides may be answered. Let WordPress call itself, or exclude such posts.', 'rag-ask' ), $stored['message'] );
	}

	/**
	 * The stored state.
	 *
	 * @return array{failures: int, not_before: int, message: string}
	 */
	private static function stored(): array {
		return (array) get_option( self::OPTION, array() ) + array(
			'failures'   => 0,
			'not_before' => 0,
			'message'    => '',
		);
	}
}
