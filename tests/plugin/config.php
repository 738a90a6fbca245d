<?php
/**
 * What wp-config.php is elsewhere: core from one folder, everything that a test may write in another.
 */

$table_prefix            = 'wp_';
$GLOBALS['table_prefix'] = $table_prefix;

define( 'ABSPATH', rtrim( getenv( 'RAG_ASK_TEST_CORE' ), '/' ) . '/' );
define( 'WP_CONTENT_DIR', getenv( 'RAG_ASK_TEST_SITE' ) );
define( 'WP_CONTENT_URL', 'http://shop.test/wp-content' );
define( 'DB_NAME', 'rag_ask_test' );
define( 'DB_DIR', WP_CONTENT_DIR . '/database' );
define( 'DB_HOST', 'localhost:' . WP_CONTENT_DIR . '/mariadb.sock' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', true );
define( 'WP_DEBUG_LOG', false );
// No test may start another PHP process.
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $name ) {
	define( $name . '_KEY', "test key $name" );
	define( $name . '_SALT', "test salt $name" );
}
if ( 'cli' === PHP_SAPI ) {
	$_SERVER['HTTP_HOST']       = 'shop.test';
	$_SERVER['SERVER_NAME']     = 'shop.test';
	$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
	$_SERVER['REQUEST_METHOD']  = 'GET';
	$_SERVER['REQUEST_URI']     = '/';
	$_SERVER['REMOTE_ADDR']     = '203.0.113.9';
}
