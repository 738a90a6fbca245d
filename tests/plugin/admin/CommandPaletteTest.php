<?php

namespace RagAsk\Tests;

use RagAsk\Admin_Actions;
use RagAsk\Command_Palette;
use RagAsk\Connection;

/**
 * @group since-6.9
 */
final class CommandPaletteTest extends TestCase {

	protected function tearDown(): void {
		wp_dequeue_script( 'rag-ask-commands' );
		wp_deregister_script( 'rag-ask-commands' );
	}

	public function test_an_owner_gets_commands_that_open_and_start(): void {
		wp_set_current_user( 1 );
		$commands = array_column( $this->commands(), null, 'name' );
		$this->assertSame( array( 'rag-ask/overview', 'rag-ask/questions', 'rag-ask/ask', 'rag-ask/compare', 'rag-ask/reindex' ), array_keys( $commands ) );
		$this->assertStringEndsWith( 'page=rag-ask#rag-ask-question', $commands['rag-ask/ask']['url'] );
		$this->assertStringEndsWith( 'page=rag-ask&tab=questions', $commands['rag-ask/questions']['url'] );
		$fields = $commands['rag-ask/compare']['fields'];
		$this->assertSame( array( 'rag_ask', 'reconcile' ), array( $fields['action'], $fields['task'] ) );
		$this->assertSame( 1, wp_verify_nonce( $fields['_wpnonce'], Admin_Actions::ACTION ) );
		$this->assertSame( 10, has_action( 'admin_enqueue_scripts', array( Command_Palette::class, 'add_script' ) ) );
	}

	public function test_without_a_connection_nothing_can_be_started(): void {
		wp_set_current_user( 1 );
		delete_option( Connection::OPTION );
		$this->assertSame( array( 'rag-ask/overview', 'rag-ask/questions' ), array_column( $this->commands(), 'name' ) );
	}

	public function test_nobody_else_gets_any(): void {
		$author = wp_insert_user( array( 'user_login' => 'author', 'user_pass' => 'x', 'role' => 'author' ) );
		wp_set_current_user( $author );
		$this->assertSame( array(), $this->commands() );
		wp_set_current_user( 0 );
		require_once ABSPATH . 'wp-admin/includes/user.php';
		wp_delete_user( $author );
	}

	private function commands(): array {
		Command_Palette::add_script();
		$before = implode( '', array_filter( (array) wp_scripts()->get_data( 'rag-ask-commands', 'before' ) ) );
		return (array) json_decode( rtrim( str_replace( 'window.ragAskCommands = ', '', $before ), ';' ), true );
	}
}
