<?php
/**
 * A post -> the change that tells the sidecar what has become of it (tests/contract/push-request.json).
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The change of one post, decided by its state now.
 *
 * @param int $post_id The post.
 * @param int $version From its outbox row.
 * @return array{op: string}
 */
function change_for( int $post_id, int $version ): array {
	// A long push must not read a post from its own memory as it was minutes ago.
	wp_cache_delete( $post_id, 'posts' );
	wp_cache_delete( $post_id, 'post_meta' );
	$post = get_post( $post_id );
	if ( ! $post || ! is_public( $post ) ) {
		return array(
			'op'      => 'delete',
			'id'      => $post_id,
			'version' => $version,
		);
	}
	return array(
		'op'       => 'upsert',
		'document' => as_anonymous( $post, static fn() => document( $post, $version ) ),
	);
}

/**
 * Whether any visitor may read the post.
 *
 * @param \WP_Post $post The post.
 */
function is_public( \WP_Post $post ): bool {
	$is_public = 'publish' === $post->post_status
		&& '' === $post->post_password
		&& in_array( $post->post_type, Settings::get( 'post_types' ), true )
		&& is_post_type_viewable( $post->post_type );

	/**
	 * Filters whether a post may be answered from, to leave out single ones.
	 *
	 * @param bool     $is_public Whether the post is published, without a password and of a chosen type.
	 * @param \WP_Post $post      The post.
	 */
	return $is_public && apply_filters( 'rag_ask_is_public', $is_public, $post );
}

/**
 * The post as a document.
 *
 * @param \WP_Post $post    A public post.
 * @param int      $version From its outbox row.
 * @return array<string, mixed>
 */
function document( \WP_Post $post, int $version ): array {
	$document = array(
		'id'           => $post->ID,
		'version'      => $version,
		'type'         => $post->post_type,
		'title'        => html_entity_decode( wp_strip_all_tags( get_the_title( $post ) ), ENT_QUOTES | ENT_HTML5, 'UTF-8' ),
		'url'          => (string) get_permalink( $post ),
		'html'         => rendered_content( $post ),
		'language'     => get_bloginfo( 'language' ),
		'published_at' => utc_time( $post, 'date' ),
		'modified_at'  => utc_time( $post, 'modified' ),
		'groups'       => array( 'public' ),
	);

	/**
	 * Filters what is pushed of a post. Keep the keys and their types; id and version stay as they are.
	 *
	 * @param array    $document The document.
	 * @param \WP_Post $post     The post.
	 */
	$filtered = apply_filters( 'rag_ask_document', $document, $post );
	return array_merge(
		$filtered,
		array(
			'id'      => $post->ID,
			'version' => $version,
		)
	);
}

/**
 * The content as a visitor's page shows it, without the ask box.
 *
 * @param \WP_Post $post The post, which must be the global one.
 */
function rendered_content( \WP_Post $post ): string {
	add_filter( 'pre_render_block', __NAMESPACE__ . '\without_ask_block', 10, 2 );
	add_filter( 'pre_do_shortcode_tag', __NAMESPACE__ . '\without_ask_shortcode', 10, 2 );
	$level = ob_get_level();
	// What a shortcode prints instead of returning it must not reach the response.
	ob_start();
	try {
		return (string) apply_filters( 'the_content', $post->post_content ); // phpcs:ignore WordPress.NamingConventions -- core's filter.
	} finally {
		while ( ob_get_level() > $level ) {
			ob_end_clean();
		}
		remove_filter( 'pre_render_block', __NAMESPACE__ . '\without_ask_block' );
		remove_filter( 'pre_do_shortcode_tag', __NAMESPACE__ . '\without_ask_shortcode' );
	}
}

/**
 * Do something as a visitor who is not logged in, with a post set up as in the loop, and put everything back.
 *
 * @param \WP_Post $post The post.
 * @param callable $work What to do.
 * @return mixed What it returned.
 */
function as_anonymous( \WP_Post $post, callable $work ) {
	$was_user = get_current_user_id();
	$was_post = $GLOBALS['post'] ?? null;
	wp_set_current_user( 0 );
	$GLOBALS['post'] = $post; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- put back below.
	setup_postdata( $post );
	try {
		return $work();
	} finally {
		wp_set_current_user( $was_user );
		$GLOBALS['post'] = $was_post; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- as it was.
		if ( $was_post instanceof \WP_Post ) {
			setup_postdata( $was_post );
		}
	}
}

/**
 * The ask box is no content.
 *
 * @param string|null $html  What another filter made of the block.
 * @param array       $block The block.
 */
function without_ask_block( $html, array $block ) {
	return 'rag-ask/ask' === ( $block['blockName'] ?? '' ) ? '' : $html;
}

/**
 * The ask box is no content.
 *
 * @param string|false $html What another filter made of the shortcode.
 * @param string       $tag  Its name.
 */
function without_ask_shortcode( $html, string $tag ) {
	return 'rag_ask' === $tag ? '' : $html;
}

/**
 * A time of the post in UTC. Imported posts may have none in the database.
 *
 * @param \WP_Post $post  The post.
 * @param string   $field 'date' or 'modified'.
 */
function utc_time( \WP_Post $post, string $field ): string {
	return gmdate( 'Y-m-d\TH:i:s\Z', (int) ( get_post_timestamp( $post, $field ) ?: time() ) ); // phpcs:ignore Universal.Operators.DisallowShortTernary -- false means none.
}
