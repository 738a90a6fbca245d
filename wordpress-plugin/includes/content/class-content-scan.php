<?php
/**
 * Pages of posts by id: how every walk over the content reads the posts table.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * By key, so that a large site costs many small queries and never a long one.
 */
final class Content_Scan {

	/**
	 * The next page of posts that may be indexed. Whether one is, why_left_out() says.
	 *
	 * @param int      $after_id  Last id of the page before.
	 * @param string[] $types     Post types.
	 * @param int      $limit     Most ids.
	 * @param string   $condition Prepared SQL about the table p.
	 * @return int[]
	 */
	public static function page( int $after_id, array $types, int $limit, string $condition = '1 = 1' ): array {
		global $wpdb;
		if ( ! $types ) {
			return array();
		}
		$sql = 'SELECT p.ID' . self::candidates( $types ) . " AND p.ID > %d AND ($condition) ORDER BY p.ID LIMIT %d";
		return array_map( 'intval', $wpdb->get_col( $wpdb->prepare( $sql, $after_id, $limit ) ) ); // phpcs:ignore WordPress.DB -- a scan; nothing to cache.
	}

	/**
	 * How many posts may be indexed.
	 *
	 * @param string[] $types Post types.
	 */
	public static function count( array $types ): int {
		return $types ? (int) Database::value( 'SELECT COUNT(*)' . self::candidates( $types ) ) : 0;
	}

	/**
	 * Statuses of posts that somebody may ask about.
	 *
	 * @return string[]
	 */
	public static function statuses(): array {
		return Settings::get( 'index_private' ) ? array( 'publish', 'private' ) : array( 'publish' );
	}

	/**
	 * A list of values for IN, escaped.
	 *
	 * @param array<int|string> $values At least one.
	 */
	public static function in( array $values ): string {
		global $wpdb;
		return $wpdb->prepare( implode( ',', array_fill( 0, count( $values ), '%s' ) ), $values ); // phpcs:ignore WordPress.DB -- placeholders only.
	}

	private static function candidates( array $types ): string {
		global $wpdb;
		return " FROM {$wpdb->posts} p WHERE p.post_password = '' AND p.post_status IN (" . self::in( self::statuses() ) . ') AND p.post_type IN (' . self::in( $types ) . ')';
	}
}
