<?php
/**
 * References: ids of posts, terms, users and attachments in custom fields -> their names, where guests may read them.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Titles of published posts, also of types without pages of their own, such as venues.
 *
 * @param mixed $stored An id or a post, or a list of them.
 * @return string[]
 */
function post_names( $stored ): array {
	$posts = array_filter( array_map( 'get_post', ids_in( $stored ) ), static fn( $post ) => $post && '' === $post->post_password && 'publish' === get_post_status( $post ) );
	return array_map( __NAMESPACE__ . '\title_of', $posts );
}

/**
 * Names of terms.
 *
 * @param mixed $stored An id or a term, or a list of them.
 * @return string[]
 */
function term_names( $stored ): array {
	$terms = array_filter( array_map( 'get_term', ids_in( $stored ) ), static fn( $term ) => $term instanceof \WP_Term );
	return array_map( static fn( \WP_Term $term ): string => plain_text( $term->name ), $terms );
}

/**
 * Display names of users.
 *
 * @param mixed $stored An id or a user, or a list of them.
 * @return string[]
 */
function user_names( $stored ): array {
	$users = array_filter( array_map( 'get_userdata', ids_in( $stored ) ) );
	return array_map( static fn( \WP_User $user ): string => plain_text( $user->display_name ), $users );
}

/**
 * Alt texts and captions of images.
 *
 * @param mixed $stored An id or an attachment, or a list of them.
 * @return string[]
 */
function image_names( $stored ): array {
	return array_merge( ...array_map( __NAMESPACE__ . '\attachment_texts', ids_in( $stored ) ) );
}

/**
 * Titles of files.
 *
 * @param mixed $stored An id or an attachment, or a list of them.
 * @return string[]
 */
function file_names( $stored ): array {
	return array_map( __NAMESPACE__ . '\title_of', array_filter( array_map( 'get_post', ids_in( $stored ) ) ) );
}

/**
 * The ids in a stored value. Plugins store ids, objects, or arrays that describe one.
 *
 * @param mixed $stored The value.
 * @return int[]
 */
function ids_in( $stored ): array {
	if ( is_array( $stored ) && ( isset( $stored['ID'] ) || isset( $stored['term_id'] ) ) ) {
		$stored = (object) $stored;
	}
	$ids = array();
	foreach ( is_array( $stored ) ? $stored : array( $stored ) as $one ) {
		$one   = is_array( $one ) ? (object) $one : $one;
		$ids[] = (int) ( is_object( $one ) ? ( $one->ID ?? $one->term_id ?? 0 ) : $one );
	}
	return array_values( array_filter( $ids ) );
}
