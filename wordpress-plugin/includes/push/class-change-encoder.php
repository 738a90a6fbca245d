<?php
/**
 * A claimed row -> its change as JSON, or the end of this row alone.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Rendering runs the code of other plugins. What it throws, and that it ends the process, is held against one post only.
 */
final class Change_Encoder {

	private const MAX_CHANGE_BYTES = 6_000_000;

	/** The row whose post is being rendered. */
	private static ?\stdClass $row = null;

	/** Whether PHP calls us when the process ends. */
	private static bool $is_guarded = false;

	/**
	 * The change of a row.
	 *
	 * @param \stdClass $row A claimed row.
	 * @return array{json: string, hash: string}|null Null when the row failed alone and was closed.
	 */
	public static function encode( \stdClass $row ): ?array {
		if ( $row->attempts > Lease::MAX_ATTEMPTS ) {
			Lease::bury( $row, __( 'PHP stopped each time while this post was rendered. Look into the PHP error log, mend the post and save it.', 'rag-ask' ) );
			return null;
		}
		self::guard();
		self::$row = $row;
		try {
			$change = change_for( $row->object_id, $row->version, $row->priority );
			$json   = wp_json_encode( $change, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE );
		} catch ( \Throwable $error ) {
			/* translators: %s: the message of the error. */
			Lease::fail( $row, sprintf( __( 'The post could not be rendered: %s', 'rag-ask' ), $error->getMessage() ) );
			return null;
		} finally {
			self::$row = null;
		}
		if ( strlen( (string) $json ) > self::MAX_CHANGE_BYTES ) {
			Lease::bury( $row, __( 'The post is larger than 6 MB of text. Divide it into several posts.', 'rag-ask' ) );
			return null;
		}
		return array(
			'json' => $json,
			'hash' => $change['document']['hash'] ?? '',
		);
	}

	/**
	 * The process ends. If that happened inside a post, close its row, give back the others and go on in another request.
	 * PHP skips this where exit() is called during shutdown, and after kill -9: there the lease runs out.
	 */
	public static function process_ends(): void {
		$row = self::$row;
		if ( ! $row ) {
			return;
		}
		self::$row = null;
		Lease::fail( $row, __( 'PHP stopped while this post was rendered. Look into the PHP error log, mend the post and save it.', 'rag-ask' ) );
		Lease::release( $row->lease_id );
		Push_Lock::release();
		wp_schedule_single_event( time(), Push_Schedule::SOON );
	}

	private static function guard(): void {
		if ( ! self::$is_guarded ) {
			register_shutdown_function( array( self::class, 'process_ends' ) );
			self::$is_guarded = true;
		}
	}
}
