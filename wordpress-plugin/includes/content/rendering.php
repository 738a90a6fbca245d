<?php
/**
 * Rendering: the content of a post as an anonymous visitor sees it.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Maximum number of comments per post, the newest ones. */
const MAX_COMMENTS = 500;

/**
 * The rendered content without the ask box. The tags of shortcodes that nothing rendered are still in it.
 *
 * @param \WP_Post $post             The post, set up by as_anonymous().
 * @param bool     $is_in_main_query Whether it is rendered as on the post's own page.
 */
function rendered_content( \WP_Post $post, bool $is_in_main_query = true ): string {
	add_filter( 'pre_render_block', __NAMESPACE__ . '\without_ask_block', 10, 2 );
	add_filter( 'pre_do_shortcode_tag', __NAMESPACE__ . '\without_ask_shortcode', 10, 2 );
	$level = ob_get_level();
	// A shortcode may print instead of return; that output must not reach the response.
	ob_start();
	try {
		$render = static fn(): string => (string) apply_filters( 'the_content', $post->post_content ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- core's filter.
		return $is_in_main_query ? in_main_query( $post, $render ) : $render();
	} finally {
		while ( ob_get_level() > $level ) {
			ob_end_clean();
		}
		remove_filter( 'pre_render_block', __NAMESPACE__ . '\without_ask_block' );
		remove_filter( 'pre_do_shortcode_tag', __NAMESPACE__ . '\without_ask_shortcode' );
	}
}

/**
 * Call a function as an anonymous visitor, with the post set up as in the loop, and restore everything.
 *
 * @param \WP_Post $post The post.
 * @param callable $work The function.
 * @return mixed Its return value.
 */
function as_anonymous( \WP_Post $post, callable $work ) {
	$was_user   = get_current_user_id();
	$was_post   = $GLOBALS['post'] ?? null;
	$was_screen = $GLOBALS['current_screen'] ?? null;
	wp_set_current_user( 0 );
	// An author may use WordPress in another language than the site's.
	$is_switched = switch_to_locale( get_locale() );
	// A push after an author's save runs in an admin request, but is_admin() must be false as on a visitor's page.
	$GLOBALS['current_screen'] = is_admin() && class_exists( 'WP_Screen' ) ? \WP_Screen::get( 'front' ) : $was_screen; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- restored below.
	$GLOBALS['post']           = $post; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- restored below.
	setup_postdata( $post );
	try {
		return $work();
	} finally {
		if ( $is_switched ) {
			restore_previous_locale();
		}
		wp_set_current_user( $was_user );
		$GLOBALS['current_screen'] = $was_screen; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- restored.
		$GLOBALS['post']           = $was_post; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- restored.
		if ( $was_post instanceof \WP_Post ) {
			setup_postdata( $was_post );
		}
	}
}

/**
 * Skip the ask box as a block.
 *
 * @param string|null $html  Output of another filter.
 * @param array       $block The block.
 */
function without_ask_block( ?string $html, array $block ): ?string {
	return 'rag-ask/ask' === ( $block['blockName'] ?? '' ) ? '' : $html;
}

/**
 * Skip the ask box as a shortcode.
 *
 * @param string|false $html Output of another filter.
 * @param string       $tag  Its name.
 */
function without_ask_shortcode( string|false $html, string $tag ): string|false {
	return 'rag_ask' === $tag ? '' : $html;
}

/**
 * The approved comments, where the setting includes them.
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
