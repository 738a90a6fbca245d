<?php

namespace RagAsk\Tests;

use RagAsk\Ask_Failures;
use RagAsk\Proxy_Slots;
use RagAsk\Settings;

/**
 * A box without JavaScript: the form is posted, PHP renders the answer.
 */
final class AskPlainTest extends TestCase {

	use WithSidecar;

	protected function setUp(): void {
		parent::setUp();
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
	}

	protected function tearDown(): void {
		$_POST = array();
		remove_all_filters( 'rag_ask_challenge' );
	}

	public function test_a_quoted_answer_with_its_source(): void {
		$html = $this->posted( 'When do <b>you</b> open, < 7?', $this->contract( 'ask-quoted' ) );
		$this->assertStringContainsString( '<article class="rag-ask__answer" data-state="quoted"', $html );
		$this->assertStringContainsString( '>When do &lt;b&gt;you&lt;/b&gt; open, &lt; 7?</p>', $html );
		$this->assertStringContainsString( '<p class="rag-ask__piece-heading">Shop</p><p class="rag-ask__line">We open at seven.</p><ul class="rag-ask__piece"><li class="rag-ask__line">Bread from seven</li>', $html );
		$link = '<a class="rag-ask__link" dir="auto" href="http://localhost:8888/opening-hours/#:~:text=We%20open%20at%20seven.">';
		$this->assertStringContainsString( '<th class="rag-ask__name">Open</th></tr></thead><tbody><tr><td class="rag-ask__value">Saturday</td>', $html );
		$this->assertStringContainsString( "8 to 11<sup class=\"rag-ask__marker\">{$link}1</a></sup></td>", $html );
		$this->assertStringContainsString( "{$link}Opening hours</a> · <bdi class=\"rag-ask__heading\">Shop</bdi>", $html );
		$sent = self::$sidecar->requests();
		$this->assertCount( 1, $sent );
		$this->assertSame( '/v1/ask', $sent[0]['path'] );
		$this->assertSame( 'When do <b>you</b> open, < 7?', json_decode( $sent[0]['body'], true )['question'] );
	}

	public function test_a_note_of_the_owner_has_a_link_where_a_page_was_chosen_alone(): void {
		$note = $this->contract( 'ask-note' );
		$html = $this->posted( 'Saturdays?', $note );
		$this->assertStringContainsString( '<span class="rag-ask__link" dir="auto">Do you deliver on Saturdays?</span> · <bdi class="rag-ask__heading">Note of the site</bdi>', $html );
		$note['citations'][0]['fragment_url'] = 'http://localhost:8888/delivery/';
		$this->assertStringContainsString( '<a class="rag-ask__link" dir="auto" href="http://localhost:8888/delivery/">Do you deliver', $this->posted( 'Saturdays?', $note ) );
	}

	public function test_what_a_page_says_stays_text(): void {
		$answer               = $this->contract( 'ask-response' );
		$answer['answer']     = '<img src=x onerror=alert(1)> **Seven** [1].';
		$answer['citations']  = array( array( 'number' => 1, 'title' => '<script>', 'url' => 'javascript:alert(1)', 'quote' => '<i>' ) );
		$html                 = $this->posted( 'When?', $answer );
		$this->assertStringContainsString( '&lt;img src=x onerror=alert(1)&gt; <strong class="rag-ask__emphasis">Seven</strong><sup class="rag-ask__marker"><span class="rag-ask__link" dir="auto">1</span></sup>.', $html );
		$this->assertDoesNotMatchRegularExpression( '/<(img|script|i)\b|href="javascript/', $html );
	}

	public function test_the_text_of_a_model_is_laid_out(): void {
		$lines = array( '# Courses', 'Two of **them [1]**:', '', '- Rye `x < 1`', '', '- Wheat', '3. Knead [1]', '| Day | Open |', '|---|---|', '| Sunday | 8 [9] |', '```', '<i> **1**', '```', 'The **end, *only* 2 * 3*4 *' );
		$html  = $this->posted( 'When?', array( 'answer' => implode( "\n", $lines ) ) + $this->contract( 'ask-response' ) );
		$html  = preg_replace( array( '#<sup.*?</sup>#', '/ class="[^"]*"/' ), array( '^', '' ), strstr( strstr( $html, '<div class="rag-ask__text"' ), '</div>', true ) );
		$this->assertSame( '<div dir="auto"><p>Courses</p><p>Two of <strong>them^</strong>:</p><ul><li>Rye <code>x &lt; 1</code></li><li>Wheat</li></ul><ol><li value="3">Knead^</li></ol>'
			. '<table><thead><tr><th>Day</th><th>Open</th></tr></thead><tbody><tr><td>Sunday</td><td>8 [9]</td></tr></tbody></table><pre dir="ltr" tabindex="0"><code>&lt;i&gt; **1**</code></pre><p>The **end, <em>only</em> 2 * 3*4 *</p>', $html );
	}

