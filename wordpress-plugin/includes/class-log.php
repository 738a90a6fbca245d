<?php
/**
 * What went wrong, told to PHP's log and never to a visitor.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Saving a post must not fail because of this plugin, so its own failures end here.
 */
final class Log {

	/**
	 * Write one line to PHP's error log.
	 *
	 * @param string $message Without secrets.
	 */
	public static function error( string $message ): void {
		error_log( 'RAG Ask: ' . $message ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions -- the only place a hook can report to.
	}
}
