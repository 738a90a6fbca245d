<?php
/**
 * Chosen fields: the custom fields that the settings name, as a person would read them.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The custom fields chosen in the settings.
 *
 * @param \WP_Post $post The post.
 * @return array{name: string, value: string}[]
 */
function chosen_fields( \WP_Post $post ): array {
	$fields = array();
	foreach ( Settings::get( 'meta_keys' ) as $key ) {
		$value = text_of_meta( $post, $key );
		if ( '' !== $value ) {
			$fields[] = field( $key, $value );
		}
	}
	return $fields;
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
				$values[] = is_scalar( $value ) ? plain_text( (string) $value ) : '';
			}
		);
	}
	return implode( ', ', array_filter( $values, 'strlen' ) );
}
