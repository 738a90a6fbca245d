<?php
/**
 * Runs when the plugin is deleted.
 *
 * @package RagAsk
 */

if ( ! defined( 'WP_UNINSTALL_PLUGIN' ) ) {
	exit;
}

require_once __DIR__ . '/includes/load.php';

RagAsk\Uninstaller::run();
