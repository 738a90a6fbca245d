<?php
/**
 * Meta watcher: changes of custom fields and attachments -> outbox rows.
 *
 * @package RagAsk
 */

namespace RagAsk;

require_once dirname( __DIR__ ) . '/functions.php';

/**
 * Meta changes often, so a key that is not indexed must cost only a comparison.
 */
final class Meta_Watcher {

	private const ALT_TEXT = '_wp_attachment_image_alt';

	/**
	 * Posts that lose a meta key that is deleted from all posts.
	 *
	 * @var int[]
	 */
	private static array $losing = array();

	/**
	 * A value was added, changed or deleted.
	 *
	 * @param int|int[] $meta_ids Ids of meta rows.
	 * @param int|null  $post_id  The post; none when a key is deleted from all posts.
	 * @param string    $key      The meta key.
	 */
	public static function changed( $meta_ids, $post_id, $key ): void {
		if ( self::ALT_TEXT === $key && $post_id ) {
			Watch::record( array( (int) $post_id ), 'media' );
		} elseif ( self::is_watched( (string) $key ) || ( $post_id && self::is_bound( (int) $post_id, (string) $key ) ) ) {
			foreach ( $post_id ? array( $post_id ) : self::$losing as $changed_id ) {
				Post_Watcher::changed( (int) $changed_id );
			}
			self::$losing = array();
		}
	}

	/**
	 * A key is about to be deleted from all posts: afterwards the affected posts are unknown.
	 *
	 * @param int[]    $meta_ids Ids of meta rows.
	 * @param int|null $post_id  None in this case.
	 * @param string   $key      The meta key.
	 */
	public static function before_delete( $meta_ids, $post_id, $key ): void {
		if ( ! $post_id && self::is_watched( (string) $key ) ) {
			self::$losing = Post_Relations::with_meta( (array) $meta_ids );
		}
	}

	/**
	 * The title, caption or description of an attachment may have changed.
	 *
	 * @param int $attachment_id The attachment.
	 */
	public static function attachment_updated( int $attachment_id ): void {
		Watch::record( array( $attachment_id ), 'media' );
	}

	/**
	 * Whether the settings name the key, or a field that it is a part of: ACF stores the cell of a repeater under `hours_0_day`.
	 *
	 * @param string $key The meta key.
	 */
	private static function is_chosen( string $key ): bool {
		foreach ( Settings::get( 'meta_keys' ) as $chosen ) {
			if ( $key === $chosen || str_starts_with( $key, "{$chosen}_" ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether a block of the post's content shows the key: core's block bindings render it.
	 *
	 * @param int    $post_id The post.
	 * @param string $key     The meta key.
	 */
	private static function is_bound( int $post_id, string $key ): bool {
		$content = is_protected_meta( $key, 'post' ) ? '' : (string) get_post_field( 'post_content', $post_id, 'raw' );
		return str_contains( $content, '"core/post-meta"' ) && str_contains( $content, '"key":"' . $key . '"' );
	}

	private static function is_watched( string $key ): bool {
		return EXCLUDE_META_KEY === $key
			|| '_thumbnail_id' === $key
			|| isset( noindex_meta()[ $key ] )
			|| isset( SEARCH_META[ $key ] )
			|| in_array( $key, Shop_Watcher::META, true )
			|| is_event_key( $key )
			|| self::is_chosen( $key )
			|| ( Guest_Verdict::is_access_key( $key ) && 'never' !== Settings::get( 'guest_check' ) );
	}
}
