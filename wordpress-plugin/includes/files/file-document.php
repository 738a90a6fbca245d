<?php
/**
 * File document: an attachment that posts link to -> its document. The sidecar fetches the text at its address, as a guest.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Why an attachment is not indexed, '' when it is.
 *
 * @param \WP_Post $file The attachment.
 * @return string '', 'setting', 'type', 'status', 'author', 'unlinked' or 'filter'.
 */
function file_exclusion( \WP_Post $file ): string {
	$reason = match ( true ) {
		! Settings::get( 'linked_files' ) => 'setting',
		'' === file_kind( $file->ID ) => 'type',
		'inherit' !== $file->post_status => 'status',
		is_excluded_by_author( $file->ID ) || is_noindex( $file->ID ) => 'author',
		! groups_of_file( $file->ID ) => 'unlinked',
		default => '',
	};
	/** This filter is documented in includes/content/eligibility.php */
	return '' !== $reason || apply_filters( 'rag_ask_is_public', true, $file ) ? $reason : 'filter';
}

/**
 * Who may read a file: who may read one of the published and indexed posts that link to it.
 *
 * @param int $file_id The attachment.
 * @return string[] Empty when no such post links to it.
 */
function groups_of_file( int $file_id ): array {
	$groups = array();
	foreach ( File_Links::posts_of( $file_id ) as $post_id ) {
		$post = get_post( $post_id );
		if ( $post && 'publish' === $post->post_status && '' === exclusion_reason( $post ) ) {
			$groups = array( ...$groups, ...Audience::of_post( $post ) );
		}
	}
	$groups = array_values( array_unique( $groups ) );
	sort( $groups );
	return $groups;
}

/**
 * The document of a file (tests/contract/push-request.json).
 *
 * @param \WP_Post $file    An attachment that is not excluded, set up by as_anonymous().
 * @param int      $version From its outbox row.
 * @return array<string, mixed>
 */
function file_document( \WP_Post $file, int $version ): array {
	$metadata = metadata_of_file( $file );
	$fixed    = array(
		'id'      => $file->ID,
		'version' => $version,
		'hash'    => content_hash( $file, $metadata ),
	);
	$document = array_merge( $fixed, array_slice( $metadata, 0, 3 ), array( 'html' => '' ), array_slice( $metadata, 3 ) );

	/** This filter is documented in includes/content/payload.php */
	return array_merge( apply_filters( 'rag_ask_document', $document, $file ), $fixed );
}

/**
 * The fields of a file's document, in the order of the contract.
 *
 * @param \WP_Post $file The attachment, set up by as_anonymous().
 * @return array<string, mixed>
 */
function metadata_of_file( \WP_Post $file ): array {
	return array(
		'type'         => $file->post_type,
		'title'        => title_of( $file ),
		'url'          => (string) wp_get_attachment_url( $file->ID ),
		'excerpt'      => mb_substr( plain_text( $file->post_excerpt ), 0, MAX_TEXT_CHARACTERS ),
		'author'       => '',
		'terms'        => array(),
		'fields'       => array(),
		'language'     => language_of( $file ),
		'published_at' => utc_time( $file, 'date' ),
		'modified_at'  => utc_time( $file, 'modified' ),
		'groups'       => groups_of_file( $file->ID ),
		'page_urls'    => array(),
		'file'         => array(
			'kind'     => file_kind( $file->ID ),
			'revision' => file_revision( $file ),
		),
	);
}

/**
 * What changes when the file is replaced: its size and time on this server, or when its attachment was saved.
 *
 * @param \WP_Post $file The attachment.
 */
function file_revision( \WP_Post $file ): string {
	$path = (string) get_attached_file( $file->ID );
	clearstatcache( true, $path );
	return is_file( $path ) ? filesize( $path ) . '-' . filemtime( $path ) : md5( $path . $file->post_modified_gmt );
}
