<?php

namespace RagAsk\Tests;

final class TextsTest extends TestCase {

	private const GERMAN = '$locale = "de_DE";';

	public function test_every_text_is_extracted_and_every_translation_is_complete(): void {
		exec( escapeshellarg( dirname( __DIR__, 2 ) . '/scripts/pot' ) . ' --check 2>&1', $said, $code );
		$this->assertSame( 0, $code, implode( "\n", $said ) );
	}

	public function test_a_german_visitor_reads_german(): void {
		$said = $this->in_another_request(
			self::GERMAN,
			'echo json_encode( array( do_shortcode( "[rag_ask]" ), RagAsk\Ask_Texts::of_answers(), WP_Block_Type_Registry::get_instance()->get_registered( "rag-ask/ask" )->title ) );'
		);
		$this->assertStringContainsString( 'placeholder="Frage eingeben"', $said[0] );
		$this->assertStringContainsString( 'Noch einmal versuchen', $said[0] );
		$this->assertSame( 'Das steht nicht auf dieser Website.', $said[1]['not_on_site'] );
		$this->assertSame( 'Bitte in höchstens 500 Zeichen fragen.', $said[1]['error_question_too_long'] );
		$this->assertSame( 'Diese Website fragen', $said[2] );
	}

	/**
	 * @dataProvider german_locales
	 */
	public function test_a_german_owner_reads_german( string $locale ): void {
		update_option( \RagAsk\Reconcile::RESULT, array( 'finished_at' => time(), 'checked' => 1204, 'failed' => 1, 'current_at' => time() ), false );
		$said = $this->in_another_request(
			"define( 'WP_ADMIN', true ); \$locale = '$locale';",
			'require ABSPATH . "wp-admin/includes/admin.php"; wp_set_current_user( 1 ); set_current_screen( "options-general" ); RagAsk\Settings_Page::register_fields();
			ob_start(); $_GET["tab"] = "box"; RagAsk\Settings_Page::render(); $page = ob_get_clean();
			echo json_encode( array( $page, RagAsk\Site_Health::sync_test(), RagAsk\Sidecar_Status::check()->get_error_message(), get_plugin_data( RagAsk\PLUGIN_FILE )["Description"] ) );'
		);
		$this->assertStringContainsString( 'Button auf jeder Seite', $said[0] );
		$this->assertStringContainsString( '1 konnte nicht indexiert werden.', $said[1]['description'] );
		$this->assertStringStartsWith( 'Der Sidecar unter http://127.0.0.1:9 ist nicht erreichbar', $said[2] );
		$this->assertStringStartsWith( 'Besucher stellen dieser Website eine Frage', $said[3] );
	}

	public function german_locales(): array {
		return array( array( 'de_DE' ), array( 'de_DE_formal' ) );
	}

	public function test_the_scripts_of_the_editor_are_german(): void {
		$said = $this->in_another_request(
			'define( "WP_ADMIN", true );' . self::GERMAN,
			'require ABSPATH . "wp-admin/includes/admin.php"; set_current_screen( "page" ); do_action( "enqueue_block_editor_assets" );
			echo json_encode( array_map( fn( $handle ) => wp_scripts()->print_translations( $handle, false ), array( "rag-ask-ask-editor-script", "rag-ask-editor-panel" ) ) );'
		);
		$this->assertStringContainsString( 'Vorgeschlagene Fragen', $said[0] );
		$this->assertStringContainsString( 'Diesen Beitrag fragen', $said[1] );
	}
}
