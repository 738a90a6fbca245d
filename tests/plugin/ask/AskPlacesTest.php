<?php

namespace RagAsk\Tests;

use RagAsk\Ask_Box;
use RagAsk\Ask_Panel;
use RagAsk\Settings;

/**
 * Where the box is shown besides its block: at the foot of every page, on the search page.
 */
final class AskPlacesTest extends TestCase {

	/** PHP that makes the theme of tests/plugin/fakes/themes the one of a request. */
	private const CLASSIC = '$GLOBALS["wp_filter"]["option_stylesheet"] = $GLOBALS["wp_filter"]["option_template"] = array( 10 => array( array( "function" => static fn() => "classic", "accepted_args" => 0 ) ) );
		$GLOBALS["wp_theme_directories"] = array( "' . __DIR__ . '/../fakes/themes" );';

	protected function setUp(): void {
		parent::setUp();
		$this->forget_printed();
	}

	protected function tearDown(): void {
		$this->forget_printed();
		remove_all_filters( 'rag_ask_panel' );
		$GLOBALS['wp_the_query'] = new \WP_Query();
		wp_reset_query();
	}

	public function test_no_page_has_a_panel_until_the_settings_say_so(): void {
		$this->assertSame( '', $this->foot() );
		update_option( Settings::OPTION, array( 'panel' => true ) );
		$this->assertStringContainsString( 'class="rag-ask--panel rag-ask"', $this->foot() );
	}

	public function test_keys_alone_show_no_button(): void {
		update_option( Settings::OPTION, array( 'shortcut' => '/' ) );
		$html = $this->foot();
		$this->assertStringContainsString( 'class="rag-ask--panel rag-ask rag-ask--keys"', $html );
		$this->assertStringContainsString( 'data-shortcut="/"', $html );
	}

	public function test_a_page_hides_it_and_a_filter_decides(): void {
		update_option( Settings::OPTION, array( 'panel' => true ) );
		$id = wp_insert_post( array( 'post_title' => 'Tea', 'post_status' => 'publish', 'post_type' => 'page' ) );
		update_post_meta( $id, Ask_Panel::META_KEY, '1' );
		query_posts( array( 'page_id' => $id ) );
		$this->assertSame( '', $this->foot() );
		$this->forget_printed();
		add_filter( 'rag_ask_panel', '__return_true' );
		$this->assertNotSame( '', $this->foot() );
	}

	public function test_a_panel_of_the_page_is_the_only_one(): void {
		update_option( Settings::OPTION, array( 'panel' => true ) );
		$this->assertStringContainsString( '<dialog', do_shortcode( '[rag_ask form="panel"]' ) );
		$this->assertSame( '', $this->foot() );
	}

	public function test_a_page_with_a_box_gets_no_button_but_the_keys(): void {
		update_option( Settings::OPTION, array( 'panel' => true ) );
		do_shortcode( '[rag_ask]' );
		$this->assertSame( '', $this->foot() );
		update_option( Settings::OPTION, array( 'panel' => true, 'shortcut' => 'k' ) );
		$this->assertStringContainsString( 'rag-ask--keys', $this->foot() );
	}

	public function test_the_editor_hides_it(): void {
		wp_set_current_user( 1 );
		$id      = wp_insert_post( array( 'post_title' => 'Tea', 'post_status' => 'publish', 'post_type' => 'page' ) );
		$request = new \WP_REST_Request( 'POST', "/wp/v2/pages/$id" );
		$request->set_body_params( array( 'rag_ask_no_panel' => true ) );
		$this->assertSame( 200, rest_do_request( $request )->get_status() );
		$this->assertSame( '1', get_post_meta( $id, Ask_Panel::META_KEY, true ) );
		$request->set_body_params( array( 'rag_ask_no_panel' => false ) );
		rest_do_request( $request );
		$this->assertSame( '', get_post_meta( $id, Ask_Panel::META_KEY, true ) );
	}

	public function test_block_themes_get_the_answer_below_the_title_of_the_search_page(): void {
		$template = get_block_template( 'twentytwentyfive//search' );
		$this->assertStringNotContainsString( 'rag-ask/ask', $template->content );
		update_option( Settings::OPTION, array( 'search_page' => true ) );
		$this->search( 'Tea' );
		$content = get_block_template( 'twentytwentyfive//search' )->content;
		$this->assertMatchesRegularExpression( '#wp:query-title .*?/-->\s*<!-- wp:rag-ask/ask {"form":"search"} /-->#s', $content );
		$this->assertStringNotContainsString( 'rag-ask/ask', get_block_template( 'twentytwentyfive//archive' )->content );
	}

