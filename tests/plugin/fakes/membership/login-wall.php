<?php
/**
 * Leads guests to the login from everywhere but from a list of addresses.
 */

add_action( 'init', static function () {
	$is_open = in_array( (int) ( $_GET['page_id'] ?? 0 ), (array) get_option( 'wall_open_pages' ), true );
	if ( 'cli' !== PHP_SAPI && ! $is_open && ! is_user_logged_in() ) {
		auth_redirect();
	}
} );
