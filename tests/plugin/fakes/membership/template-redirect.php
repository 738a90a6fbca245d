<?php
/**
 * Leads guests from a members' post to the page where they can join.
 */

add_action( 'template_redirect', static function () {
	if ( is_singular() && get_post_meta( get_queried_object_id(), '_members_only', true ) && ! is_user_logged_in() ) {
		wp_safe_redirect( home_url( '/?join=1' ) );
		exit;
	}
} );
