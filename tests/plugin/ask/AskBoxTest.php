<?php

namespace RagAsk\Tests;

final class AskBoxTest extends TestCase {

	public function test_the_box_names_the_longest_question_of_the_token_message(): void {
		$most = $this->contract( 'token-route' )['max_question_characters'];
		$html = do_shortcode( '[rag_ask]' );
		$this->assertStringContainsString( " maxlength=\"$most\" ", $html );
		$this->assertStringContainsString( "Please ask in at most $most characters.", $html );
	}
}
