<?php

namespace RagAsk\Tests;

use RagAsk\Box_Script;

final class BoxScriptTest extends TestCase {

	private const FILE = 'blocks/ask/box.js';

	public function test_the_page_loads_one_script_and_no_import_map(): void {
		do_shortcode( '[rag_ask]' );
		$html = self::printed( 'wp_print_footer_scripts' );
		$this->assertSame( 1, preg_match( '#<script[^>]+' . preg_quote( self::FILE, '#' ) . '[^>]*></script>#', $html, $found ), $html );
		$this->assertStringNotContainsString( 'importmap', $html );
		$this->assertStringNotContainsString( 'rag-ask-box-js-', $html, 'no inline script of ours' );
		$tag = new \WP_HTML_Tag_Processor( $found[0] );
		$tag->next_tag();
		foreach ( array( 'data-no-optimize' => '1', 'data-no-defer' => '1', 'data-noptimize' => '1', 'data-cfasync' => 'false', 'nowprocket' => true, 'defer' => true ) as $name => $value ) {
			$this->assertSame( $value, 'defer' === $name ? null !== $tag->get_attribute( $name ) : $tag->get_attribute( $name ), $name );
		}
		$this->assertNull( $tag->get_attribute( 'type' ) );
	}

	public function test_what_delays_or_combines_scripts_leaves_it_alone(): void {
		Box_Script::register();
		foreach ( array( 'rocket_delay_js_exclusions', 'rocket_exclude_js', 'litespeed_optm_js_defer_exc', 'perfmatters_delay_js_exclusions' ) as $filter ) {
			$this->assertSame( array( 'other.js', self::FILE ), apply_filters( $filter, array( 'other.js' ) ) );
		}
		$this->assertSame( array( 'jquery', Box_Script::HANDLE ), apply_filters( 'sgo_javascript_combine_exclude', array( 'jquery' ) ) );
		$this->assertSame( 'other.js, ' . self::FILE, apply_filters( 'autoptimize_filter_js_exclude', 'other.js' ) );
		$this->assertSame( self::FILE, apply_filters( 'autoptimize_filter_js_exclude', '' ) );
	}

	private static function printed( callable $print ): string {
		ob_start();
		$print();
		return ob_get_clean();
	}
}
