<?php
/**
 * Main query: the state of WordPress on the page of one post.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Call a function inside the loop of the main query of a post's own page, and restore everything.
 *
 * Membership plugins filter the content only there. No query runs, and the hooks that may redirect or exit
 * (template_redirect, wp) do not fire: an exit would end the push.
 *
 * @param \WP_Post $post The post.
 * @param callable $work The function.
 * @return mixed Its return value.
 */
function in_main_query( \WP_Post $post, callable $work ) {
	$names = array( 'wp_query', 'wp_the_query', 'post' );
	$was   = array();
	foreach ( $names as $name ) {
		$was[ $name ] = $GLOBALS[ $name ] ?? null;
	}
	$query                   = main_query_of( $post );
	$GLOBALS['wp_query']     = $query; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- restored below.
	$GLOBALS['wp_the_query'] = $query; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- restored below.
	$level                   = ob_get_level();
	// A function on loop_start may print; that output must not reach the response.
	ob_start();
	try {
		$query->the_post();
		return $work();
	} finally {
		while ( ob_get_level() > $level ) {
			ob_end_clean();
		}
		foreach ( $names as $name ) {
			$GLOBALS[ $name ] = $was[ $name ]; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- restored.
		}
		if ( $was['post'] instanceof \WP_Post ) {
			setup_postdata( $was['post'] );
		}
	}
}

/**
 * The main query of a post's own page, with the post as its only result.
 *
 * @param \WP_Post $post The post.
 */
function main_query_of( \WP_Post $post ): \WP_Query {
	$query = new \WP_Query();
	$query->parse_query(
		'page' === $post->post_type
			? array( 'page_id' => $post->ID )
			: array(
				'p'         => $post->ID,
				'post_type' => $post->post_type,
			)
	);
	// get_posts() would set these; the_post() reads them.
	$query->query_vars        = array_merge( $query->query_vars, array_fill_keys( array( 'update_post_term_cache', 'update_post_meta_cache', 'lazy_load_term_meta' ), false ) );
	$query->posts             = array( $post );
	$query->post              = $post;
	$query->post_count        = 1;
	$query->found_posts       = 1;
	$query->queried_object    = $post;
	$query->queried_object_id = $post->ID;
	return $query;
}
