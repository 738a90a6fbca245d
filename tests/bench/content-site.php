<?php
/**
 * Imports an export into the throw-away site and prints the documents of its posts, as JSON.
 */

require dirname( __DIR__ ) . '/plugin/config.php';
require ABSPATH . 'wp-settings.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
require_once dirname( __DIR__, 2 ) . '/wp-env/mu-plugins/rag-ask-dev/wxr.php';

wp_set_current_user( 1 );
kses_remove_filters();
// The site that WordPress installs says something too.
array_map( static fn( $post ) => wp_delete_post( $post->ID, true ), get_posts( array( 'post_type' => 'any', 'numberposts' => -1 ) ) );
$GLOBALS['wp_rewrite']->set_permalink_structure( '/%postname%-%post_id%/' );
flush_rewrite_rules();
RagAsk\Dev\import_wxr( file_get_contents( $argv[1] ), 0, PHP_INT_MAX );
// Nobody serves the site yet.
update_option( RagAsk\Settings::OPTION, array( 'guest_check' => 'never' ) );

$documents = array();
foreach ( get_posts( array( 'post_type' => array( 'post', 'page' ), 'numberposts' => -1, 'orderby' => 'ID', 'order' => 'ASC' ) ) as $post ) {
	$change = RagAsk\change_for( $post->ID, 1 );
	if ( 'upsert' === $change['op'] ) {
		$documents[] = $change['document'];
	}
}
echo wp_json_encode( $documents );