	public function test_images_of_this_site_and_further_questions(): void {
		$answer              = $this->contract( 'ask-response' );
		$answer['images'][]  = array( 'url' => 'http://shop.test/tea.jpg', 'alt' => 'A "cup"' ) + $answer['images'][0];
		$html                = $this->posted( 'When?', $answer );
		$this->assertSame( 1, substr_count( $html, '<img ' ), 'not of localhost:8888' );
		$this->assertStringContainsString( '<img class="rag-ask__image" loading="lazy" src="http://shop.test/tea.jpg" alt="A &quot;cup&quot;" width="300" height="200">', $html );
		$this->assertMatchesRegularExpression( '#<form method="post" action="\#rag-ask-\d+-log"><input type="hidden" name="rag_ask_box" value="rag-ask-\d+"><button [^>]*name="rag_ask_question" value="Sunday opening"#', $html );
		update_option( Settings::OPTION, array( 'images' => false ) );
		$this->assertStringNotContainsString( '<img ', $this->posted( 'When?', $answer ) );
	}

	public function test_no_answer_names_pages_and_a_person(): void {
		update_option( Settings::OPTION, array( 'contact' => 'https://example.org/contact/' ) );
		wp_insert_post( array( 'post_title' => 'Sundays', 'post_content' => 'Closed.', 'post_status' => 'publish' ) );
		$html = $this->posted( 'Open on Sundays?', $this->contract( 'ask-abstained' ) );
		$this->assertMatchesRegularExpression( '#<ul class="rag-ask__found" aria-label="[^"]*"><li class="rag-ask__source"><a [^>]*>Sundays</a></li></ul>#', $html );
		$this->assertStringContainsString( 'I could not find that on this site.', $html );
		$this->assertStringContainsString( '>Find us</a>', $html );
		$this->assertStringContainsString( '<div class="rag-ask__contact"><a href="https://example.org/contact/">', $html );
	}

	public function test_the_limits_are_those_of_the_token_route(): void {
		add_filter( 'rag_ask_challenge', '__return_false' );
		$this->assertStringContainsString( 'data-state="error"', $this->posted( 'When?', array() ) );
		$this->assertSame( array(), self::$sidecar->requests() );
		$this->assertStringContainsString( 'status">Please ask in at most', $this->posted( str_repeat( 'x', 501 ), array() ) );
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	public function test_an_error_is_told_plainly_and_another_box_stays_empty(): void {
		self::$sidecar->answers( array( 'status' => 503, 'error' => array( 'provider_unavailable', 'Not shown.' ) ) );
		$html = $this->rendered( 'When?', 0 );
		$this->assertStringContainsString( '<p class="rag-ask__status">The service that writes the answers does not respond.</p>', $html );
		$this->assertStringNotContainsString( 'Not shown', $html );
		$this->assertSame( array( 'provider_unavailable' => 1 ), Ask_Failures::totals() );
		$this->assertStringNotContainsString( 'rag-ask__answer" data-state="error"', $this->rendered( 'When?', 1 ) );
	}

	public function test_it_waits_for_a_place_as_the_proxy_does(): void {
		update_option( Settings::OPTION, array( 'proxy_streams' => 1 ) );
		$this->assertSame( '', Proxy_Slots::take( 'ask', 1 ) );
		$this->assertStringContainsString( 'status">Many questions are being answered just now.', $this->posted( 'When?', array() ) );
		$this->assertSame( array( 'busy' => 1 ), Ask_Failures::totals() );
		$this->assertSame( array(), self::$sidecar->requests() );
		Proxy_Slots::free();
		$this->assertStringContainsString( 'data-state="quoted"', $this->posted( 'When?', $this->contract( 'ask-quoted' ) ) );
		$this->assertSame( '', Proxy_Slots::take( 'ask', 1 ), 'freed with the answer, while the page goes on' );
		Proxy_Slots::free();
	}

	private function posted( string $question, array $answer ): string {
		self::$sidecar->answers( array( 'status' => 200, 'json' => $answer ) );
		return $this->rendered( $question, 0 );
	}

	/** The box after a form was posted that stood so many boxes below it. */
	private function rendered( string $question, int $below ): string {
		preg_match( '/id="rag-ask-(\d+)"/', do_shortcode( '[rag_ask]' ), $found );
		$_POST = array( 'rag_ask_question' => $question, 'rag_ask_box' => 'rag-ask-' . ( $found[1] + 1 + $below ) );
		return explode( '<form class="rag-ask__form"', do_shortcode( '[rag_ask]' ), 2 )[0];
	}
}
