<?php
/**
 * Post saved: a WordPress hook -> "this post changed".
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Decides only whether a post is worth an outbox row. What it has become is decided when it is pushed.
 */
final class Post_Watcher {

	/**
	 * A post, its terms and its meta were stored.
	 *
	 * @param int           $post_id     The post.
	 * @param \WP_Post      $post        As it is now.
	 * @param bool          $is_update   Whether it existed.
	 * @param \WP_Post|null $post_before As it was.
	 */
	public static function after_insert( int $post_id, \WP_Post $post, bool $is_update, ?\WP_Post $post_before ): void {
		self::consider( $post );
		if ( $is_update && $post_before && is_post_type_hierarchical( $post->post_type ) && self::has_moved( $post, $post_before ) ) {
			Watch::record( array( $post->ID ), 'page' );
		}
	}

	/**
	 * A post may have left the part of the site that is indexed.
	 *
	 * @param string   $new_status Status it got.
	 * @param string   $old_status Status it had.
	 * @param \WP_Post $post       The post.
	 */
	public static function status_changed( string $new_status, string $old_status, \WP_Post $post ): void {
		if ( $new_status !== $old_status && in_array( $old_status, Content_Scan::statuses(), true ) ) {
			self::consider( $post, true );
		}
	}

	/**
	 * Something of a post changed outside a save.
	 *
	 * @param int $post_id The post.
	 */
	public static function changed( int $post_id ): void {
		$post = get_post( $post_id );
		if ( $post ) {
			self::consider( $post );
		}
	}

	/**
	 * A post is about to go: noted now, so that a crash half-way loses nothing. The pages below it move up.
	 *
	 * @param int      $post_id The post.
	 * @param \WP_Post $post    As it is.
	 */
	public static function before_delete( int $post_id, \WP_Post $post ): void {
		self::consider( $post );
		if ( is_post_type_hierarchical( $post->post_type ) ) {
			Watch::record( Post_Relations::children( $post_id, $post->post_type ), 'page' );
		}
	}

	/**
	 * A post is gone: noted again, because only now does a push see that it is.
	 *
	 * @param int      $post_id The post.
	 * @param \WP_Post $post    As it was.
	 */
	public static function deleted( int $post_id, \WP_Post $post ): void {
		self::consider( $post );
	}

	/**
	 * Note a post that visitors may have seen or may see now. No filter of other plugins runs while the author waits.
	 *
	 * @param \WP_Post $post       As it is now.
	 * @param bool     $was_public Whether it was published until now.
	 */
	private static function consider( \WP_Post $post, bool $was_public = false ): void {
		Cache_Watcher::forget( $post->ID );
		if ( wp_is_post_revision( $post ) || wp_is_post_autosave( $post ) || 'auto-draft' === $post->post_status ) {
			return;
		}
		if ( 'wp_block' === $post->post_type ) {
			Watch::record( array( $post->ID ), 'pattern' );
		}
		$was_public = $was_public || in_array( $post->post_status, Content_Scan::statuses(), true );
		$is_chosen  = in_array( $post->post_type, Settings::get( 'post_types' ), true );
		if ( ( $is_chosen && $was_public ) || Outbox::find( $post->ID ) ) {
			Watch::record( array( $post->ID ) );
		}
	}

	/**
	 * Whether the addresses of the pages below this one changed with it.
	 *
	 * @param \WP_Post $now    After.
	 * @param \WP_Post $before Before.
	 */
	private static function has_moved( \WP_Post $now, \WP_Post $before ): bool {
		return $now->post_name !== $before->post_name || $now->post_parent !== $before->post_parent;
	}
}
