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
 * @param int $post_id  The post.
 * @param int $version  From its outbox row.
 * @param int $priority Outbox::LIVE or Outbox::SCAN.
 * @return array{op: string}
 */
function change_for( int $post_id, int $version, int $priority = Outbox::LIVE ): array {
	// A long push must not read a post from its own memory as it was minutes ago.
	wp_cache_delete( $post_id, 'posts' );
	wp_cache_delete( $post_id, 'post_meta' );
	$post = get_post( $post_id );
	if ( ! $post || '' !== why_left_out( $post ) ) {
		return array(
			'op'       => 'delete',
			'priority' => $priority,
			'id'       => $post_id,
			'version'  => $version,
		);
	}
	return array(
		'op'       => 'upsert',
		'priority' => $priority,
		'document' => as_anonymous( $post, static fn() => document( $post, $version ) ),
	);
}

/**
 * The post as a document.
 *
 * @param \WP_Post $post    A post that is not left out, set up as by as_anonymous().
 * @param int      $version From its outbox row.
 * @return array<string, mixed>
 */
function document( \WP_Post $post, int $version ): array {
	$cheap    = cheap_fields( $post );
	$fixed    = array(
		'id'      => $post->ID,
		'version' => $version,
		'hash'    => content_hash( $post, $cheap ),
	);
	$html     = rendered_content( $post ) . featured_image( $post ) . approved_comments( $post );
	$document = array_merge( $fixed, array_slice( $cheap, 0, 3 ), array( 'html' => $html ), array_slice( $cheap, 3 ) );

	/**
	 * Filters what is pushed of a post. Keep the keys and their types; id, version and hash stay as they are.
	 *
	 * @param array    $document The document.
	 * @param \WP_Post $post     The post.
	 */
	return array_merge( apply_filters( 'rag_ask_document', $document, $post ), $fixed );
}

/**
 * The content hash that the sidecar should have of a post.
 *
 * @param int $post_id The post.
 * @return string SHA-256 in hexadecimal, empty for a post that is gone or excluded.
 */
function expected_hash( int $post_id ): string {
	$post = get_post( $post_id );
	return $post && '' === why_left_out( $post ) ? as_anonymous( $post, static fn() => content_hash( $post, cheap_fields( $post ) ) ) : '';
}

/**
 * The content hash of a post: over its metadata and its content before rendering, which are cheap to read.
 *
 * @param \WP_Post $post     The post, set up as by as_anonymous().
 * @param array    $metadata From cheap_fields().
 * @return string SHA-256 in hexadecimal.
 */
function content_hash( \WP_Post $post, array $metadata ): string {
	$parts = array( $post->ID, $metadata, $post->post_content, featured_image( $post ), approved_comments( $post ) );
	return hash( 'sha256', (string) wp_json_encode( $parts, JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR ) );
}
