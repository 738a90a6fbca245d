<?php

namespace RagAsk\Tests;

use RagAsk\Ask_Box;
use RagAsk\Settings;

final class AskBoxTest extends TestCase {

	/** What the boxes of the browser tests are: see tests/e2e/boxes/. */
	private const SETTINGS = array(
		'suggestions' => array( 'When do you open?', 'Do you deliver?' ),
		'contact'     => 'help@example.org',
		'shortcut'    => 'k',
	);

	protected function tearDown(): void {
		foreach ( array( 'rag_ask_texts', 'rag_ask_contact', 'rag_ask_box' ) as $filter ) {
			remove_all_filters( $filter );
		}
	}

	public function test_the_box_names_the_longest_question_of_the_token_message(): void {
		$most = $this->contract( 'token-route' )['max_question_characters'];
		$html = do_shortcode( '[rag_ask]' );
		$this->assertStringContainsString( " maxlength=\"$most\" ", $html );
		$this->assertStringContainsString( "Please ask in at most $most characters.", $html );
	}

	public function test_the_notice_of_the_owner_is_shown_below_the_box(): void {
		$this->assertStringNotContainsString( 'rag-ask__notice', do_shortcode( '[rag_ask]' ) );
		update_option( \RagAsk\Settings::OPTION, array( 'text_notice' => 'A service <answers>.' ) );
		$this->assertStringContainsString( '<p class="rag-ask__notice">A service &lt;answers&gt;.</p>', do_shortcode( '[rag_ask]' ) );
	}

	/**
	 * @dataProvider forms
	 */
	public function test_the_markup_is_the_one_of_the_browser_tests( string $form ): void {
		update_option( Settings::OPTION, self::SETTINGS );
		set_query_var( 's', '' );
		$html = Ask_Box::render( array( 'form' => $form ) );
		$html = preg_replace( '/rag-ask-\d+/', '{{id}}', $html );
		$html = preg_replace( '/data-token-url="[^"]*" data-found-url="[^"]*" data-failure-url="[^"]*"/', 'data-token-url="/token" data-found-url="/found" data-failure-url="/failure"', $html );
		$html = antispam_decoded( $html );
		$html = trim( preg_replace( '/>\s+</', ">\n<", $html ) ) . "\n";
		$file = __DIR__ . "/../../e2e/boxes/$form.html";
		if ( getenv( 'RAG_ASK_UPDATE_BOXES' ) ) {
			file_put_contents( $file, $html );
		}
		$this->assertSame( file_get_contents( $file ), $html, 'RAG_ASK_UPDATE_BOXES=1 scripts/test-php --filter AskBoxTest writes it anew.' );
	}

	public function forms(): array {
		return array( array( 'page' ), array( 'panel' ), array( 'search' ) );
	}

	public function test_attributes_of_the_shortcode(): void {
		$html = do_shortcode( '[rag_ask title="Bread & tea" placeholder="Go on" suggestions="One?|Two <b>?" post_type="page, post" term="Visit us,topic:Tea" form="nonsense"]' );
		$this->assertStringContainsString( '<h2 class="rag-ask__title">Bread &amp; tea</h2>', $html );
		$this->assertStringContainsString( 'placeholder="Go on"', $html );
		$this->assertStringContainsString( '>Two ?</button>', str_replace( '  ', ' ', $html ) );
		$this->assertStringContainsString( 'data-form="page"', $html );
		preg_match( '/data-filter="([^"]*)"/', $html, $found );
		$this->assertSame(
			array(
				'types' => array( 'page', 'post' ),
				'terms' => array(
					array( 'taxonomy' => 'category', 'name' => 'Visit us' ),
					array( 'taxonomy' => 'topic', 'name' => 'Tea' ),
				),
			),
			json_decode( html_entity_decode( $found[1] ), true )
		);
	}

	public function test_filters_change_the_texts_the_contact_and_the_box(): void {
		add_filter( 'rag_ask_texts', static fn( array $texts ): array => array( 'thinking' => 'Hm …' ) + $texts );
		add_filter( 'rag_ask_contact', static fn(): string => '<form id="mine"><textarea data-rag-ask-question></textarea></form>' );
		add_filter( 'rag_ask_box', static fn( string $html ): string => "<aside>$html</aside>" );
		$html = do_shortcode( '[rag_ask]' );
		$this->assertStringStartsWith( '<aside>', $html );
		$this->assertStringContainsString( '<form id="mine">', $html );
		$this->assertSame( 'Hm …', $this->texts( $html )['thinking'] );
		$this->assertArrayHasKey( 'truncated', $this->texts( $html ) );
	}

	private function texts( string $html ): array {
		preg_match( '/data-texts="([^"]*)"/', $html, $found );
		return json_decode( html_entity_decode( $found[1] ), true );
	}
}

/** antispambot() writes each character of the address at random as an entity. */
function antispam_decoded( string $html ): string {
	return preg_replace_callback( '/mailto:[^"]*/', static fn( array $found ): string => html_entity_decode( $found[0] ), $html );
}
