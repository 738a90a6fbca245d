<?php
/**
 * Personal data: what WordPress's tools export and erase of this plugin.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The index holds copies of posts and comments of this site. Questions are tied to nobody, so none can be found by an address.
 */
final class Personal_Data {

	private const NAME = 'rag-ask';
	private const PAGE = 100;

	/**
	 * Add the exporter.
	 *
	 * @param array[] $exporters By name.
	 */
	public static function add_exporter( array $exporters ): array {
		$exporters[ self::NAME ] = array(
			'exporter_friendly_name' => __( 'RAG Ask', 'rag-ask' ),
			'callback'               => array( self::class, 'export' ),
		);
		return $exporters;
	}

	/**
	 * Add the eraser.
	 *
	 * @param array[] $erasers By name.
	 */
	public static function add_eraser( array $erasers ): array {
		$erasers[ self::NAME ] = array(
			'eraser_friendly_name' => __( 'RAG Ask', 'rag-ask' ),
			'callback'             => array( self::class, 'erase' ),
		);
		return $erasers;
	}

	/**
	 * The posts and comments of a person that are in the index.
	 *
	 * @param string $email E-mail address.
	 * @param int    $page  Number of the page, from 1.
	 * @return array{data: array[], done: bool}
	 */
	public static function export( string $email, int $page ): array {
		$posts    = self::posts_of( $email, $page );
		$comments = self::comments_of( $email, $page );
		return array(
			'data' => array(
				...array_map( array( self::class, 'post_item' ), $posts ),
				...array_map( array( self::class, 'comment_item' ), $comments ),
			),
			'done' => max( count( $posts ), count( $comments ) ) < self::PAGE,
		);
	}

	/**
	 * Say what becomes of the index. WordPress erases the comments itself, and the index follows (People_Watcher).
	 *
	 * @param string $email E-mail address.
	 * @return array{items_removed: bool, items_retained: bool, messages: string[], done: bool}
	 */
	public static function erase( string $email ): array {
		$messages  = array( __( 'RAG Ask: questions that visitors ask are kept without a name or an address, so none belongs to this person.', 'rag-ask' ) );
		$has_posts = array() !== self::posts_of( $email, 1 );
		if ( $has_posts ) {
			$messages[] = __( 'RAG Ask: published posts of this person stay in the index, with the name of the author, while they are on the site.', 'rag-ask' );
		}
		return array(
			'items_removed'  => false,
			'items_retained' => $has_posts,
			'messages'       => $messages,
			'done'           => true,
		);
	}

	/**
	 * Posts by this person that the sidecar has.
	 *
	 * @param string $email E-mail address.
	 * @param int    $page  Number of the page, from 1.
	 * @return \WP_Post[]
	 */
	private static function posts_of( string $email, int $page ): array {
		global $wpdb;
		$user = get_user_by( 'email', $email );
		return $user ? self::indexed( "SELECT p.ID FROM {$wpdb->posts} p", 'p.ID', 'p.post_author = %d', $user->ID, 'p.ID', $page, 'get_post' ) : array();
	}

	/**
	 * Comments by this person on posts that the sidecar has.
	 *
	 * @param string $email E-mail address.
	 * @param int    $page  Number of the page, from 1.
	 * @return \WP_Comment[]
	 */
	private static function comments_of( string $email, int $page ): array {
		global $wpdb;
		return Settings::get( 'include_comments' ) && '' !== $email
			? self::indexed( "SELECT c.comment_ID FROM {$wpdb->comments} c", 'c.comment_post_ID', "c.comment_approved = '1' AND c.comment_author_email = %s", $email, 'c.comment_ID', $page, 'get_comment' )
			: array();
	}

	private static function indexed( string $select, string $post_id, string $condition, int|string $value, string $order, int $page, callable $get ): array {
		$sql = "$select JOIN " . Outbox::table() . " o ON o.object_type = 'post' AND o.object_id = $post_id AND o.hash <> '' WHERE $condition ORDER BY $order LIMIT %d OFFSET %d";
		return array_values( array_filter( array_map( $get, Database::ids( $sql, $value, self::PAGE, self::PAGE * ( $page - 1 ) ) ) ) );
	}

	private static function post_item( \WP_Post $post ): array {
		return self::item(
			'post-' . $post->ID,
			array(
				__( 'Post', 'rag-ask' )    => get_the_title( $post ),
				__( 'Author', 'rag-ask' )  => get_the_author_meta( 'display_name', (int) $post->post_author ),
				__( 'Address', 'rag-ask' ) => get_permalink( $post ),
			)
		);
	}

	private static function comment_item( \WP_Comment $comment ): array {
		return self::item(
			'comment-' . $comment->comment_ID,
			array(
				__( 'Comment', 'rag-ask' ) => $comment->comment_content,
				__( 'Author', 'rag-ask' )  => $comment->comment_author,
				__( 'Address', 'rag-ask' ) => get_comment_link( $comment ),
			)
		);
	}

	private static function item( string $id, array $fields ): array {
		$data = array();
		foreach ( $fields as $name => $value ) {
			$data[] = array(
				'name'  => $name,
				'value' => $value,
			);
		}
		return array(
			'group_id'          => self::NAME,
			'group_label'       => __( 'Answers of this site', 'rag-ask' ),
			'group_description' => __( 'Posts and comments of which this site makes answers. Questions of visitors are kept without a name or an address.', 'rag-ask' ),
			'item_id'           => $id,
			'data'              => $data,
		);
	}
}
