<?php
/**
 * The throw-away site for PHP's own web server: php -S 127.0.0.1:0 router.php
 */

define( 'WP_USE_THEMES', true );
require dirname( __DIR__ ) . '/config.php';
require ABSPATH . 'wp-settings.php';
wp();
require ABSPATH . WPINC . '/template-loader.php';
