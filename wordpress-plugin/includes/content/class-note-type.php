<?php
/**
 * Note type: answers that the owner of the site wrote, as a post type that no visitor opens.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The title is the question, the excerpt has other wordings of it (one a line), the content is the answer, and the parent is the
 * post to cite.
 */
final class Note_Type {

	public const NAME = 'rag_ask_note';

	private const IN_USE = 'rag_ask_has_notes';

	private const CAPABILITIES = array( 'edit_post', 'read_post', 'delete_post', 'edit_posts', 'edit_others_posts', 'publish_posts', 'read_private_posts', 'delete_posts', 'create_posts' );

	/**
	 * Register the type. Pages of visitors do without: a note has none.
	 */
	public static function register(): void {
		if ( ! is_admin() && ! wp_doing_cron() && ! ( defined( 'WP_CLI' ) && WP_CLI ) ) {
			return;
		}
		register_post_type(
			self::NAME,
			array(
				'labels'            => self::labels(),
				'public'            => false,
				'show_ui'           => true,
				'show_in_menu'      => false,
				'show_in_admin_bar' => false,
				'supports'          => array( 'title', 'editor' ),
				// What it says is said in the name of the site.
				'capabilities'      => array_fill_keys( self::CAPABILITIES, 'manage_options' ),
				'map_meta_cap'      => false,
				'delete_with_user'  => false,
				'rewrite'           => false,
				'query_var'         => false,
			)
		);
	}

	/**
	 * Whether a post is a note.
	 *
	 * @param \WP_Post|null $post The post.
	 */
	public static function is_note( ?\WP_Post $post ): bool {
		return $post && self::NAME === $post->post_type;
	}

	/**
	 * The other wordings of a note's question.
	 *
	 * @param \WP_Post $note The note.
	 * @return string[]
	 */
	public static function wordings( \WP_Post $note ): array {
		return array_values( array_filter( array_map( 'trim', (array) preg_split( '/\R/', $note->post_excerpt ) ) ) );
	}

	/**
	 * Remember that the site has notes.
	 */
	public static function now_in_use(): void {
		update_option( self::IN_USE, 1, true );
	}

	/**
	 * The notes that cite a post. A site without notes is not asked: this runs for each post that is pushed.
	 *
	 * @param int $post_id The post.
	 * @return int[]
	 */
	public static function citing( int $post_id ): array {
		return isset( wp_load_alloptions()[ self::IN_USE ] ) ? Post_Relations::children( $post_id, self::NAME ) : array();
	}

	private static function labels(): array {
		return array(
			'name'               => __( 'Answers of your own', 'rag-ask' ),
			'singular_name'      => __( 'Answer of your own', 'rag-ask' ),
			'add_new'            => __( 'Write an answer', 'rag-ask' ),
			'add_new_item'       => __( 'Write an answer', 'rag-ask' ),
			'edit_item'          => __( 'Edit the answer', 'rag-ask' ),
			'search_items'       => __( 'Search answers', 'rag-ask' ),
			'not_found'          => __( 'You have written no answer yet.', 'rag-ask' ),
			'not_found_in_trash' => __( 'No answer is in the trash.', 'rag-ask' ),
		);
	}
}
