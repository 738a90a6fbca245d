<?php
/**
 * Chosen fields: the custom fields that the settings name, as a person would read them.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The custom fields chosen in the settings, read by the plugin that they belong to.
 *
 * @param \WP_Post $post The post.
 * @param string[] $read Meta keys that were read already.
 * @return array{name: string, value: string}[]
 */
function chosen_fields( \WP_Post $post, array $read ): array {
	$keys   = array_diff( Settings::get( 'meta_keys' ), $read );
	$acf    = $keys ? acf_fields( $post ) : array();
	$fields = array();
	foreach ( $keys as $key ) {
		$found = isset( $acf[ $key ] ) ? fields_of_acf( $acf[ $key ] ) : array( meta_box_field( $post, $key ) ?? pods_field( $post, $key ) ?? meta_field( $post, $key ) );
		array_push( $fields, ...$found );
	}
	return $fields;
}

/**
 * A meta key under the label that it is registered with.
 *
 * @param \WP_Post $post The post.
 * @param string   $key  The meta key.
 * @return array{name: string, value: string}
 */
function meta_field( \WP_Post $post, string $key ): array {
	$registered = get_registered_meta_keys( 'post', $post->post_type ) + get_registered_meta_keys( 'post' );
	$label      = plain_text( (string) ( $registered[ $key ]['label'] ?? '' ) );
	$is_boolean = 'boolean' === ( $registered[ $key ]['type'] ?? '' ) && metadata_exists( 'post', $post->ID, $key );
	$value      = $is_boolean ? yes_or_no( get_post_meta( $post->ID, $key, true ) ) : text_of_meta( $post, $key );
	return field( '' === $label ? $key : $label, $value );
}

/**
 * A switch as text.
 *
 * @param mixed $value What is stored.
 */
function yes_or_no( $value ): string {
	return $value ? __( 'Yes', 'rag-ask' ) : __( 'No', 'rag-ask' );
}

/**
 * The values of a meta key as text. A value may be a list, as with several ticked checkboxes.
 *
 * @param \WP_Post $post The post.
 * @param string   $key  The meta key.
 */
function text_of_meta( \WP_Post $post, string $key ): string {
	$values = array();
	foreach ( (array) get_post_meta( $post->ID, $key ) as $stored ) {
		$several = is_array( $stored ) ? $stored : array( $stored );
		array_walk_recursive(
			$several,
			static function ( $value ) use ( &$values ) {
				$values[] = is_scalar( $value ) ? readable_value( plain_text( (string) $value ) ) : '';
			}
		);
	}
	return implode( ', ', array_filter( $values, 'strlen' ) );
}

/**
 * A stored date as a person would read it. Eight digits alone may be a number.
 *
 * @param string $value Plain text.
 */
function readable_value( string $value ): string {
	return ctype_digit( $value ) ? $value : readable_date( $value );
}
