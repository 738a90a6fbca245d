<?php
/**
 * Question drafts: posts and notes that answer a question of the list, and the question asked again once one is indexed.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A draft that the list began carries the key of its question.
 */
final class Question_Drafts {

	public const EVENT = 'rag_ask_ask_again';

	private const META_KEY  = '_rag_ask_question';
	private const PARAMETER = 'rag_ask_question';
	private const FIRST_S   = 120;
	private const NEXT_S    = 300;
	private const MAX_TRIES = 6;

	/**
	 * The screen where something is written for a question.
	 *
	 * @param array  $group     From Question_Groups.
	 * @param string $post_type Of what is written; empty for a post.
	 */
	public static function url( array $group, string $post_type = '' ): string {
		$fields = array(
			'post_type'     => $post_type,
			'post_title'    => $group['question'],
			self::PARAMETER => Question_Groups::key( $group['question'] ),
		);
		return add_query_arg( array_map( 'rawurlencode', array_filter( $fields ) ), admin_url( 'post-new.php' ) );
	}

	/**
	 * The question for which this request opens the screen; null for another screen, or when it is no longer in the report.
	 */
	public static function begun_for(): ?array {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- core's own link to a new post has no nonce either.
		$key = sanitize_key( wp_unslash( $_GET[ self::PARAMETER ] ?? '' ) );
		return '' !== $key && current_user_can( Settings_Page::CAPABILITY ) ? Question_Groups::find( $key ) : null;
	}

	/**
	 * The text that a draft begins with: all wordings of its question. Core escapes the markup of a text in a URL.
	 *
	 * @param string   $content What core would begin with.
	 * @param \WP_Post $post    The post.
	 */
	public static function content( string $content, \WP_Post $post ): string {
		$group = Note_Type::is_note( $post ) ? null : self::begun_for();
		if ( ! $group ) {
			return $content;
		}
		$items = array_map( static fn( string $wording ): string => '<!-- wp:list-item --><li>' . esc_html( $wording ) . '</li><!-- /wp:list-item -->', array( $group['question'], ...Question_Groups::wordings( $group ) ) );
		return '<!-- wp:paragraph --><p>' . esc_html__( 'Visitors asked:', 'rag-ask' ) . '</p><!-- /wp:paragraph --><!-- wp:list --><ul class="wp-block-list">' . implode( '', $items ) . '</ul><!-- /wp:list -->';
	}

	/**
	 * Remember the question of a draft that begins now.
	 *
	 * @param int      $post_id   The post.
	 * @param \WP_Post $post      The post.
	 * @param bool     $is_update Whether it existed.
	 */
	public static function begun( int $post_id, \WP_Post $post, bool $is_update ): void {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- core's own link to a new post has no nonce either.
		$key = sanitize_key( wp_unslash( $_GET[ self::PARAMETER ] ?? '' ) );
		if ( ! $is_update && 'auto-draft' === $post->post_status && '' !== $key && ! Note_Type::is_note( $post ) ) {
			update_post_meta( $post_id, self::META_KEY, $key );
		}
	}

	/**
	 * The newest post of each question.
	 *
	 * @param string[] $questions Their words.
	 * @return array<string, \WP_Post> By key.
	 */
	public static function of( array $questions ): array {
		$posts = get_posts(
			array(
				'post_type'      => 'any',
				'post_status'    => array( 'publish', 'future', 'draft', 'pending', 'private' ),
				'posts_per_page' => 100,
				'orderby'        => 'ID',
				'order'          => 'ASC',
				'meta_query'     => array( // phpcs:ignore WordPress.DB.SlowDBQuery -- a few posts, on a screen of the owner's.
					array(
						'key'   => self::META_KEY,
						'value' => array_map( array( Question_Groups::class, 'key' ), $questions ),
					),
				),
			)
		);
		$found = array();
		foreach ( $questions ? $posts : array() as $post ) {
			$found[ (string) get_post_meta( $post->ID, self::META_KEY, true ) ] = $post;
		}
		return $found;
	}

	/**
	 * The note of each question.
	 *
	 * @param string[] $questions Their words.
	 * @return array<string, int> Id by key.
	 */
	public static function notes( array $questions ): array {
		global $wpdb;
		if ( ! $questions ) {
			return array();
		}
		$sql   = "SELECT ID, post_title FROM $wpdb->posts WHERE post_type = %s AND post_status NOT IN ('trash', 'auto-draft') AND post_title IN (" . Content_Scan::in( $questions ) . ') ORDER BY ID';
		$found = array();
		foreach ( Database::rows( $sql, Note_Type::NAME ) as $note ) {
			$found[ Question_Groups::key( $note->post_title ) ] = (int) $note->ID;
		}
		return $found;
	}

	/**
	 * Ask again once what answers a question is published and indexed.
	 *
	 * @param string   $new_status New status.
	 * @param string   $old_status Old status.
	 * @param \WP_Post $post       The post.
	 */
	public static function status_changed( string $new_status, string $old_status, \WP_Post $post ): void {
		if ( 'publish' === $new_status && $new_status !== $old_status && ( Note_Type::is_note( $post ) || metadata_exists( 'post', $post->ID, self::META_KEY ) ) ) {
			wp_schedule_single_event( time() + self::FIRST_S, self::EVENT, array( $post->ID, 1 ) );
		}
	}

	/**
	 * Fetch the report, for which the sidecar asks each listed question again. A post that still waits is looked at later.
	 *
	 * @param int $post_id The post.
	 * @param int $attempt From 1.
	 */
	public static function ask_again( int $post_id, int $attempt ): void {
		$document = Sidecar::request( 'GET', '/v1/documents/' . $post_id );
		if ( 'indexed' !== ( is_wp_error( $document ) ? '' : $document['state'] ?? '' ) && $attempt < self::MAX_TRIES ) {
			wp_schedule_single_event( time() + self::NEXT_S, self::EVENT, array( $post_id, $attempt + 1 ) );
			return;
		}
		Insights::refresh();
	}
}
