<?php
/**
 * Loads each file of the plugin when its class is first used, so that a visitor's page loads only what it needs.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** The rooms, in the order of the line: WRITE, REPAIR, READ, then the screens. ARCHITECTURE.md says what is in each. */
const ROOMS = array( '', 'watch/', 'push/', 'content/', 'fields/', 'files/', 'guest/', 'sidecar/', 'repair/', 'reach/', 'ask/', 'admin/', 'admin/health/', 'admin/index/', 'admin/questions/', 'admin/privacy/', 'editor/', 'abilities/', 'connectors/', 'cli/' );

spl_autoload_register(
	static function ( string $class_name ): void {
		if ( ! str_starts_with( $class_name, __NAMESPACE__ . '\\' ) ) {
			return;
		}
		$file = 'class-' . strtolower( str_replace( '_', '-', substr( $class_name, strlen( __NAMESPACE__ ) + 1 ) ) ) . '.php';
		foreach ( ROOMS as $room ) {
			if ( is_file( __DIR__ . "/$room$file" ) ) {
				require_once __DIR__ . "/$room$file";
				return;
			}
		}
	}
);
