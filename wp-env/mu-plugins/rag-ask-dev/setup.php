<?php
/**
 * The settings of the local site.
 *
 * @package RagAsk\Dev
 */

declare( strict_types=1 );

namespace RagAsk\Dev;

use RagAsk\Site_Watcher;
use WP_Error;

const PLUGIN      = 'rag-ask/rag-ask.php';
const SETUP_DONE  = 'rag_ask_dev_setup';
const PUSHED_FROM = 'rag_ask_dev_place';

/**
 * Playground logs every first visit in as the administrator; a visitor of the ask box must be nobody.
 */
function let_visitors_be_anonymous(): void {
	$_COOKIE['playground_auto_login_already_happened'] = '1';
}

/**
 * Where wordpress.org cannot be reached, each update check would hold Playground's only worker until it fails.
 *
 * @param mixed                $answer  What another filter answered.
 * @param array<string, mixed> $request The request's arguments.
 * @param string               $url     The address asked for.
 * @return mixed
 */
function refuse_wordpress_org( $answer, $request, $url ) {
	$host = (string) wp_parse_url( $url, PHP_URL_HOST );
	if ( str_ends_with( $host, 'wordpress.org' ) ) {
		return new WP_Error( 'http_request_failed', 'The local site does not ask wordpress.org.' );
	}
	return $answer;
}

/**
 * Activate the plugin and make the site fit for a first look. Once, so that a person may change it all.
 */
function set_up_once(): void {
	if ( ! is_blog_installed() || get_option( SETUP_DONE ) || ! file_exists( WP_PLUGIN_DIR . '/' . PLUGIN ) ) {
		return;
	}
	require_once ABSPATH . 'wp-admin/includes/plugin.php';
	activate_plugin( PLUGIN );
	$options = array(
		'blogname'        => 'Crumb & Kettle',
		'blogdescription' => 'Bakery and tea house in Harrow Lane',
		'show_avatars'    => 0,
		'timezone_string' => 'Europe/London',
	);
	array_map( 'update_option', array_keys( $options ), $options );
	set_permalinks();
	still_the_editor();
	delete_first_posts();
	update_option( SETUP_DONE, 1 );
}

function set_permalinks(): void {
	global $wp_rewrite;
	$wp_rewrite->set_permalink_structure( '/%postname%/' );
	flush_rewrite_rules();
}

/**
 * The editor's welcome guide and pattern chooser cover the page until they are off.
 */
function still_the_editor(): void {
	$preferences = array(
		'core'           => array( 'enableChoosePatternModal' => false ),
		'core/edit-post' => array( 'welcomeGuide' => false ),
		'_modified'      => gmdate( 'c' ),
	);
	foreach ( get_users( array( 'role' => 'administrator' ) ) as $user ) {
		update_user_option( $user->ID, 'persisted_preferences', $preferences );
	}
}

/**
 * "Hello world!" and its like are no part of any site that is worth asking.
 */
function delete_first_posts(): void {
	foreach ( array( 'hello-world', 'sample-page', 'privacy-policy' ) as $slug ) {
		foreach ( get_posts( array( 'name' => $slug, 'post_type' => array( 'post', 'page' ), 'post_status' => 'any' ) ) as $post ) {
			wp_delete_post( $post->ID, true );
		}
	}
}

/**
 * After a move everything is pushed again: permalinks hold the port, and a sidecar that moved knows the site anew.
 */
function push_again_when_moved(): void {
	$place = md5( home_url() . ( defined( 'RAG_ASK_CONNECTION' ) ? RAG_ASK_CONNECTION : '' ) );
	$last  = get_option( PUSHED_FROM );
	if ( wp_installing() || $place === $last || ! class_exists( Site_Watcher::class ) ) {
		return;
	}
	update_option( PUSHED_FROM, $place );
	if ( $last ) {
		Site_Watcher::push_all();
	}
}
