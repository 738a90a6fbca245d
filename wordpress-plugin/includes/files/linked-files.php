<?php
/**
 * Linked files: the PDF and office files of the media library in the HTML of a post.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Kinds of files that the sidecar reads, by their endings. */
const FILE_KINDS = array( 'pdf', 'docx', 'xlsx' );

/** Links to files in one post that are followed. */
const MAX_FILES_OF_POST = 100;

/** Elements that link to a file or show it, and the attribute with its address. */
const FILE_ATTRIBUTES = array(
	'A'      => 'href',
	'OBJECT' => 'data',
	'EMBED'  => 'src',
	'IFRAME' => 'src',
);

/**
 * The ids of the attachments that HTML links to or shows.
 *
 * @param string $html HTML.
 * @return int[] Sorted.
 */
function files_in( string $html ): array {
	$file_ids = array();
	foreach ( file_addresses( $html ) as $url ) {
		$file_id = attachment_url_to_postid( $url );
		if ( $file_id && '' !== file_kind( $file_id ) ) {
			$file_ids[] = $file_id;
		}
	}
	sort( $file_ids );
	return array_values( array_unique( $file_ids ) );
}

/**
 * The addresses in HTML that end like a file, without fragment and query.
 *
 * @param string $html HTML.
 * @return string[]
 */
function file_addresses( string $html ): array {
	$urls = array();
	$tags = new \WP_HTML_Tag_Processor( $html );
	while ( $tags->next_tag() ) {
		$value = $tags->get_attribute( FILE_ATTRIBUTES[ $tags->get_tag() ] ?? '' );
		$path  = is_string( $value ) ? (string) preg_replace( '/[?#].*$/s', '', trim( $value ) ) : '';
		if ( preg_match( '/\.(' . implode( '|', FILE_KINDS ) . ')$/i', $path ) ) {
			$urls[ \WP_Http::make_absolute_url( $path, home_url( '/' ) ) ] = true;
		}
		if ( count( $urls ) >= MAX_FILES_OF_POST ) {
			break;
		}
	}
	// Names with letters beyond ASCII are stored as they are written, and linked to encoded.
	return array_unique( array_merge( ...array_map( static fn( string $url ) => array( $url, rawurldecode( $url ) ), array_map( 'strval', array_keys( $urls ) ) ) ) );
}

/**
 * What kind of file an attachment is.
 *
 * @param int $file_id The attachment.
 * @return string One of FILE_KINDS, '' for any other.
 */
function file_kind( int $file_id ): string {
	$kind = strtolower( pathinfo( (string) get_post_meta( $file_id, '_wp_attached_file', true ), PATHINFO_EXTENSION ) );
	return in_array( $kind, FILE_KINDS, true ) ? $kind : '';
}
