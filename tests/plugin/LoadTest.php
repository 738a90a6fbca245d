<?php

namespace RagAsk\Tests;

use RagAsk\Admin_Actions;
use RagAsk\Ask_Box;
use RagAsk\Change_Hooks;
use RagAsk\Connection;
use RagAsk\Insights;
use RagAsk\Job_Schedule;
use RagAsk\Network;
use RagAsk\Push_Schedule;
use RagAsk\Pusher;
use RagAsk\Settings;

final class LoadTest extends TestCase {

	private const MOST_FILES = 10;
	private const GET        = '$_SERVER["REQUEST_METHOD"] = "GET";';

	public function test_a_page_of_a_visitor_loads_few_files_and_none_of_a_screen(): void {
		$files = $this->in_another_request( self::GET, 'wp(); ob_start(); require ABSPATH . WPINC . "/template-loader.php"; ob_end_clean(); echo json_encode( get_included_files() );' );
		$ours  = preg_grep( '#/rag-ask/|/wordpress-plugin/#', $files );
		$this->assertNotEmpty( $ours );
		$this->assertLessThanOrEqual( self::MOST_FILES, count( $ours ), implode( "\n", $ours ) );
		$this->assertSame( array(), preg_grep( '#/(admin|editor|repair|push)/#', $ours ) );
	}

	/**
	 * Hooks take memory, so a page that is only looked at gets most of them when something is written.
	 */
	public function test_a_page_of_a_visitor_gets_its_hooks_at_the_first_write(): void {
		$look  = '$seen = static fn() => array( has_action( "aioseo_insert_post" ), has_action( "rag_ask_push" ), count( array_filter( RagAsk\\Change_Hooks::ALL, static fn( $one ) => has_action( $one[0] ) ) ) );';
		$write = '$was = $seen(); set_transient( "note", 1 ); $GLOBALS["wpdb"]->get_var( "SELECT 1" ); $transient = $seen();'
			. '$id = wp_insert_post( array( "post_title" => "Tea", "post_content" => "Tea is served from three.", "post_status" => "publish", "post_type" => "page" ) );'
			. 'wp_cache_flush(); $row = RagAsk\\Outbox::find( $id ); wp_delete_post( $id, true ); echo json_encode( array( $was, $transient, $seen(), (bool) $row ) );';
		list( $was, $transient, $after, $has_row ) = $this->in_another_request( self::GET, $look . $write );
		$this->assertSame( array( false, false ), array_slice( $was, 0, 2 ) );
		$this->assertSame( $was, $transient );
		$this->assertLessThan( 20, $was[2], "core has some of its own" );
		$this->assertSame( array( true, true, count( Change_Hooks::ALL ) ), $after );
		$this->assertTrue( $has_row );
	}

	public function test_what_may_write_or_run_events_has_its_hooks_at_once(): void {
		foreach ( array( 'unset( $_SERVER["REQUEST_METHOD"] );', '$_SERVER["REQUEST_METHOD"] = "POST";', self::GET . 'define( "DOING_CRON", true );', self::GET . 'define( "ALTERNATE_WP_CRON", true );', self::GET . 'define( "WP_ADMIN", true );' ) as $before ) {
			$this->assertSame( array( true, true ), $this->in_another_request( $before, 'echo json_encode( array( has_action( "aioseo_insert_post" ), has_action( "rag_ask_push" ) ) );' ), $before );
		}
	}

	public function test_a_page_of_a_visitor_registers_no_script_of_the_editor(): void {
		$this->assertSame( array( false, true ), $this->in_another_request( '', 'echo json_encode( array( isset( $GLOBALS["wp_scripts"] ), isset( WP_Block_Type_Registry::get_instance()->get_all_registered()["rag-ask/ask"] ) ) );' ) );
		$this->assertTrue( $this->in_another_request( 'define( "WP_ADMIN", true );', 'echo json_encode( wp_script_is( "rag-ask-ask-editor-script", "registered" ) );' ) );
	}

	public function test_every_class_is_found_by_its_name(): void {
		$root  = dirname( __DIR__, 2 ) . '/wordpress-plugin/includes';
		$names = array();
		foreach ( glob( "$root/{,*/}class-*.php", GLOB_BRACE ) as $file ) {
			preg_match( '/^(?:final |abstract )?class (\w+)/m', file_get_contents( $file ), $found );
			$names[] = 'RagAsk\\' . $found[1];
		}
		$this->assertGreaterThan( 50, count( $names ) );
		// A command of WP-CLI needs WP-CLI only when it runs.
		$this->assertSame( $names, array_values( array_filter( $names, 'class_exists' ) ) );
	}

	/**
	 * PHP finds a class by its name, and no function and no constant.
	 */
	public function test_every_class_that_uses_a_function_or_constant_loads_it(): void {
		$root = dirname( __DIR__, 2 ) . '/wordpress-plugin/includes';
		$call = array();
		$read = array();
		foreach ( preg_grep( '#/class-#', glob( "$root/*/*.php" ), PREG_GREP_INVERT ) as $file ) {
			preg_match_all( '/^function (\w+)/m', file_get_contents( $file ), $found );
			array_push( $call, ...$found[1] );
			preg_match_all( '/^const (\w+)/m', file_get_contents( $file ), $found );
			array_push( $read, ...$found[1] );
		}
		$this->assertContains( 'exclusion_reason', $call );
		$this->assertContains( 'MAX_PAGES', $read );
		$names   = implode( '|', $call );
		$read    = implode( '|', $read );
		$pattern = "/(?<![\\w>:'])($names)\\(|__NAMESPACE__ \\. '.($names)'|(?<![\\w>:'])(?<!const )($read)\\b(?!')/";
		foreach ( glob( "$root/{,*/}class-*.php", GLOB_BRACE ) as $file ) {
			$code = preg_replace( '#/\*.*?\*/|//.*#s', '', file_get_contents( $file ) );
			if ( preg_match( $pattern, preg_replace( '/function \w+/', '', $code ), $found ) ) {
				$this->assertStringContainsString( "'/functions.php'", file_get_contents( $file ), "$file: $found[0]" );
			}
		}
	}

	public function test_the_names_in_the_entry_file_are_those_of_the_classes(): void {
		$entry = file_get_contents( dirname( __DIR__, 2 ) . '/wordpress-plugin/rag-ask.php' );
		foreach ( array( Pusher::EVENT, Push_Schedule::SAFETY, Job_Schedule::SOON, Job_Schedule::NIGHTLY, Insights::SOON, Network::EVENT, 'admin_post_' . Admin_Actions::ACTION, 'update_option_' . Settings::OPTION, 'update_option_' . Connection::OPTION, 'sanitize_option_' . Connection::OPTION ) as $hook ) {
			$this->assertStringContainsString( "'$hook'", $entry );
		}
	}
}
