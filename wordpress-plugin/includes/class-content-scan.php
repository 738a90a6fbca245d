<?php
/**
 * Outbox rows for posts that no hook spoke of: the content that was there before the plugin.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Walks the posts table by key, so that a large site costs many small queries and never a long one.
 */
final class Content_Scan {

	private const PAGE = 500;

	/**
	 * Queue every public post of the chosen types, and every post pushed before: it may be gone by now.
	 *
	 * @return int Public posts queued.
	 */
	public static function queue_everything(): int {
		Outbox::record_known();
		$count    = 0;
		$after_id = 0;
		do {
			$post_ids = self::page( $after_id );
			$after_id = end( $post_ids );
			$count   += count( $post_ids );
			Outbox::record( $post_ids );
		} while ( count( $post_ids ) === self::PAGE );
		return $count;
	}

	/**
	 * Public pages below a page, at any depth.
	 *
	 * @param int $post_id The page above.
	 * @return int[]
	 */
	public static function descendants( int $post_id ): array {
		$found = array();
		$level = array( $post_id );
		while ( $level ) {
			$level = get_posts(
				array(
					'post_type'        => Settings::get( 'post_types' ),
					'post_status'      => 'publish',
					'post_parent__in'  => $level,
					'post__not_in'     => array( $post_id, ...$found ), // A loop of parents, as imports make them, must end.
					'fields'           => 'ids',
					'numberposts'      => -1,
					'suppress_filters' => true,
				)
			);
			$found = array( ...$found, ...$level );
		}
		return $found;
	}

	/**
	 * The next page of ids.
	 *
	 * @param int $after_id Last id of the page before.
	 * @return int[]
	 */
	private static function page( int $after_id ): array {
		global $wpdb;
		$types = Settings::get( 'post_types' );
		if ( ! $types ) {
			return array();
		}
		$in = implode( ',', array_fill( 0, count( $types ), '%s' ) );
		return array_map(
			'intval',
			$wpdb->get_col( // phpcs:ignore WordPress.DB -- a scan; nothing to cache.
				$wpdb->prepare(
					"SELECT ID FROM {$wpdb->posts} WHERE ID > %d AND post_status = 'publish' AND post_password = ''
					AND post_type IN ($in) ORDER BY ID LIMIT %d", // phpcs:ignore WordPress.DB -- $in holds placeholders only.
					array( $after_id, ...$types, self::PAGE )
				)
			)
		);
	}
}
