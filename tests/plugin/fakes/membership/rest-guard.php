<?php
/**
 * The page of a members' post is empty; its script reads the text from the REST API, which guests may not use.
 */

add_filter( 'rest_authentication_errors', static fn( $error ) => is_user_logged_in() ? $error : new WP_Error( 'closed', 'Members only.', array( 'status' => 401 ) ) );
add_filter( 'template_include', static function ( $template ) {
	add_filter( 'the_content', static fn( $html ) => get_post_meta( get_the_ID(), '_members_only', true ) ? '<div data-rest="' . get_the_ID() . '"></div>' : $html );
	return $template;
} );
