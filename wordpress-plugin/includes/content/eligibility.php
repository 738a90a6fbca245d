<?php
/**
 * What is indexed: whether a post is left out, and why.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** The author's own switch, '1' to leave a post out. */
const EXCLUDE_META_KEY = '_rag_ask_exclude';

/**
 * Why a post is not answered from: the first reason that holds, '' when there is none.
 *
 * @param \WP_Post $post The post.
 * @return string '', 'type', 'status', 'password', 'excluded', 'noindex' or 'filter'.
 */
function why_left_out( \WP_Post $post ): string {
	$reason = match ( true ) {
		! in_array( $post->post_type, Settings::get( 'post_types' ), true ) || ! is_post_type_viewable( $post->post_type ) => 'type',
		! in_array( $post->post_status, Content_Scan::statuses(), true ) => 'status',
		'' !== $post->post_password => 'password',
		'1' === get_post_meta( $post->ID, EXCLUDE_META_KEY, true ) => 'excluded',
		is_noindex( $post->ID ) => 'noindex',
		default => '',
	};
	if ( '' !== $reason ) {
		return $reason;
	}

	/**
	 * Filters whether a post may be answered from, to leave out single ones.
	 *
	 * @param bool     $is_public Always true: no other rule leaves the post out.
	 * @param \WP_Post $post      The post.
	 */
	return apply_filters( 'rag_ask_is_public', true, $post ) ? '' : 'filter';
}

/**
 * Where SEO plugins keep "noindex" of a post: the meta key, and what its value then is or contains.
 *
 * @return array<string, string>
 */
function noindex_meta(): array {
	return array(
		'_yoast_wpseo_meta-robots-noindex' => '1',
		'rank_math_robots'                 => 'noindex',
		'_seopress_robots_index'           => 'yes',
		'_genesis_noindex'                 => '1', // The SEO Framework, and Genesis before it.
	);
}

/**
 * Whether an SEO plugin keeps the post from search engines.
 *
 * @param int $post_id The post.
 */
function is_noindex( int $post_id ): bool {
	foreach ( noindex_meta() as $key => $value ) {
		if ( in_array( $value, array_map( 'strval', array_filter( (array) get_post_meta( $post_id, $key, true ), 'is_scalar' ) ), true ) ) {
			return true;
		}
	}
	return is_noindex_by_aioseo( $post_id );
}

/**
 * All in One SEO keeps its settings of posts in a table of its own.
 *
 * @param int $post_id The post.
 */
function is_noindex_by_aioseo( int $post_id ): bool {
	global $wpdb;
	static $has_table = array();
	$table               = $wpdb->prefix . 'aioseo_posts';
	$has_table[ $table ] = $has_table[ $table ] ?? null !== Database::value( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $table ) );
	return $has_table[ $table ] && null !== Database::value( "SELECT post_id FROM $table WHERE post_id = %d AND robots_default = 0 AND robots_noindex = 1", $post_id );
}

/**
 * Let the block editor read and write the author's switch.
 */
function register_exclude_meta(): void {
	register_post_meta(
		'',
		EXCLUDE_META_KEY,
		array(
			'type'              => 'string',
			'single'            => true,
			'default'           => '',
			'show_in_rest'      => true,
			'sanitize_callback' => static fn( $value ): string => in_array( $value, array( '1', 1, true ), true ) ? '1' : '',
			'auth_callback'     => static fn( bool $is_allowed, string $key, int $post_id ): bool => current_user_can( 'edit_post', $post_id ),
		)
	);
}
