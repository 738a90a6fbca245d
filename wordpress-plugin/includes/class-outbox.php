<?php
/**
 * Outbox row: one durable row per post, newest version wins.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Owns the table. A settled row stays: it keeps the version, which must go on rising even when the clock was set back.
 *
 * A row says only "this post changed"; what to push is read from the post at the time of the push.
 */
final class Outbox {

	public const TABLE = 'rag_ask_outbox';

	/**
	 * Name of the table of this site.
	 */
	public static function table(): string {
		global $wpdb;
		return $wpdb->prefix . self::TABLE;
	}

	/**
	 * Make or upgrade the table.
	 */
	public static function install(): void {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		// dbDelta reads this text: two spaces after PRIMARY KEY, one column a line. Times are Unix seconds.
		dbDelta(
			'CREATE TABLE ' . self::table() . " (
			post_id bigint(20) unsigned NOT NULL,
			version bigint(20) unsigned NOT NULL,
			state varchar(10) NOT NULL DEFAULT 'waiting',
			attempts int(10) unsigned NOT NULL DEFAULT 0,
			next_attempt_at bigint(20) NOT NULL DEFAULT 0,
			leased_until bigint(20) NOT NULL DEFAULT 0,
			lease_id varchar(32) NOT NULL DEFAULT '',
			last_error varchar(500) NOT NULL DEFAULT '',
			PRIMARY KEY  (post_id),
			KEY due (state,next_attempt_at),
			KEY lease (lease_id)
			) {$wpdb->get_charset_collate()};"
		);
	}

	/**
	 * Note that posts changed. The lease is taken away, so that a push under way cannot settle what it has not seen.
	 *
	 * @param int[] $post_ids At most a few hundred.
	 */
	public static function record( array $post_ids ): bool {
		// CASE and not GREATEST(): where WordPress runs on SQLite, functions made in PHP get their arguments cut to 32 bits.
		$rows = array();
		foreach ( $post_ids as $post_id ) {
			$rows[] = sprintf( "(%d, %d, 'waiting', %d)", $post_id, self::now_us(), time() );
		}
		return ! $rows || false !== Database::query(
			'INSERT INTO ' . self::table() . ' (post_id, version, state, next_attempt_at) VALUES ' . implode( ',', $rows ) . "
			ON DUPLICATE KEY UPDATE version = CASE WHEN version >= VALUES(version) THEN version + 1 ELSE VALUES(version) END, state = 'waiting', attempts = 0,
			next_attempt_at = VALUES(next_attempt_at), leased_until = 0, lease_id = '', last_error = ''"
		);
	}

	/**
	 * Note that every post ever pushed may have changed, the deleted ones too.
	 */
	public static function record_known(): bool {
		$now_us = self::now_us();
		return false !== Database::query(
			'UPDATE ' . self::table() . " SET version = CASE WHEN version >= %d THEN version + 1 ELSE %d END, state = 'waiting', attempts = 0,
			next_attempt_at = %d, leased_until = 0, lease_id = '', last_error = ''",
			$now_us,
			$now_us,
			time()
		);
	}

	/**
	 * Whether the sidecar may have heard of this post.
	 *
	 * @param int $post_id The post.
	 */
	public static function knows( int $post_id ): bool {
		return array() !== Database::rows( 'SELECT * FROM ' . self::table() . ' WHERE post_id = %d', $post_id );
	}

	/**
	 * Try the waiting and the dead at once.
	 */
	public static function retry_now(): void {
		Database::query( 'UPDATE ' . self::table() . " SET state = 'waiting', attempts = 0, next_attempt_at = %d WHERE state <> 'settled' AND lease_id = ''", time() );
	}

	/**
	 * Rows by state.
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
	 * Rows that need the site owner.
	 *
	 * @param int $limit Most rows.
	 * @return \stdClass[]
	 */
	public static function dead( int $limit ): array {
		return Database::rows( 'SELECT * FROM ' . self::table() . " WHERE state = 'dead' ORDER BY version DESC LIMIT %d", $limit );
	}

	private static function now_us(): int {
		return (int) ( microtime( true ) * 1_000_000 );
	}
}
