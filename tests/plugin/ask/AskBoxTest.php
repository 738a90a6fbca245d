<?php

namespace RagAsk\Tests;

final class AskBoxTest extends TestCase {

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
}
