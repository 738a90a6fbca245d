<?php
/**
 * Hides the text of a members' post on its own page.
 */

add_filter( 'the_content', static function ( $html ) {
	$is_page = is_singular() && in_the_loop() && is_main_query();
	return $is_page && get_post_meta( get_the_ID(), '_members_only', true ) && ! is_user_logged_in() ? '<p>Join to read this.</p>' : $html;
}, 20 );
