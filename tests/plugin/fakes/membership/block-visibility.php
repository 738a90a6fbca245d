<?php
/**
 * Hides blocks from whoever lacks a role, on pages.
 */

add_action( 'template_redirect', static function () {
	add_filter( 'render_block', static function ( $html, $block ) {
		$role = $block['attrs']['visibleTo'] ?? '';
		return '' === $role || in_array( $role, wp_get_current_user()->roles, true ) ? $html : '';
	}, 10, 2 );
} );
