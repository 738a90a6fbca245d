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
require_once __DIR__ . '/includes/class-stored-key.php';
require_once __DIR__ . '/includes/class-settings.php';
require_once __DIR__ . '/includes/class-log.php';
require_once __DIR__ . '/includes/class-database.php';
require_once __DIR__ . '/includes/push/class-outbox.php';
require_once __DIR__ . '/includes/files/class-file-links.php';
require_once __DIR__ . '/includes/sidecar/class-address.php';
require_once __DIR__ . '/includes/sidecar/class-incarnation.php';
require_once __DIR__ . '/includes/sidecar/class-clock.php';
require_once __DIR__ . '/includes/sidecar/class-signer.php';
require_once __DIR__ . '/includes/sidecar/class-sidecar.php';
require_once __DIR__ . '/includes/class-network.php';
require_once __DIR__ . '/includes/sidecar/class-purge.php';
require_once __DIR__ . '/includes/class-installer.php';
require_once __DIR__ . '/includes/class-uninstaller.php';

RagAsk\Uninstaller::run();
