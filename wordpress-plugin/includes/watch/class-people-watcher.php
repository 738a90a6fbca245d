<?php
/**
 * People watcher: changes of authors and comments -> outbox rows.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Comments count only where the setting includes them.
 */
final class People_Watcher {

	/**
	 * A profile was saved.
	 *
	 * @param int      $user_id     The user.
	 * @param \WP_User $user_before As it was.
	 */
	public static function profile_saved( int $user_id, \WP_User $user_before ): void {
		$user = get_userdata( $user_id );
		// The nicename may be part of URLs.
		if ( $user && ( $user->display_name !== $user_before->display_name || $user->user_nicename !== $user_before->user_nicename ) ) {
			Watch::record( array( $user_id ), 'user' );
		}
	}

	/**
	 * A user was deleted.
	 *
	 * @param int      $user_id The user.
	 * @param int|null $heir_id User who gets the posts, if any.
	 */
	public static function user_deleted( int $user_id, $heir_id ): void {
		Watch::record( array_filter( array( $user_id, (int) $heir_id ) ), 'user' );
	}

	/**
	 * A user was removed from a site of a network.
	 *
	 * @param int      $user_id The user.
	 * @param int      $blog_id The site, which is the current one.
	 * @param int|null $heir_id User who gets the posts, if any.
	 */
	public static function user_removed( int $user_id, int $blog_id, $heir_id ): void {
		self::user_deleted( $user_id, $heir_id );
	}

	/**
	 * A comment was approved, hidden or deleted.
	 *
	 * @param int $post_id The post.
	 */
	public static function comments_counted( int $post_id ): void {
		if ( Settings::get( 'include_comments' ) ) {
			Post_Watcher::changed( $post_id );
		} else {
			// Counting cleans the post's cache although nothing indexed changed.
			Cache_Watcher::forget( $post_id );
		}
	}

	/**
	 * A comment was edited.
	 *
	 * @param int $comment_id The comment.
	 */
	public static function comment_edited( int $comment_id ): void {
		$comment = get_comment( $comment_id );
		if ( $comment && Settings::get( 'include_comments' ) ) {
			Post_Watcher::changed( (int) $comment->comment_post_ID );
		}
	}

	/**
	 * The cache of a comment was cleaned. Core's eraser of personal data does no more: it writes past the functions of comments.
	 *
	 * @param int $comment_id The comment.
	 */
	public static function comment_cleaned( int $comment_id ): void {
		$comment = Settings::get( 'include_comments' ) ? get_comment( $comment_id ) : null;
		if ( $comment && '1' === $comment->comment_approved ) {
			Watch::record( array( (int) $comment->comment_post_ID ), 'check' );
		}
	}
}
