<?php
/**
 * What edit.js takes from WordPress.
 *
 * @package RagAsk
 */

return array(
	'dependencies' => array( 'wp-block-editor', 'wp-blocks', 'wp-components', 'wp-element', 'wp-i18n' ),
	'version'      => RagAsk\VERSION,
);
