<?php
/**
 * Outbox: one durable row per object; the newest version wins.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Owns the table. The settled row of a post stays, because it keeps two things: the version, which must rise even after the
 * clock was set back, and the content hash of the last push.
 *
 * A row says only that its object changed; the pusher reads the post when it pushes. Rows of type post are pushed; all others
 * are expanded into rows of type post (Expander).
 */
final class Outbox {

	public const TABLE = 'rag_ask_outbox';

	/** Priorities: an edit does not wait behind a scan of the whole site. */
	public const LIVE = 0;
	public const SCAN = 1;

	/**
	 * Table name on this site.
	 */
	public static function table(): string {
		global $wpdb;
		return $wpdb->prefix . self::TABLE;
	}

	/**
	 * Create or upgrade the table.
	 */
	public static function install(): void {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		// dbDelta reads this text: two spaces after PRIMARY KEY, one column a line. Times are Unix seconds.
		dbDelta(
			'CREATE TABLE ' . self::table() . " (
			object_type varchar(10) NOT NULL,
			object_id bigint(20) unsigned NOT NULL,
			version bigint(20) unsigned NOT NULL,
			priority tinyint(3) unsigned NOT NULL DEFAULT 0,
			state varchar(10) NOT NULL DEFAULT 'waiting',
			attempts int(10) unsigned NOT NULL DEFAULT 0,
			next_attempt_at bigint(20) NOT NULL DEFAULT 0,
			leased_until bigint(20) NOT NULL DEFAULT 0,
			lease_id varchar(32) NOT NULL DEFAULT '',
			last_error varchar(500) NOT NULL DEFAULT '',
			hash varchar(64) NOT NULL DEFAULT '',
			cursor_id bigint(20) unsigned NOT NULL DEFAULT 0,
			PRIMARY KEY  (object_type,object_id),
			KEY due (state,priority,next_attempt_at),
			KEY lease (lease_id)
			) {$wpdb->get_charset_collate()};"
		);
	}

	/**
	 * Record that objects changed. This ends any lease, so that a running push cannot settle a version it has not read.
	 *
	 * @param int[]  $ids      At most a few hundred.
	 * @param string $type     'post', or one of Expander::TYPES.
	 * @param int    $priority LIVE or SCAN. A waiting row keeps the more urgent one.
	 */
	public static function record( array $ids, string $type = 'post', int $priority = self::LIVE ): bool {
		return self::upsert( array_fill_keys( $ids, self::now_us() ), $type, $priority );
	}

	/**
	 * Record posts with versions above those of the sidecar.
	 *
	 * @param array<int, int> $versions Version in the sidecar by post id; at most a few hundred.
	 * @param int             $priority LIVE or SCAN.
	 */
	public static function record_above( array $versions, int $priority = self::LIVE ): bool {
		$now_us = self::now_us();
		return self::upsert( array_map( static fn( int $version ) => max( $now_us, $version + 1 ), $versions ), 'post', $priority );
	}

	/**
	 * The row of a post, or null when it was never recorded.
	 *
	 * @param int $post_id The post.
	 */
	public static function find( int $post_id ): ?\stdClass {
		return Database::rows( 'SELECT * FROM ' . self::table() . " WHERE object_type = 'post' AND object_id = %d", $post_id )[0] ?? null;
	}

	/**
	 * Filter post ids by whether they have a row, so that the sidecar may know them.
	 *
	 * @param int[] $post_ids At least one, at most a few hundred.
	 * @return int[]
	 */
	public static function known( array $post_ids ): array {
		return array_column( Database::rows( 'SELECT object_id FROM ' . self::table() . " WHERE object_type = 'post' AND object_id IN (" . Content_Scan::in( $post_ids ) . ')' ), 'object_id' );
	}

	/**
	 * The next page of posts that have a row, deleted ones included.
	 *
	 * @param int $after_id Last id of the previous page.
	 * @param int $limit    Maximum number of ids.
	 * @return int[]
	 */
	public static function page( int $after_id, int $limit ): array {
		$rows = Database::rows( 'SELECT object_id FROM ' . self::table() . " WHERE object_type = 'post' AND object_id > %d ORDER BY object_id LIMIT %d", $after_id, $limit );
		return array_column( $rows, 'object_id' );
	}

	/**
	 * Make waiting rows and dead letters due now.
	 */
	public static function retry_now(): void {
		Database::query( 'UPDATE ' . self::table() . " SET state = 'waiting', attempts = 0, next_attempt_at = %d WHERE state <> 'settled' AND lease_id = ''", time() );
	}

	/**
	 * Forget every row.
	 */
	public static function clear(): void {
		Database::query( 'DELETE FROM ' . self::table() );
	}

	/**
	 * Number of rows by state. Rows to be expanded count as waiting.
	 *
	 * @return array{waiting: int, settled: int, dead: int}
	 */
	public static function counts(): array {
		$counts = array();
		foreach ( array( 'waiting', 'settled', 'dead' ) as $state ) {
			$counts[ $state ] = (int) Database::value( 'SELECT COUNT(*) FROM ' . self::table() . ' WHERE state = %s', $state );
		}
		return $counts;
	}

	/**
	 * Dead letters, the newest first.
	 *
	 * @param int $limit Maximum number of rows.
	 * @return \stdClass[]
	 */
	public static function dead( int $limit ): array {
		return Database::rows( 'SELECT * FROM ' . self::table() . " WHERE state = 'dead' ORDER BY version DESC LIMIT %d", $limit );
	}

	/**
	 * Write all rows in one atomic statement.
	 *
	 * @param array<int, int> $versions Minimum version of each row, by object id.
	 * @param string          $type     Type of the objects.
	 * @param int             $priority LIVE or SCAN.
	 */
	private static function upsert( array $versions, string $type, int $priority ): bool {
		$rows = array();
		foreach ( $versions as $id => $version ) {
			$rows[] = sprintf( "('%s', %d, %d, %d, 'waiting', %d)", esc_sql( $type ), $id, $version, $priority, time() );
		}
		// CASE and not GREATEST(): on SQLite, functions defined in PHP get their arguments cut to 32 bits.
		// MySQL assigns from left to right: priority reads the state before it is set.
		return ! $rows || false !== Database::query(
			'INSERT INTO ' . self::table() . ' (object_type, object_id, version, priority, state, next_attempt_at) VALUES ' . implode( ',', $rows ) . "
			ON DUPLICATE KEY UPDATE version = CASE WHEN version >= VALUES(version) THEN version + 1 ELSE VALUES(version) END,
			priority = CASE WHEN state = 'waiting' AND priority < VALUES(priority) THEN priority ELSE VALUES(priority) END,
			state = 'waiting', attempts = 0, next_attempt_at = VALUES(next_attempt_at), leased_until = 0, lease_id = '', last_error = '', cursor_id = 0"
		);
	}

	private static function now_us(): int {
		return (int) ( microtime( true ) * 1_000_000 );
	}
}
