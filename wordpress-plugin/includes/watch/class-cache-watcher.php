<?php
/**
 * Cache watcher: changes without a hook of their own, such as set_post_type(), only clean the post's cache.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * An ordinary save and a comment clean the cache too. So the ids are kept until the request ends, those that other hooks
 * recorded are dropped, and the rest become rows of type check: the pusher compares content hashes.
 */
final class Cache_Watcher {

	private const PAGE = 500;

	/**
	 * Posts whose cache was cleaned, by blog id and post id.
	 *
	 * @var array<int, array<int, true>>
	 */
	private static array $touched = array();

	/**
	 * The cache of a post was cleaned.
	 *
	 * @param int $post_id The post.
	 */
	public static function cleaned( int $post_id ): void {
		if ( ! self::$touched ) {
			// Before the push is planned at 0.
			add_action( 'shutdown', array( self::class, 'record' ), -1, 0 );
		}
		self::$touched[ get_current_blog_id() ][ $post_id ] = true;
	}

	/**
	 * Another hook recorded the post, or nothing indexed changed.
	 *
	 * @param int $post_id The post.
	 */
	public static function forget( int $post_id ): void {
		unset( self::$touched[ get_current_blog_id() ][ $post_id ] );
	}

	/**
	 * Record what is left.
	 */
	public static function record(): void {
		$touched       = self::$touched;
		self::$touched = array();
		foreach ( $touched as $blog_id => $post_ids ) {
			is_multisite() && switch_to_blog( $blog_id );
			Watch::safely( static fn() => self::record_for_site( array_keys( $post_ids ) ) );
			is_multisite() && restore_current_blog();
		}
	}

	private static function record_for_site( array $post_ids ): void {
		foreach ( array_chunk( $post_ids, self::PAGE ) as $page ) {
			$indexable = Content_Scan::page( 0, Settings::pushed_types(), self::PAGE, 'p.ID IN (' . Content_Scan::in( $page ) . ')' );
			Watch::record( array_unique( array( ...$indexable, ...Outbox::known( $page ) ) ), 'check' );
		}
	}
}
