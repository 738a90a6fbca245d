<?php
/**
 * Post watcher: a saved, moved or deleted post -> outbox rows.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Decides only whether a post needs an outbox row. The push reads its state later.
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
		self::queue( $post );
		if ( $is_update && $post_before && is_post_type_hierarchical( $post->post_type ) && self::affects_children( $post, $post_before ) ) {
			Watch::record( array( $post->ID ), 'page' );
		}
	}

	/**
	 * A post may no longer be indexed.
	 *
	 * @param string   $new_status New status.
	 * @param string   $old_status Old status.
	 * @param \WP_Post $post       The post.
	 */
	public static function status_changed( string $new_status, string $old_status, \WP_Post $post ): void {
		if ( $new_status !== $old_status && in_array( $old_status, Content_Scan::statuses(), true ) ) {
			self::queue( $post, true );
		}
	}

	/**
	 * A part of a post changed outside a save.
	 *
	 * @param int $post_id The post.
	 */
	public static function changed( int $post_id ): void {
		$post = get_post( $post_id );
		if ( $post ) {
			self::queue( $post );
		}
	}

	/**
	 * A post is about to be deleted: recorded now, so that a crash half-way loses nothing. Its child pages move up.
	 *
	 * @param int      $post_id The post.
	 * @param \WP_Post $post    As it is.
	 */
	public static function before_delete( int $post_id, \WP_Post $post ): void {
		self::queue( $post );
		if ( is_post_type_hierarchical( $post->post_type ) ) {
			Watch::record( Post_Relations::children( $post_id, $post->post_type ), 'page' );
		}
	}

	/**
	 * A post was deleted: recorded again, because only now does a push see that it is gone.
	 *
	 * @param int      $post_id The post.
	 * @param \WP_Post $post    As it was.
	 */
	public static function deleted( int $post_id, \WP_Post $post ): void {
		self::queue( $post );
	}

	/**
	 * Record a post that visitors may have seen or may see now. Runs no filter of other plugins while the author waits.
	 *
	 * @param \WP_Post $post       As it is now.
	 * @param bool     $was_public Whether it was published until now.
	 */
	private static function queue( \WP_Post $post, bool $was_public = false ): void {
		Cache_Watcher::forget( $post->ID );
		if ( wp_is_post_revision( $post ) || wp_is_post_autosave( $post ) || 'auto-draft' === $post->post_status ) {
			return;
		}
		if ( 'wp_block' === $post->post_type ) {
			Watch::record( array( $post->ID ), 'pattern' );
		}
		if ( Note_Type::is_note( $post ) ) {
			Note_Type::now_in_use();
		}
		if ( Shop_Watcher::VARIATION_TYPE === $post->post_type ) {
			// Its product says what it costs.
			self::changed( $post->post_parent );
			return;
		}
		$was_public = $was_public || in_array( $post->post_status, Content_Scan::statuses(), true );
		$is_chosen  = in_array( $post->post_type, Settings::pushed_types(), true );
		if ( ( $is_chosen && $was_public ) || Outbox::find( $post->ID ) ) {
			Watch::record( array( $post->ID ) );
		}
	}

	/**
	 * Whether the URLs of the child pages, or who may see them, changed with this page.
	 *
	 * @param \WP_Post $now    After.
	 * @param \WP_Post $before Before.
	 */
	private static function affects_children( \WP_Post $now, \WP_Post $before ): bool {
		$has_moved = $now->post_name !== $before->post_name || $now->post_parent !== $before->post_parent;
		$is_hidden = static fn( \WP_Post $post ): bool => 'private' === $post->post_status || '' !== $post->post_password;
		return $has_moved || $is_hidden( $now ) !== $is_hidden( $before );
	}
}