	/**
	 * @dataProvider classic_pages
	 */
	public function test_classic_themes_get_it_above_the_results_or_what_is_shown_in_their_place( string $words, string $removed, string $above ): void {
		update_option( Settings::OPTION, array( 'search_page' => true ) );
		wp_insert_post( array( 'post_title' => 'Tea', 'post_content' => 'When do you open?', 'post_status' => 'publish' ) );
		$code = sprintf( '$_GET["s"] = %s; %s wp(); ob_start(); require get_search_template(); echo json_encode( array( ob_get_clean() ) );', var_export( $words, true ), $removed );
		$html = $this->in_another_request( '$_SERVER["REQUEST_METHOD"] = "GET"; $_SERVER["REQUEST_URI"] = "/?s=x";' . self::CLASSIC, $code )[0];
		$this->assertSame( 1, substr_count( $html, 'data-form="search"' ) );
		$this->assertMatchesRegularExpression( "#<main>.*data-form=\"search\".*</template></div>\\s*$above#s", $html );
		$this->assertStringContainsString( '/blocks/ask/box.js', $html );
		$this->assertStringContainsString( '/blocks/ask/style.css', strstr( $html, '</head>', true ) );
	}

	public function classic_pages(): array {
		$no_form = 'add_action( "loop_no_results", static fn() => add_filter( "get_search_form", "__return_empty_string", 1 ), 20 );';
		return array(
			'results'    => array( 'Tea', '', '<article class="column"><h2>' ),
			'none'       => array( 'When do you open "<b>"', '', '<form role="search"' ),
			'not a form' => array( 'Coffee', $no_form, '</div>\s*</main>' ),
		);
	}

	/**
	 * @dataProvider searches
	 */
	public function test_a_search_that_is_a_question_is_asked_at_once_and_has_its_room( string $words, bool $is_asked ): void {
		$this->search( $words );
		$html = Ask_Box::render( array( 'form' => 'search' ) );
		$this->assertSame( $is_asked, str_contains( $html, 'data-ask="' ) );
		$this->assertSame( $is_asked, str_contains( $html, 'aria-live="polite"></div>' ) );
		$this->assertSame( $is_asked, str_contains( $html, 'data-do="fresh">' ) );
		$this->assertStringContainsString( 'value="' . esc_attr( $words ) . '"', $html );
	}

	public function searches(): array {
		return array(
			'two words'         => array( 'opening  hours', false ),
			'three words'       => array( 'When  do you', true ),
			'without spaces'    => array( 'パンは何時に買えますか', true ),
			'one Japanese word' => array( '営業時間', false ),
			'nothing'           => array( ' ', false ),
		);
	}

	public function test_the_search_page_of_a_block_theme_shows_it(): void {
		update_option( Settings::OPTION, array( 'search_page' => true ) );
		$code = 'define( "WP_USE_THEMES", true ); $_GET["s"] = "Tea"; wp(); ob_start(); require ABSPATH . WPINC . "/template-loader.php"; $html = ob_get_clean();
			echo json_encode( array( substr_count( $html, "data-form=\"search\"" ), str_contains( $html, "/blocks/ask/box.js" ) ) );';
		$this->assertSame( array( 1, true ), $this->in_another_request( '$_SERVER["REQUEST_METHOD"] = "GET"; $_SERVER["REQUEST_URI"] = "/?s=Tea";', $code ) );
	}

	public function test_no_other_page_walks_through_its_blocks(): void {
		update_option( Settings::OPTION, array( 'search_page' => true ) );
		remove_all_filters( 'hooked_block_types' );
		do_action( 'wp', $GLOBALS['wp'] );
		$this->assertFalse( has_filter( 'hooked_block_types' ) );
	}

	private function search( string $words ): void {
		$GLOBALS['wp_the_query'] = new \WP_Query( array( 's' => $words ) );
		wp_reset_query();
		// As core does when it has read the request.
		do_action( 'wp', $GLOBALS['wp'] );
	}

	private function foot(): string {
		ob_start();
		Ask_Panel::render();
		return ob_get_clean();
	}

	private function forget_printed(): void {
		( new \ReflectionProperty( Ask_Panel::class, 'forms' ) )->setValue( null, array() );
	}
}
