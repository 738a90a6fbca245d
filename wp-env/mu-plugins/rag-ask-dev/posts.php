<?php
/**
 * Posts of the sample site.
 *
 * @package RagAsk\Dev
 */

declare( strict_types=1 );

namespace RagAsk\Dev;

const SOURCE_HASH = '_rag_ask_dev_hash';

/**
 * Publish what is new, update what changed, leave the rest.
 *
 * @param array<string, string> $source The keys slug, type, title, content, and front when it is the front page.
 * @return bool Whether anything was written.
 */
function publish( array $source ): bool {
	$hash     = md5( (string) wp_json_encode( $source ) );
	$existing = get_page_by_path( $source['slug'], OBJECT, $source['type'] );
	if ( $existing && get_post_meta( $existing->ID, SOURCE_HASH, true ) === $hash ) {
		return false;
	}
	$post = array(
		'ID'           => $existing ? $existing->ID : 0,
		'post_name'    => $source['slug'],
		'post_type'    => $source['type'],
		'post_title'   => $source['title'],
		'post_content' => $source['content'],
		'post_status'  => 'publish',
		'meta_input'   => array( SOURCE_HASH => $hash ),
	);
	$post_id = wp_insert_post( wp_slash( $post ), true );
	if ( is_wp_error( $post_id ) ) {
		throw new \RuntimeException( $source['slug'] . ': ' . $post_id->get_error_message() );
	}
	if ( ! empty( $source['front'] ) ) {
		update_option( 'show_on_front', 'page' );
		update_option( 'page_on_front', $post_id );
	}
	return true;
}

/**
 * How many posts anybody may read, and so the sidecar is to hold.
 */
function count_public_posts(): int {
	require_once WP_PLUGIN_DIR . '/rag-ask/includes/functions.php';
	$posts = get_posts( array( 'post_type' => 'any', 'post_status' => 'publish', 'numberposts' => -1 ) );
	return count( array_filter( $posts, static fn( $post ) => '' === \RagAsk\exclusion_reason( $post ) ) );
}
