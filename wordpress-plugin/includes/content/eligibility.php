<?php
/**
 * Eligibility: whether a post is indexed, and if not, why.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Meta key of the author's switch: '1' excludes the post. */
const EXCLUDE_META_KEY = '_rag_ask_exclude';

/**
 * The first reason why a post is not indexed, '' when there is none.
 *
 * @param \WP_Post $post The post.
 * @return string '', 'guest', or as of excluding_rule().
 */
function exclusion_reason( \WP_Post $post ): string {
	$rule = excluding_rule( $post );
	return '' === $rule && '' !== Guest_Verdict::why_unseen( $post->ID ) ? 'guest' : $rule;
}

/**
 * The first reason but the guest check why a post is not indexed, '' when there is none.
 *
 * @param \WP_Post $post The post.
 * @return string '', 'type', 'status', 'password', 'author', 'noindex', 'posts_page', 'search', 'parent', 'box' or 'filter'.
 */
function excluding_rule( \WP_Post $post ): string {
	if ( Note_Type::is_note( $post ) ) {
		return note_exclusion( $post );
	}
	$reason = match ( true ) {
		! in_array( $post->post_type, Settings::get( 'post_types' ), true ) || ! is_post_type_viewable( $post->post_type ) => 'type',
		! in_array( $post->post_status, Content_Scan::statuses(), true ) => 'status',
		'' !== $post->post_password => 'password',
		is_excluded_by_author( $post->ID ) => 'author',
		is_noindex( $post->ID ) => 'noindex',
		is_posts_page( $post ) => 'posts_page',
		is_hidden_from_search( $post ) => 'search',
		has_hidden_parent( $post ) => 'parent',
		has_only_the_box( $post ) => 'box',
		default => '',
	};
	if ( '' !== $reason ) {
		return $reason;
	}

	/**
	 * Filters whether a post is indexed. Return false to exclude it.
	 *
	 * @param bool     $is_public Always true: no other rule excludes the post.
	 * @param \WP_Post $post      The post.
	 */
	return apply_filters( 'rag_ask_is_public', true, $post ) ? '' : 'filter';
}

/**
 * Whether the author's switch excludes the post.
 *
 * @param int $post_id The post.
 */
function is_excluded_by_author( int $post_id ): bool {
	return '1' === get_post_meta( $post_id, EXCLUDE_META_KEY, true );
}

/**
 * Whether the post shows the ask box and no text.
 *
 * @param \WP_Post $post The post.
 */
function has_only_the_box( \WP_Post $post ): bool {
	$has_box = has_block( Ask_Box::BLOCK, $post ) || has_shortcode( $post->post_content, Ask_Box::SHORTCODE );
	return $has_box && '' === trim( wp_strip_all_tags( (string) preg_replace( '/\[' . Ask_Box::SHORTCODE . '[^\]]*\]/', '', $post->post_content ) ) );
}

/**
 * Meta keys of SEO plugins for "noindex", each with the value that means noindex.
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
 * Whether an SEO plugin sets the post to noindex.
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
 * All in One SEO stores post settings in its own table.
 *
 * @param int $post_id The post.
 */
function is_noindex_by_aioseo( int $post_id ): bool {
	global $wpdb;
	static $has_table = array();
	$table            = $wpdb->prefix . 'aioseo_posts';
	if ( ! isset( $has_table[ $table ] ) ) {
		$has_table[ $table ] = null !== Database::value( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $table ) );
	}
	return $has_table[ $table ] && null !== Database::value( "SELECT post_id FROM $table WHERE post_id = %d AND robots_default = 0 AND robots_noindex = 1", $post_id );
}
