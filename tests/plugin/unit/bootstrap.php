<?php
/**
 * The plugin's classes without WordPress: what little they call of it behaves as there, for the input of these tests.
 */

const DAY_IN_SECONDS = 86400;
$GLOBALS['rag_ask_options'] = array();

function wp_json_encode( $value, int $flags = 0 ) {
	return json_encode( $value, $flags );
}

function wp_parse_url( string $url ) {
	return parse_url( $url );
}

function esc_url_raw( string $url, array $protocols ): string {
	return in_array( parse_url( $url, PHP_URL_SCHEME ), $protocols, true ) ? $url : '';
}

function untrailingslashit( string $text ): string {
	return rtrim( $text, '/' );
}

function get_option( string $name, $default = false ) {
	return $GLOBALS['rag_ask_options'][ $name ] ?? $default;
}

function update_option( string $name, $value ): bool {
	$GLOBALS['rag_ask_options'][ $name ] = $value;
	return true;
}

function delete_option( string $name ): bool {
	unset( $GLOBALS['rag_ask_options'][ $name ] );
	return true;
}

spl_autoload_register(
	static function ( string $class_name ): void {
		$name   = 'class-' . strtolower( str_replace( array( 'RagAsk\\', '_' ), array( '', '-' ), $class_name ) ) . '.php';
		$folder = new \RecursiveDirectoryIterator( dirname( __DIR__, 3 ) . '/wordpress-plugin/includes', \FilesystemIterator::SKIP_DOTS );
		foreach ( new \RecursiveIteratorIterator( $folder ) as $file ) {
			if ( $file->getFilename() === $name ) {
				require_once $file->getPathname();
			}
		}
	}
);
require_once __DIR__ . '/UnitTestCase.php';
