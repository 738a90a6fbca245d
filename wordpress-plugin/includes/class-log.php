<?php
/**
 * Log: errors go to PHP's error log and never to a visitor.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Saving a post must not fail because of this plugin, so its own errors end here.
 */
final class Log {

	/**
	 * Write one line to PHP's error log.
	 *
	 * @param string $message Without secrets.
	 */
	public static function error( string $message ): void {
		error_log( 'RAG Ask: ' . $message ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions -- hooks can report errors nowhere else.
	}
}
