<?php
/**
 * Runs when the plugin is deleted.
 *
 * @package RagAsk
 */

if ( ! defined( 'WP_UNINSTALL_PLUGIN' ) ) {
	exit;
}

require_once __DIR__ . '/includes/class-connection.php';
require_once __DIR__ . '/includes/class-settings.php';
require_once __DIR__ . '/includes/class-outbox.php';
require_once __DIR__ . '/includes/class-push-schedule.php';
require_once __DIR__ . '/includes/class-push-lock.php';
require_once __DIR__ . '/includes/class-push-log.php';
require_once __DIR__ . '/includes/class-clock.php';
require_once __DIR__ . '/includes/class-status-panel.php';
require_once __DIR__ . '/includes/class-installer.php';

RagAsk\Installer::uninstall();
