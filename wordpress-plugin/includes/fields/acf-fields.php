<?php
/**
 * ACF fields: values of Advanced Custom Fields with their labels.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Types that hold no text, or one that is not for visitors. */
const ACF_SILENT_TYPES = array( 'password', 'color_picker', 'icon_picker', 'message', 'accordion', 'tab', 'separator', 'output' );

/**
 * The ACF fields of a post that have a value, with their stored values: these do not depend on a field's return format.
 *
 * @param \WP_Post $post The post.
 * @return array<string, array> Fields by meta key; empty without ACF.
 */
function acf_fields( \WP_Post $post ): array {
	$fields = function_exists( 'get_field_objects' ) ? get_field_objects( $post->ID, false ) : array();
	return is_array( $fields ) ? $fields : array();
}

/**
 * A field of ACF as fields of a document: one, or one for each row of a repeater or of flexible content.
 *
 * @param array $acf From acf_fields().
 * @return array{name: string, value: string}[]
 */
function fields_of_acf( array $acf ): array {
	$is_list = in_array( $acf['type'], array( 'repeater', 'flexible_content' ), true );
	$texts   = $is_list ? acf_rows( $acf ) : array( acf_text( $acf, $acf['value'] ?? '' ) );
	return array_map( static fn( string $text ): array => field( acf_label( $acf ), $text ), array_values( array_filter( $texts, 'strlen' ) ) );
}

/**
 * A value as text, never as ids.
 *
 * @param array $acf   The field.
 * @param mixed $value Its stored value.
 */
function acf_text( array $acf, $value ): string {
	if ( in_array( $acf['type'], ACF_SILENT_TYPES, true ) || ( '' === $value && 'true_false' !== $acf['type'] ) || null === $value ) {
		return '';
	}
	$acf['value'] = $value;
	$texts        = match ( $acf['type'] ) {
		'true_false'                                        => array( yes_or_no( $value ) ),
		'select', 'checkbox', 'radio', 'button_group'       => acf_choices( $acf ),
		'date_picker', 'date_time_picker'                   => array( readable_date( (string) $value ) ),
		'time_picker'                                       => array( readable_time( (string) $value ) ),
		'post_object', 'relationship', 'page_link'          => acf_targets( $value ),
		'taxonomy'                                          => term_names( $value ),
		'user'                                              => user_names( $value ),
		'image', 'gallery'                                  => image_names( $value ),
		'file'                                              => file_names( $value ),
		'link'                                              => array( is_array( $value ) ? plain_text( (string) ( $value['title'] ?? '' ) ) : (string) $value ),
		'google_map'                                        => array( is_array( $value ) ? plain_text( (string) ( $value['address'] ?? '' ) ) : '' ),
		'group', 'clone'                                    => array( acf_row( $acf['sub_fields'] ?? array(), (array) $value ) ),
		'repeater', 'flexible_content'                      => acf_rows( $acf ),
		default                                             => acf_plain( $acf ),
	};
	return implode( ', ', array_filter( $texts, 'strlen' ) );
}

/**
 * The rows of a repeater or of flexible content, each as `Label: value; Label: value`.
 *
 * @param array $acf The field.
 * @return string[]
 */
function acf_rows( array $acf ): array {
	$layouts = array_column( $acf['layouts'] ?? array(), 'sub_fields', 'name' );
	$rows    = array();
	foreach ( is_array( $acf['value'] ) ? $acf['value'] : array() as $row ) {
		$rows[] = acf_row( $layouts[ $row['acf_fc_layout'] ?? '' ] ?? $acf['sub_fields'] ?? array(), (array) $row );
	}
	return $rows;
}

/**
 * The values of a row or a group under their labels; one that stands alone goes without.
 *
 * @param array[] $sub_fields Its fields.
 * @param array   $row        Stored values, by the key of the field or by its name.
 */
function acf_row( array $sub_fields, array $row ): string {
	$texts = array();
	foreach ( $sub_fields as $sub_field ) {
		$text = acf_text( $sub_field, $row[ $sub_field['key'] ?? '' ] ?? $row[ $sub_field['name'] ] ?? null );
		if ( '' !== $text ) {
			$texts[ acf_label( $sub_field ) ] = $text;
		}
	}
	return 1 === count( $sub_fields ) ? implode( '', $texts ) : line_of( $texts );
}

/**
 * The labels of what was chosen.
 *
 * @param array $acf The field.
 * @return string[]
 */
function acf_choices( array $acf ): array {
	$labels = array();
	foreach ( (array) ( $acf['choices'] ?? array() ) as $value => $label ) {
		// Choices may stand in groups.
		$labels += is_array( $label ) ? $label : array( $value => $label );
	}
	$chosen = array_map( static fn( $one ) => is_array( $one ) ? ( $one['label'] ?? '' ) : ( $labels[ (string) $one ] ?? $one ), isset( $acf['value']['label'] ) ? array( $acf['value'] ) : (array) $acf['value'] );
	return array_map( static fn( $label ): string => plain_text( (string) $label ), $chosen );
}

/**
 * Titles of posts. A link to a page may be an address of an archive instead.
 *
 * @param mixed $value Ids, posts or an address.
 * @return string[]
 */
function acf_targets( $value ): array {
	return is_string( $value ) && ! is_numeric( $value ) ? array() : post_names( $value );
}

/**
 * Text, numbers, and types of other plugins.
 *
 * @param array $acf The field.
 * @return string[]
 */
function acf_plain( array $acf ): array {
	$text = is_scalar( $acf['value'] ) ? plain_text( strip_shortcodes( (string) $acf['value'] ) ) : '';
	return '' === $text ? array() : array( plain_text( ( $acf['prepend'] ?? '' ) . ' ' . $text . ' ' . ( $acf['append'] ?? '' ) ) );
}

/**
 * The label of a field.
 *
 * @param array $acf The field.
 */
function acf_label( array $acf ): string {
	$label = rtrim( plain_text( (string) ( $acf['label'] ?? '' ) ), ' :：' );
	return '' === $label ? (string) $acf['name'] : $label;
}
