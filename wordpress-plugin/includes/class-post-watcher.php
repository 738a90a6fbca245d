<?php
/**
 * Post saved: a WordPress hook -> "this post changed", never an error.
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
		self::guard(
			static function () use ( $post, $is_update, $post_before ) {
				self::consider( $post );
				if ( $is_update && $post_before && is_post_type_hierarchical( $post->post_type ) && self::has_moved( $post, $post_before ) ) {
					self::record( array( $post->ID ), 'page' );
				}
			}
		);
	}

	/**
	 * A post may have left the public part of the site.
	 *
	 * @param string   $new_status Status it got.
	 * @param string   $old_status Status it had.
	 * @param \WP_Post $post       The post.
	 */
	public static function status_changed( string $new_status, string $old_status, \WP_Post $post ): void {
		if ( 'publish' === $old_status && 'publish' !== $new_status ) {
			self::guard( static fn() => self::consider( $post, true ) );
		}
	}

	/**
	 * A post was trashed or taken back.
	 *
	 * @param int $post_id The post.
	 */
	public static function changed( int $post_id ): void {
		$post = get_post( $post_id );
		if ( $post ) {
			self::guard( static fn() => self::consider( $post ) );
		}
	}

	/**
	 * A post is about to go, and is gone: noted before, so that a crash half-way loses nothing, and after, because only then
	 * does a push see that it is gone.
	 *
	 * @param int      $post_id The post.
	 * @param \WP_Post $post    As it was.
	 */
	public static function deleted( int $post_id, \WP_Post $post ): void {
		self::guard( static fn() => self::consider( $post ) );
	}

	/**
	 * Every address, or the sidecar, is another one.
	 */
	public static function everything_changed(): void {
		self::guard(
			static function () {
				Content_Scan::queue_everything();
				Push_Schedule::soon();
			}
		);
	}

	/**
	 * Other post types may have been chosen.
	 *
	 * @param mixed $old_settings Before.
	 * @param mixed $new_settings After.
	 */
	public static function settings_changed( $old_settings, $new_settings ): void {
		$default = Settings::definitions()['post_types']['default'];
		if ( ( $old_settings['post_types'] ?? $default ) !== ( $new_settings['post_types'] ?? $default ) ) {
			self::everything_changed();
		}
	}

	/**
	 * Another sidecar, or another site in it, knows nothing yet. A new secret alone changes nothing.
	 *
	 * @param mixed $old_parts Before.
	 * @param mixed $new_parts After.
	 */
	public static function connection_changed( $old_parts, $new_parts ): void {
		foreach ( array( 'sidecar_url', 'site_id' ) as $part ) {
			if ( ( $old_parts[ $part ] ?? '' ) !== ( $new_parts[ $part ] ?? '' ) ) {
				self::everything_changed();
				return;
			}
		}
		Push_Schedule::soon();
	}

	/**
	 * Note a post that visitors may have seen or may see now. No filter of other plugins runs while the author waits.
	 *
	 * @param \WP_Post $post       As it is now.
	 * @param bool     $was_public Whether it was published until now.
	 */
	private static function consider( \WP_Post $post, bool $was_public = false ): void {
		if ( wp_is_post_revision( $post ) || wp_is_post_autosave( $post ) || 'auto-draft' === $post->post_status ) {
			return;
		}
		$was_public = $was_public || in_array( $post->post_status, Content_Scan::statuses(), true );
		$is_chosen  = in_array( $post->post_type, Settings::get( 'post_types' ), true );
		if ( ( $is_chosen && $was_public ) || Outbox::find( $post->ID ) ) {
			self::record( array( $post->ID ) );
		}
	}

	/**
	 * Write the rows and see that they are pushed.
	 *
	 * @param int[] $post_ids Posts that changed.
	 */
	private static function record( array $post_ids, string $type = 'post' ): void {
		if ( $post_ids && Outbox::record( $post_ids, $type ) ) {
			Push_Schedule::soon();
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

	/**
	 * Saving a post must not fail because of us.
	 *
	 * @param callable $work What the hook does.
	 */
	private static function guard( callable $work ): void {
		try {
			$work();
		} catch ( \Throwable $error ) {
			Log::error( 'a change was not noted: ' . $error->getMessage() );
		}
	}
}
