<?php
/**
 * Note document: an answer of the owner -> its document. Visitors see it in the box alone, so no page is opened for it.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Why a note is not indexed, '' when nothing keeps it out.
 *
 * @param \WP_Post $note The note.
 * @return string '', 'status', 'password', 'incomplete', 'author' or 'filter'.
 */
function note_exclusion( \WP_Post $note ): string {
	if ( 'publish' !== $note->post_status || '' !== $note->post_password ) {
		return 'publish' === $note->post_status ? 'password' : 'status';
	}
	if ( '' === trim( $note->post_title ) || '' === trim( wp_strip_all_tags( $note->post_content ) ) ) {
		return 'incomplete';
	}
	if ( is_excluded_by_author( $note->ID ) ) {
		return 'author';
	}
	/** This filter is documented in includes/content/eligibility.php */
	return apply_filters( 'rag_ask_is_public', true, $note ) ? '' : 'filter';
}

/**
 * The document of a note.
 *
 * @param \WP_Post $note    A note that nothing excludes, set up by as_anonymous().
 * @param int      $version From its outbox row.
 * @return array<string, mixed>
 */
function note_document( \WP_Post $note, int $version ): array {
	$metadata = metadata_of_note( $note );
	$fixed    = array(
		'id'      => $note->ID,
		'version' => $version,
		'hash'    => content_hash( $note, $metadata ),
	);
	$html     = wpautop( strip_shortcodes( $note->post_content ) );
	/** This filter is documented in includes/content/payload.php */
	return array_merge( apply_filters( 'rag_ask_document', $fixed + $metadata + array( 'html' => $html ), $note ), $fixed );
}

/**
 * Everything of a note but its answer.
 *
 * @param \WP_Post $note The note.
 * @return array<string, mixed>
 */
function metadata_of_note( \WP_Post $note ): array {
	$wording = static fn( string $text ): array => array(
		'name'  => 'wording',
		'value' => mb_substr( $text, 0, MAX_TEXT_CHARACTERS ),
	);
	return array(
		'type'         => $note->post_type,
		'title'        => title_of( $note ),
		'url'          => cited_url( $note ),
		'fields'       => array_map( $wording, Note_Type::wordings( $note ) ),
		'language'     => language_of( $note ),
		'published_at' => utc_time( $note, 'date' ),
		'modified_at'  => utc_time( $note, 'modified' ),
		'groups'       => Audience::of_post( $note ),
	);
}

/**
 * The address of the post that a note cites; '' without one that every guest may open.
 *
 * @param \WP_Post $note The note.
 */
function cited_url( \WP_Post $note ): string {
	$post = $note->post_parent ? get_post( $note->post_parent ) : null;
	return $post && 'publish' === $post->post_status && '' === exclusion_reason( $post ) ? (string) get_permalink( $post ) : '';
}
