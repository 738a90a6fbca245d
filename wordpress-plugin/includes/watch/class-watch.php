<?php
/**
 * From a hook to the outbox: what all watchers do alike.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Whoever saves something must not notice us: an error ends in the log, and the push follows later.
 */
final class Watch {

	private const PAGE = 500;

	/**
	 * Write the rows and see that they are pushed.
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
	 * Saving must not fail because of us, nor because of what another plugin hands to a hook.
	 *
	 * @param callable $work         What the hook does.
	 * @param mixed    ...$arguments What it is given.
	 */
	public static function safely( callable $work, ...$arguments ): void {
		try {
			$work( ...$arguments );
		} catch ( \Throwable $error ) {
			Log::error( 'a change was not noted: ' . $error->getMessage() );
		}
	}
}
