<?php
/**
 * Runs when the plugin is deleted.
 *
 * @package RagAsk
 */

if ( ! defined( 'WP_UNINSTALL_PLUGIN' ) ) {
	exit;
}

foreach ( array( 'connection', 'settings', 'log', 'database', 'outbox', 'clock', 'signer', 'sidecar', 'network', 'purge', 'installer', 'uninstaller' ) as $name ) {
	require_once __DIR__ . '/includes/class-' . $name . '.php';
}

RagAsk\Uninstaller::run();
