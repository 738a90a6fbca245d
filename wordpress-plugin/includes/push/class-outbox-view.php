<?php
/**
 * Outbox figures for the screens of the site owner and the editors.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Read-only; Outbox and Lease write.
 */
final class Outbox_View {

	/**
	 * Number of posts of a reindex that are not pushed yet. A post that failed and backs off does not count, so that it holds up no reindex.
	 */
	public static function waiting_scans(): int {
		return (int) Database::value( 'SELECT COUNT(*) FROM ' . Outbox::table() . " WHERE state = 'waiting' AND object_type = 'post' AND priority = %d AND (attempts = 0 OR lease_id <> '')", Outbox::SCAN );
	}

	/**
	 * Whether expansions are waiting.
	 */
	public static function is_expanding(): bool {
		return 0 < (int) Database::value( 'SELECT COUNT(*) FROM ' . Outbox::table() . " WHERE state = 'waiting' AND object_type <> 'post'" );
	}

	/**
	 * When the oldest waiting change was recorded. A version is a time in microseconds.
	 *
	 * @return int Unix time, 0 when nothing waits.
	 */
	public static function waiting_since(): int {
		return intdiv( (int) Database::value( 'SELECT MIN(version) FROM ' . Outbox::table() . " WHERE state = 'waiting'" ), 1_000_000 );
	}

	/**
	 * Rows of posts, by id.
	 *
	 * @param int[] $post_ids At most a thousand.
	 * @return array<int, \stdClass> By post id; a post that was never recorded is missing.
	 */
	public static function rows_of( array $post_ids ): array {
		if ( ! $post_ids ) {
			return array();
		}
		$in   = implode( ',', array_map( 'intval', $post_ids ) );
		$rows = Database::rows( 'SELECT * FROM ' . Outbox::table() . " WHERE object_type = 'post' AND object_id IN ($in)" );
		return array_column( $rows, null, 'object_id' );
	}
}
