<?php
/**
 * Command palette: what an owner can open and start from WordPress's palette (Ctrl+K or Cmd+K).
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * WordPress 6.9 and later have the palette on every screen; before, nothing is loaded.
 */
final class Command_Palette {

	private const SCRIPT = 'rag-ask-commands';

	/**
	 * Load the script for those who may use the settings page.
	 */
	public static function add_script(): void {
		if ( ! function_exists( 'wp_enqueue_command_palette_assets' ) || is_network_admin() || ! current_user_can( Settings_Page::CAPABILITY ) ) {
			return;
		}
		wp_enqueue_script( self::SCRIPT, plugins_url( 'assets/commands.js', PLUGIN_FILE ), array( 'wp-commands', 'wp-data' ), VERSION, true );
		wp_add_inline_script( self::SCRIPT, 'window.ragAskCommands = ' . wp_json_encode( self::commands(), JSON_HEX_TAG ) . ';', 'before' );
	}

	/**
	 * The commands. One with fields is posted, as the buttons of the settings page are; any other is opened.
	 *
	 * @return array<int, array{name: string, label: string, url: string, fields?: array<string, string>}>
	 */
	private static function commands(): array {
		$commands = array(
			self::command( 'overview', __( 'RAG Ask: open the overview', 'rag-ask' ), Settings_Page::url() ),
			self::command( 'questions', __( 'RAG Ask: see what visitors asked', 'rag-ask' ), Settings_Page::url( 'questions' ) ),
		);
		if ( ! Connection::current() ) {
			return $commands;
		}
		$compare = array(
			'action'   => Admin_Actions::ACTION,
			'task'     => 'reconcile',
			'_wpnonce' => wp_create_nonce( Admin_Actions::ACTION ),
		);
		return array(
			...$commands,
			self::command( 'ask', __( 'RAG Ask: ask this site a question', 'rag-ask' ), Settings_Page::url() . '#rag-ask-question' ),
			self::command( 'compare', __( 'RAG Ask: compare the index with the site now', 'rag-ask' ), admin_url( 'admin-post.php' ) ) + array( 'fields' => $compare ),
			self::command( 'reindex', __( 'RAG Ask: send posts again (reindex)', 'rag-ask' ), Settings_Page::url( 'advanced' ) ),
		);
	}

	private static function command( string $name, string $label, string $url ): array {
		return array(
			'name'  => 'rag-ask/' . $name,
			'label' => $label,
			'url'   => $url,
		);
	}
}
