<?php
/**
 * Makes the throw-away site: WordPress installed, the plugin active.
 */

define( 'WP_INSTALLING', true );
require __DIR__ . '/config.php';
require ABSPATH . 'wp-settings.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

add_filter( 'pre_wp_mail', '__return_true' );
wp_install( 'Crumb & Kettle', 'owner', 'owner@shop.test', true, '', 'a password of the test' );
update_option( 'siteurl', 'http://shop.test' );
update_option( 'home', 'http://shop.test' );
update_option( 'active_plugins', array( 'rag-ask/rag-ask.php' ) );
