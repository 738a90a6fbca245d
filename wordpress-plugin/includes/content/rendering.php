<?php
/**
 * The text of a post as a visitor who is not logged in sees it.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Comments of a post that are indexed, the newest ones. */
const MAX_COMMENTS = 500;

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
	$was_user   = get_current_user_id();
	$was_post   = $GLOBALS['post'] ?? null;
	$was_screen = $GLOBALS['current_screen'] ?? null;
	wp_set_current_user( 0 );
	// A push that follows an author's save runs in an admin request; is_admin() is to say what a visitor's page would hear.
	$GLOBALS['current_screen'] = is_admin() && class_exists( 'WP_Screen' ) ? \WP_Screen::get( 'front' ) : $was_screen; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- put back below.
	$GLOBALS['post']           = $post; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- put back below.
	setup_postdata( $post );
	try {
		return $work();
	} finally {
		wp_set_current_user( $was_user );
		$GLOBALS['current_screen'] = $was_screen; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- as it was.
		$GLOBALS['post']           = $was_post; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- as it was.
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
 * The featured image as far as it can be read. Themes show it outside the content.
 *
 * @param \WP_Post $post The post.
 */
function featured_image( \WP_Post $post ): string {
	$image_id = (int) get_post_thumbnail_id( $post );
	$alt      = $image_id ? (string) get_post_meta( $image_id, '_wp_attachment_image_alt', true ) : '';
	return '' === $alt ? '' : '<p><img alt="' . esc_attr( $alt ) . '"></p>';
}

/**
 * The comments, where the site owner wants them indexed.
 *
 * @param \WP_Post $post The post.
 */
function approved_comments( \WP_Post $post ): string {
	if ( ! Settings::get( 'include_comments' ) ) {
		return '';
	}
	$comments = get_comments(
		array(
			'post_id' => $post->ID,
			'status'  => 'approve',
			'type'    => array( 'comment', 'review' ),
			'number'  => MAX_COMMENTS,
			'orderby' => 'comment_ID',
			'order'   => 'DESC',
		)
	);
	$html     = '';
	foreach ( array_reverse( $comments ) as $comment ) {
		$html .= '<p>' . esc_html( $comment->comment_author ) . ': ' . wp_kses_post( $comment->comment_content ) . '</p>';
	}
	return '' === $html ? '' : '<h2>' . esc_html__( 'Comments', 'rag-ask' ) . '</h2>' . $html;
}
