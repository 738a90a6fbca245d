<?php
/**
 * File links: which post links to or shows which PDF or office file of the media library.
 *
 * @package RagAsk
 */

namespace RagAsk;

require_once dirname( __DIR__ ) . '/functions.php';

/**
 * A table of its own and no post meta: it must tell the files of a post that was just deleted.
 */
final class File_Links {

	public const TABLE = 'rag_ask_file_links';

	/** Posts that are asked whether a file is to be indexed. */
	private const MAX_POSTS = 50;

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
		dbDelta(
			'CREATE TABLE ' . self::table() . " (
			post_id bigint(20) unsigned NOT NULL,
			file_id bigint(20) unsigned NOT NULL,
			PRIMARY KEY  (post_id,file_id),
			KEY file (file_id)
			) {$wpdb->get_charset_collate()};"
		);
	}

	/**
	 * Keep the files of a post that was just rendered, and have those compared that it has or had. Nobody waits for it: a
	 * push calls this.
	 *
	 * @param int    $post_id The post.
	 * @param string $html    What guests see of it, '' when they see nothing.
	 */
	public static function note( int $post_id, string $html ): void {
		if ( ! Settings::get( 'linked_files' ) ) {
			return;
		}
		$before = self::of_post( $post_id );
		$after  = '' === $html ? array() : files_in( $html );
		// Before the links change: a process that ends in between must not forget a file.
		Outbox::record( array_values( array_unique( array( ...$before, ...$after ) ) ), 'check' );
		foreach ( array_diff( $before, $after ) as $file_id ) {
			Database::query( 'DELETE FROM ' . self::table() . ' WHERE post_id = %d AND file_id = %d', $post_id, $file_id );
		}
		foreach ( array_diff( $after, $before ) as $file_id ) {
			Database::query( 'INSERT INTO ' . self::table() . ' (post_id, file_id) VALUES (%d, %d) ON DUPLICATE KEY UPDATE file_id = VALUES(file_id)', $post_id, $file_id );
		}
	}

	/**
	 * The files of a post.
	 *
	 * @param int $post_id The post.
	 * @return int[]
	 */
	public static function of_post( int $post_id ): array {
		return Database::ids( 'SELECT file_id FROM ' . self::table() . ' WHERE post_id = %d ORDER BY file_id', $post_id );
	}

	/**
	 * SQL condition on the posts table, aliased p: the attachments that posts link to or show.
	 */
	public static function condition(): string {
		return Settings::get( 'linked_files' ) ? "(p.post_type = 'attachment' AND p.ID IN (SELECT l.file_id FROM " . self::table() . ' l))' : '1 = 0';
	}

	/**
	 * The posts that link to or show a file, the first ones.
	 *
	 * @param int $file_id The attachment.
	 * @return int[]
	 */
	public static function posts_of( int $file_id ): array {
		return Database::ids( 'SELECT post_id FROM ' . self::table() . ' WHERE file_id = %d ORDER BY post_id LIMIT %d', $file_id, self::MAX_POSTS );
	}
}
