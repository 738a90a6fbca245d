<?php
/**
 * Loads WordPress with the plugin, as a request would.
 */

// phpunit includes this file inside a function; WordPress expects to be loaded at the top.
global $wpdb, $wp_rewrite, $shortcode_tags, $wp, $phpmailer, $wp_theme_directories, $table_prefix;

require __DIR__ . '/config.php';
require ABSPATH . 'wp-settings.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
// The tests call functions and screens that no visitor's page loads.
require_once WP_PLUGIN_DIR . '/rag-ask/includes/functions.php';
RagAsk\add_admin_hooks();
require_once __DIR__ . '/support/TestCase.php';
require_once __DIR__ . '/unit/UnitTestCase.php';
require_once __DIR__ . '/fakes/FakeSidecar.php';
require_once __DIR__ . '/support/WithSidecar.php';
require_once __DIR__ . '/support/WebSite.php';
require_once __DIR__ . '/support/GuestSite.php';

// Nobody serves the site at its name; GuestSite gives it an address where somebody does.
add_filter( 'pre_http_request', static fn( $answer, $options, $url ) => str_starts_with( $url, 'http://shop.test' ) ? new WP_Error( 'http_request_failed', 'No such host.' ) : $answer, 10, 3 );
