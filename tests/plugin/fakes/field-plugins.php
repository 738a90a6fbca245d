<?php
/**
 * Plays ACF, Meta Box and Pods: the functions that the plugin calls, with the fields of a test.
 */

final class Field_Plugins_Fake {

	/** ACF's fields by post id and name, each with its stored value. */
	public static array $acf = array();

	/** Settings and HTML of Meta Box by key. */
	public static array $meta_box = array();

	/** Label, type and text of Pods by key. */
	public static array $pods = array();
}

function get_field_objects( $post_id, bool $format_value = true ) {
	return $format_value ? array() : ( Field_Plugins_Fake::$acf[ $post_id ] ?? false );
}

function rwmb_get_field_settings( string $key ) {
	return Field_Plugins_Fake::$meta_box[ $key ]['settings'] ?? false;
}

function rwmb_the_value( string $key ): string {
	return Field_Plugins_Fake::$meta_box[ $key ]['html'];
}

function pods() {
	return Field_Plugins_Fake::$pods ? new class() {
		public function fields( string $key, string $option ) {
			return Field_Plugins_Fake::$pods[ $key ][ $option ] ?? null;
		}

		public function display( string $key ): string {
			return Field_Plugins_Fake::$pods[ $key ]['text'];
		}
	} : false;
}
