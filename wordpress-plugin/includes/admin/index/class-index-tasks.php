<?php
/**
 * Index tasks: what the owner does with documents of the list.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Each post is asked for its own capability.
 */
final class Index_Tasks {

	private const MAX_POSTS = 200;

	/**
	 * The tasks.
	 *
	 * @param bool|null $is_excluded Whether the post is excluded; null for many posts.
	 * @return array<string, string> Label by task.
	 */
	public static function labels( ?bool $is_excluded = null ): array {
		$labels = array(
			'resend'  => __( 'Send again', 'rag-ask' ),
			'exclude' => __( 'Exclude', 'rag-ask' ),
			'include' => __( 'Include', 'rag-ask' ),
		);
		return null === $is_excluded ? $labels : array_diff_key( $labels, array( $is_excluded ? 'exclude' : 'include' => 1 ) );
	}

	/**
	 * Run a task.
	 *
	 * @param string $task   A key of labels().
	 * @param string $about  Id of a post, or 'ticked'.
	 * @param mixed  $ticked Ids of the ticked posts.
	 * @return array{string, string} Type of the notice and its text.
	 */
	public static function run( string $task, string $about, mixed $ticked ): array {
		$ids = array_map( 'intval', 'ticked' === $about ? array_filter( (array) $ticked, 'is_scalar' ) : array( $about ) );
		$ids = array_filter( array_slice( $ids, 0, self::MAX_POSTS ), static fn( int $id ): bool => null !== get_post( $id ) && current_user_can( 'edit_post', $id ) );
		if ( ! $ids ) {
			return array( 'error', __( 'Tick a post first.', 'rag-ask' ) );
		}
		foreach ( 'resend' === $task ? array() : $ids as $id ) {
			Exclude_Switch::set( $id, 'exclude' === $task );
		}
		// The watcher of post meta has recorded those that changed; recording a post twice does no harm.
		Outbox::record( $ids );
		Push_Schedule::soon();
		$text = match ( $task ) {
			/* translators: %s: number of posts. */
			'resend'  => _n( '%s post is sent in the background.', '%s posts are sent in the background.', count( $ids ), 'rag-ask' ),
			/* translators: %s: number of posts. */
			'exclude' => _n( '%s post is excluded. It leaves the index in the background.', '%s posts are excluded. They leave the index in the background.', count( $ids ), 'rag-ask' ),
			/* translators: %s: number of posts. */
			'include' => _n( '%s post is included again. It is sent in the background.', '%s posts are included again. They are sent in the background.', count( $ids ), 'rag-ask' ),
		};
		return array( 'success', sprintf( $text, number_format_i18n( count( $ids ) ) ) );
	}
}
