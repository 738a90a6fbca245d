<?php

namespace RagAsk\Tests;

use RagAsk\Change_Hooks;

final class ChangeHooksTest extends TestCase {

	public function test_the_table_in_the_docs_names_every_hook_and_a_test_of_each(): void {
		preg_match_all( '/^\|(.+)\|(.+)\|(.+)\| `(\w+)::(\w+)` \|$/m', file_get_contents( dirname( __DIR__, 3 ) . '/docs/developers/sync.md' ), $rows, PREG_SET_ORDER );
		$this->assertGreaterThan( 30, count( $rows ) );
		$hooks = '';
		foreach ( $rows as list( , , $hook, , $class, $method ) ) {
			require_once current( (array) glob( dirname( __DIR__ ) . "/{watch,content,fields,files}/$class.php", GLOB_BRACE ) );
			$this->assertTrue( method_exists( __NAMESPACE__ . '\\' . $class, $method ), "$class::$method" );
			$hooks .= $hook;
		}
		foreach ( Change_Hooks::ALL as list( $hook ) ) {
			$this->assertStringContainsString( "`$hook`", $hooks );
		}
	}

	public function test_every_hook_is_listened_to(): void {
		foreach ( Change_Hooks::ALL as list( $hook, $watcher, $method ) ) {
			$this->assertTrue( has_action( $hook ), $hook );
			$this->assertTrue( is_callable( array( $watcher, $method ) ), "$watcher::$method" );
		}
	}

	public function test_what_other_plugins_hand_to_a_hook_breaks_nothing(): void {
		$log = $this->logged( static function () {
			do_action( 'edited_term', null, null, null );
			do_action( 'profile_update', 1, 'no user' );
			do_action( 'wp_after_insert_post', 1, null, true, null );
		} );
		$this->assertSame( 3, substr_count( $log, 'RAG Ask: a change was not queued' ) );
	}
}
