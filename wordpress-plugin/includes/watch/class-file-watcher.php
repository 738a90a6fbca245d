<?php
/**
 * File watcher: an attachment that is deleted or gets another file -> outbox rows.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Only attachments that were pushed have a row, so an upload costs one look at the outbox.
 */
final class File_Watcher {

	/** Meta keys that change when a file is uploaded or replaced. */
	private const FILE_META = array( '_wp_attached_file', '_wp_attachment_metadata' );

	/**
	 * A meta value was added or changed.
	 *
	 * @param int|int[] $meta_ids Ids of meta rows.
	 * @param int|null  $post_id  The post; none when a key is deleted from all posts.
	 * @param string    $key      The meta key.
	 */
	public static function meta_changed( $meta_ids, $post_id, $key ): void {
		if ( $post_id && in_array( $key, self::FILE_META, true ) ) {
			self::changed( (int) $post_id );
		}
	}

	/**
	 * An attachment was saved or is deleted, which core's hooks of posts do not tell.
	 *
	 * @param int $file_id The attachment.
	 */
	public static function changed( int $file_id ): void {
		if ( Outbox::find( $file_id ) ) {
			Watch::record( array( $file_id ), 'check' );
		}
	}
}
