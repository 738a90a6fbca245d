<?php
/**
 * Field plugins: values of Meta Box and Pods, as these show them, with their labels.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Types of fields whose value is not for visitors. */
const SECRET_TYPES = array( 'password', 'hidden' );

/**
 * A field of Meta Box.
 *
 * @param \WP_Post $post The post.
 * @param string   $key  The meta key.
 * @return array{name: string, value: string}|null Null when Meta Box has no such field.
 */
function meta_box_field( \WP_Post $post, string $key ): ?array {
	$settings = function_exists( 'rwmb_get_field_settings' ) ? rwmb_get_field_settings( $key, array(), $post->ID ) : false;
	if ( ! is_array( $settings ) || empty( $settings['type'] ) ) {
		return null;
	}
	$stored = get_post_meta( $post->ID, $key );
	$text   = match ( true ) {
		in_array( $settings['type'], SECRET_TYPES, true )                  => '',
		'post' === $settings['type']                                      => implode( ', ', post_names( $stored ) ),
		str_starts_with( $settings['type'], 'image' )                     => implode( ', ', image_names( $stored ) ),
		in_array( $settings['type'], array( 'date', 'datetime' ), true )  => implode( ', ', array_map( static fn( $one ) => readable_date( (string) $one ), array_filter( $stored, 'is_scalar' ) ) ),
		default                                                           => plain_text( (string) rwmb_the_value( $key, array(), $post->ID, false ) ),
	};
	return field( plain_text( (string) ( $settings['name'] ?? '' ) ), $text );
}

/**
 * A field of Pods.
 *
 * @param \WP_Post $post The post.
 * @param string   $key  The meta key.
 * @return array{name: string, value: string}|null Null when Pods has no such field.
 */
function pods_field( \WP_Post $post, string $key ): ?array {
	$pod   = function_exists( 'pods' ) ? pods( $post->post_type, $post->ID, true ) : false;
	$label = $pod ? $pod->fields( $key, 'label' ) : null;
	if ( ! is_string( $label ) ) {
		return null;
	}
	return field( plain_text( $label ), in_array( $pod->fields( $key, 'type' ), SECRET_TYPES, true ) ? '' : plain_text( (string) $pod->display( $key ) ) );
}
