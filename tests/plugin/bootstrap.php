<?php
/**
 * Loads WordPress with the plugin, as a request would.
 */

// phpunit includes this file inside a function; WordPress expects to be loaded at the top.
global $wpdb, $wp_rewrite, $shortcode_tags, $wp, $phpmailer, $wp_theme_directories, $table_prefix;

require __DIR__ . '/config.php';
require ABSPATH . 'wp-settings.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
require_once __DIR__ . '/support/TestCase.php';
require_once __DIR__ . '/unit/UnitTestCase.php';
require_once __DIR__ . '/fakes/FakeSidecar.php';
require_once __DIR__ . '/support/WithSidecar.php';
require_once __DIR__ . '/support/WebSite.php';
