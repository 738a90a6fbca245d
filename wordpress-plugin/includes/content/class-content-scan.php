<?php
/**
 * Content scan: reads the posts table page by page, ordered by id.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Keyset pagination: a large site costs many small queries and never a long one.
 */
final class Content_Scan {

	/**
	 * The next page of posts that may be indexed; exclusion_reason() decides on each.
	 *
	 * @param int      $after_id  Last id of the previous page.
	 * @param string[] $types     Post types.
	 * @param int      $limit     Maximum number of ids.
	 * @param string   $condition Prepared SQL condition on the posts table, aliased p.
	 * @return int[]
	 */
	public static function page( int $after_id, array $types, int $limit, string $condition = '1 = 1' ): array {
		if ( ! $types ) {
			return array();
		}
		$sql = 'SELECT p.ID' . self::candidates( $types ) . " AND p.ID > %d AND ($condition) ORDER BY p.ID LIMIT %d";
		return Database::ids( $sql, $after_id, $limit );
	}

	/**
	 * Number of posts that may be indexed.
	 *
	 * @param string[] $types Post types.
	 */
	public static function count( array $types ): int {
		return $types ? (int) Database::value( 'SELECT COUNT(*)' . self::candidates( $types ) ) : 0;
	}

	/**
	 * Post statuses that are indexed.
	 *
	 * @return string[]
	 */
	public static function statuses(): array {
		return Settings::get( 'index_private' ) ? array( 'publish', 'private' ) : array( 'publish' );
	}

	/**
	 * Escaped values for an SQL IN list.
	 *
	 * @param array<int|string> $values At least one.
	 */
	public static function in( array $values ): string {
		global $wpdb;
		return $wpdb->prepare( implode( ',', array_fill( 0, count( $values ), '%s' ) ), $values ); // phpcs:ignore WordPress.DB.PreparedSQL, WordPress.DB.PreparedSQLPlaceholders -- the SQL is placeholders only.
	}

	private static function candidates( array $types ): string {
		global $wpdb;
		$posts = "p.post_password = '' AND p.post_status IN (" . self::in( self::statuses() ) . ') AND p.post_type IN (' . self::in( $types ) . ')';
		// The status of an attachment is its own.
		$files = in_array( 'attachment', $types, true ) ? ' OR ' . File_Links::condition() : '';
		return " FROM {$wpdb->posts} p WHERE ($posts$files)";
	}
}
