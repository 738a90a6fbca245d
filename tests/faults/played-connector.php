<?php
/**
 * An mu-plugin: the site is where a test serves it, its owner allows the sidecar to use the AI connector, and the connector
 * says what stands in the file says.txt. Without that file its provider is away.
 */

use RagAsk\Tests\FakeModel;
use RagAsk\Tests\FakeProvider;

foreach ( array( 'home', 'siteurl' ) as $option ) {
	add_filter( "pre_option_$option", static fn() => getenv( 'RAG_ASK_TEST_HOME' ) );
}
add_filter( 'pre_option_rag_ask_settings', static fn() => array( 'site_model' => true ) );
add_action(
	'init',
	static function (): void {
		require_once dirname( __DIR__ ) . '/plugin/fakes/ai-provider.php';
		WordPress\AiClient\AiClient::defaultRegistry()->registerProvider( FakeProvider::class );
		$said            = WP_CONTENT_DIR . '/says.txt';
		FakeModel::$says = is_file( $said ) ? file_get_contents( $said ) : new WordPress\AiClient\Common\Exception\RuntimeException( 'away' );
	}
);
