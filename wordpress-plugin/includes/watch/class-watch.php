<?php
/**
 * Watch: what all watchers share on the way from a hook to the outbox.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Saving must not fail or wait because of this plugin: errors go to the log, and the push follows later.
 */
final class Watch {

	private const PAGE = 500;

	/**
	 * Write the rows and plan the push.
	 *
	 * @param int[]  $ids      Objects that changed.
	 * @param string $type     'post', or one of Expander::TYPES.
	 * @param int    $priority Outbox::LIVE or Outbox::SCAN.
	 */
	public static function record( array $ids, string $type = 'post', int $priority = Outbox::LIVE ): void {
		foreach ( array_chunk( $ids, self::PAGE ) as $page ) {
			if ( Outbox::record( $page, $type, $priority ) ) {
				Push_Schedule::soon();
			}
		}
	}

	/**
	 * Run a hook so that neither this plugin nor wrong arguments of another one make saving fail.
	 *
	 * @param callable $work         The method of the watcher.
	 * @param mixed    ...$arguments Its arguments.
	 */
	public static function safely( callable $work, ...$arguments ): void {
		try {
			$work( ...$arguments );
		} catch ( \Throwable $error ) {
			Log::error( 'a change was not queued: ' . $error->getMessage() );
		}
	}
}
