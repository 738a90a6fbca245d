<?php
/**
 * Shows guests the first words of a members' post.
 */

add_action( 'wp', static function () {
	add_filter( 'the_content', static function ( $html ) {
		$is_teaser = get_post_meta( get_the_ID(), '_members_only', true ) && ! is_user_logged_in();
		return $is_teaser ? '<p>' . wp_trim_words( $html, 8 ) . '</p><p>Members read on.</p>' : $html;
	}, 99 );
} );
