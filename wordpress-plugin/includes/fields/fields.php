<?php
/**
 * Fields: what a site says of a post outside its content, as pairs of a name and a text.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Maximum number of fields in the sidecar. */
const MAX_FIELDS = 200;

/** Maximum length of a name in the sidecar. */
const MAX_NAME_CHARACTERS = 200;

/**
 * The fields of a post: those of products and events, the custom fields chosen in the settings, the featured image.
 *
 * @param \WP_Post $post The post, set up by as_anonymous().
 * @return array{name: string, value: string}[]
 */
function fields_of( \WP_Post $post ): array {
	$product = product_fields( $post );
	$read    = array( ...( $product ? Shop_Watcher::META : array() ), ...event_keys_read( $post ) );
	$fields  = array( ...$product, ...event_fields( $post ), ...chosen_fields( $post, $read ), ...image_texts( $post ) );

	/**
	 * Filters the fields of a post. Visitors may read them in answers.
	 *
	 * @param array{name: string, value: string}[] $fields The fields, as plain text.
	 * @param \WP_Post                             $post   The post.
	 */
	$fields = (array) apply_filters( 'rag_ask_fields', $fields, $post );
	return array_slice( array_values( array_filter( $fields, static fn( $field ) => '' !== ( $field['value'] ?? '' ) ) ), 0, MAX_FIELDS );
}

/**
 * A field whose lengths the sidecar accepts.
 *
 * @param string $name  What it is.
 * @param string $value Plain text.
 * @return array{name: string, value: string}
 */
function field( string $name, string $value ): array {
	return array(
		'name'  => mb_substr( $name, 0, MAX_NAME_CHARACTERS ),
		'value' => mb_substr( $value, 0, MAX_TEXT_CHARACTERS ),
	);
}

/**
 * Texts with their labels as one line, in the form of a row of a table: `Size: Large; Price: €12.00`.
 *
 * @param array<string, string> $texts Texts by label. Empty ones are left out.
 */
function line_of( array $texts ): string {
	$texts = array_filter( $texts, 'strlen' );
	return implode( '; ', array_map( static fn( $label, string $text ) => "$label: $text", array_keys( $texts ), $texts ) );
}

/**
 * Texts that belong together as one field, named by the first label.
 *
 * @param array<string, string> $texts Texts by label, the first one not empty.
 * @return array{name: string, value: string}
 */
function row_field( array $texts ): array {
	$first = array_key_first( $texts );
	$rest  = line_of( array_slice( $texts, 1, null, true ) );
	return field( (string) $first, '' === $rest ? $texts[ $first ] : $texts[ $first ] . '; ' . $rest );
}

/**
 * The alt text and the caption of the featured image, which themes show outside the content.
 *
 * @param \WP_Post $post The post.
 * @return array{name: string, value: string}[]
 */
function image_texts( \WP_Post $post ): array {
	$texts = attachment_texts( (int) get_post_thumbnail_id( $post ) );
	return array_map( static fn( string $text ): array => field( __( 'Image', 'rag-ask' ), $text ), $texts );
}

/**
 * The alt text and the caption of an attachment.
 *
 * @param int $attachment_id The attachment, 0 for none.
 * @return string[]
 */
function attachment_texts( int $attachment_id ): array {
	if ( ! $attachment_id ) {
		return array();
	}
	$texts = array( (string) get_post_meta( $attachment_id, '_wp_attachment_image_alt', true ), (string) wp_get_attachment_caption( $attachment_id ) );
	return array_values( array_unique( array_filter( array_map( __NAMESPACE__ . '\plain_text', $texts ), 'strlen' ) ) );
}
