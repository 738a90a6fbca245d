<?php

namespace RagAsk\Tests;

final class TextsTest extends TestCase {

	public function test_every_text_is_extracted_and_every_translation_is_complete(): void {
		exec( escapeshellarg( dirname( __DIR__, 2 ) . '/scripts/pot' ) . ' --check 2>&1', $said, $code );
		$this->assertSame( 0, $code, implode( "\n", $said ) );
	}
}
