<?php

namespace RagAsk\Tests;

final class BuildTest extends TestCase {

	public function test_the_zip_is_the_whole_plugin_the_same_each_time_and_nothing_else(): void {
		$root = dirname( __DIR__, 2 );
		$zips = array( tempnam( sys_get_temp_dir(), 'zip' ), tempnam( sys_get_temp_dir(), 'zip' ) );
		foreach ( $zips as $zip ) {
			exec( escapeshellarg( "$root/scripts/build-plugin" ) . ' ' . escapeshellarg( $zip ), $said, $code );
			$this->assertSame( 0, $code );
		}
		$this->assertFileEquals( $zips[0], $zips[1] );
		exec( 'python3 -c "import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist(), sep=chr(10))" ' . escapeshellarg( $zips[0] ), $names );
		array_map( 'unlink', $zips );
		foreach ( array( 'rag-ask.php', 'uninstall.php', 'readme.txt', 'LICENSE', 'includes/content/payload.php', 'assets/admin.css', 'blocks/ask/block.json', 'blocks/ask/view.js', 'languages/rag-ask.pot', 'languages/rag-ask-de_DE.l10n.php', 'languages/rag-ask-de_DE-rag-ask-editor-panel.json' ) as $name ) {
			$this->assertContains( "rag-ask/$name", $names );
		}
		foreach ( glob( "$root/wordpress-plugin/includes/{,*/}*.php", GLOB_BRACE ) as $file ) {
			$this->assertContains( 'rag-ask/' . substr( $file, strlen( "$root/wordpress-plugin/" ) ), $names );
		}
		$this->assertSame( array(), preg_grep( '#^rag-ask/|/$#', $names, PREG_GREP_INVERT ) );
		$this->assertSame( array(), preg_grep( '#test|/\.|node_modules#i', $names ) );
	}

	public function test_the_versions_agree(): void {
		$root   = dirname( __DIR__, 2 ) . '/wordpress-plugin';
		$header = get_file_data( "$root/rag-ask.php", array( 'version' => 'Version', 'wp' => 'Requires at least', 'php' => 'Requires PHP' ) );
		$readme = get_file_data( "$root/readme.txt", array( 'version' => 'Stable tag', 'wp' => 'Requires at least', 'php' => 'Requires PHP' ) );
		$this->assertSame( $header, $readme );
		$this->assertSame( \RagAsk\VERSION, $header['version'] );
	}
}
