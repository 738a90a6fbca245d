<?php
/**
 * Payload: a post -> its change in a push (tests/contract/push-request.json).
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The change of one post, by its current state: an upsert, or a delete when it is gone or excluded.
 *
 * @param int $post_id  The post.
 * @param int $version  From its outbox row.
 * @param int $priority Outbox::LIVE or Outbox::SCAN.
 * @return array{op: string}
 */
function change_for( int $post_id, int $version, int $priority = Outbox::LIVE ): array {
	// A long push must not read a stale copy of the post from the object cache.
	wp_cache_delete( $post_id, 'posts' );
	wp_cache_delete( $post_id, 'post_meta' );
	$post     = get_post( $post_id );
	$document = match ( $post->post_type ?? '' ) {
		'attachment'    => document_of_file( $post, $version ),
		Note_Type::NAME => document_of_note( $post, $version ),
		default         => document_of_post( $post_id, $post, $version ),
	};
	if ( ! $document ) {
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
		'document' => $document,
	);
}

/**
 * The document of a post, and a note of the files that it links to.
 *
 * @param int           $post_id The post.
 * @param \WP_Post|null $post    Null when it is gone.
 * @param int           $version From its outbox row.
 * @return array<string, mixed>|null Null when it is not to be indexed.
 */
function document_of_post( int $post_id, ?\WP_Post $post, int $version ): ?array {
	$rule = $post ? excluding_rule( $post ) : 'gone';
	if ( '' !== $rule ) {
		Guest_Verdict::forget( $post_id );
	}
	// Asks what guests see, so exclusion_reason() does not matter here.
	$document = '' === $rule ? as_anonymous( $post, static fn() => document( $post, $version ) ) : null;
	File_Links::note( $post_id, $document['html'] ?? '' );
	return $document;
}

/**
 * The document of a file.
 *
 * @param \WP_Post $file    The attachment.
 * @param int      $version From its outbox row.
 * @return array<string, mixed>|null Null when it is not to be indexed.
 */
function document_of_file( \WP_Post $file, int $version ): ?array {
	return '' === file_exclusion( $file ) ? as_anonymous( $file, static fn() => file_document( $file, $version ) ) : null;
}

/**
 * The document of a note.
 *
 * @param \WP_Post $note    The note.
 * @param int      $version From its outbox row.
 * @return array<string, mixed>|null Null when it is not to be indexed.
 */
function document_of_note( \WP_Post $note, int $version ): ?array {
	return '' === note_exclusion( $note ) ? as_anonymous( $note, static fn() => note_document( $note, $version ) ) : null;
}

/**
 * The document of a post.
 *
 * @param \WP_Post $post    A post that no rule excludes, set up by as_anonymous().
 * @param int      $version From its outbox row.
 * @return array<string, mixed>|null Null when guests do not see it.
 */
function document( \WP_Post $post, int $version ): ?array {
	$metadata = metadata_of( $post );
	$content  = guest_content( $post, $metadata );
	if ( null === $content ) {
		return null;
	}
	$fixed    = array(
		'id'      => $post->ID,
		'version' => $version,
		'hash'    => content_hash( $post, $metadata ),
	);
	$html     = $content . approved_comments( $post );
	$images   = array( 'public' ) === $metadata['groups'] ? images_of( $content ) : array();
	$document = array_merge( $fixed, array_slice( $metadata, 0, 3 ), array( 'html' => $html ), array_slice( $metadata, 3 ), array( 'images' => $images ) );

	/**
	 * Filters the document of a post. Keep the keys and their types; id, version and hash cannot be changed.
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
	if ( $post && 'attachment' === $post->post_type ) {
		return '' === file_exclusion( $post ) ? as_anonymous( $post, static fn() => content_hash( $post, metadata_of_file( $post ) ) ) : '';
	}
	if ( Note_Type::is_note( $post ) ) {
		return '' === note_exclusion( $post ) ? as_anonymous( $post, static fn() => content_hash( $post, metadata_of_note( $post ) ) ) : '';
	}
	return $post && '' === exclusion_reason( $post ) ? as_anonymous( $post, static fn() => content_hash( $post, metadata_of( $post ) ) ) : '';
}

/**
 * The content hash of a post: over its metadata and its content before rendering, which are cheap to read.
 *
 * @param \WP_Post $post     The post, set up by as_anonymous().
 * @param array    $metadata From metadata_of().
 * @return string SHA-256 in hexadecimal.
 */
function content_hash( \WP_Post $post, array $metadata ): string {
	$parts = array( $post->ID, $metadata, $post->post_content, approved_comments( $post ) );
	return hash( 'sha256', (string) wp_json_encode( $parts, JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR ) );
}
