<?php

namespace RagAsk\Tests;

use function RagAsk\change_for;

final class PayloadTest extends TestCase {

	protected function setUp(): void {
		parent::setUp();
		update_option( 'WPLANG', '' );
		update_option( 'timezone_string', 'Europe/London' );
	}

	public function test_a_public_post_is_the_upsert_of_the_contract(): void {
		$wanted  = $this->contract( 'push-request' )['changes'][0];
		$post_id = $this->post( array( 'post_date' => '2026-06-20 10:00:00', 'post_content' => '<h2>Shop</h2><p>We open at seven.</p>' ) );
		$change  = change_for( $post_id, 1795270000000000 );

		$this->assertSame( array_keys( $wanted ), array_keys( $change ) );
		$this->assertSame( array_keys( $wanted['document'] ), array_keys( $change['document'] ) );
		foreach ( $wanted['document'] as $name => $value ) {
			$this->assertSame( gettype( $value ), gettype( $change['document'][ $name ] ), $name );
		}
		$this->assertSame( 'upsert', $change['op'] );
		$document = $change['document'];
		$this->assertSame( $post_id, $document['id'] );
		$this->assertSame( 1795270000000000, $document['version'] );
		$this->assertSame( 'page', $document['type'] );
		$this->assertSame( 'Opening hours', $document['title'] );
		$this->assertSame( get_permalink( $post_id ), $document['url'] );
		$this->assertStringContainsString( '<p>We open at seven.</p>', $document['html'] );
		$this->assertSame( 'en-US', $document['language'] );
		$this->assertSame( '2026-06-20T09:00:00Z', $document['published_at'], 'London is an hour ahead of UTC in summer' );
		$this->assertMatchesRegularExpression( '/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\z/', $document['modified_at'] );
		$this->assertSame( array( 'public' ), $document['groups'] );
	}

	/**
	 * @dataProvider hidden
	 */
	public function test_what_visitors_cannot_read_is_the_delete_of_the_contract( array $fields ): void {
		$post_id = $this->post( $fields );
		$this->assertSame( $this->delete_of( $post_id ), change_for( $post_id, 5 ) );
	}

	public function hidden(): array {
		return array(
			'draft'         => array( array( 'post_status' => 'draft' ) ),
			'private'       => array( array( 'post_status' => 'private' ) ),
			'trash'         => array( array( 'post_status' => 'trash' ) ),
			'future'        => array( array( 'post_status' => 'future', 'post_date' => '2099-01-01 00:00:00' ) ),
			'password'      => array( array( 'post_password' => 'open sesame' ) ),
			'another type'  => array( array( 'post_type' => 'wp_block' ) ),
			'no such type'  => array( array( 'post_type' => 'gone_with_its_plugin' ) ),
		);
	}

	public function test_a_post_that_is_gone_is_a_delete(): void {
		$this->assertSame( $this->delete_of( 999 ), change_for( 999, 5 ) );
		$wanted = $this->contract( 'push-request' )['changes'][1];
		$this->assertSame( array_keys( $wanted ), array_keys( change_for( 999, 5 ) ) );
	}

	public function test_a_change_by_another_process_is_seen(): void {
		global $wpdb;
		$post_id = $this->post();
		get_post( $post_id );
		$wpdb->update( $wpdb->posts, array( 'post_content' => '<p>We open at nine.</p>' ), array( 'ID' => $post_id ) );
		$this->assertStringContainsString( 'nine', change_for( $post_id, 5 )['document']['html'] );
	}

	public function test_text_of_any_script_goes_through_whole(): void {
		$text   = 'نفتح الساعة السابعة 🍞 七時に開店します';
		$change = change_for( $this->post( array( 'post_title' => $text, 'post_content' => "<p>$text</p>" ) ), 5 );
		$this->assertSame( $text, $change['document']['title'] );
		$this->assertStringContainsString( $text, $change['document']['html'] );
	}

	public function test_a_title_is_plain_text(): void {
		$change = change_for( $this->post( array( 'post_title' => 'Tea <em>&amp;</em> "cake" &lt; 5' ) ), 5 );
		$this->assertSame( 'Tea & “cake” < 5', $change['document']['title'] );
	}

	public function test_a_post_of_no_words_is_still_an_upsert(): void {
		$change = change_for( $this->post( array( 'post_title' => '', 'post_content' => '' ) + array( 'post_excerpt' => 'so that WordPress takes it' ) ), 5 );
		$this->assertSame( '', $change['document']['title'] );
		$this->assertSame( '', $change['document']['html'] );
	}

	public function test_shortcodes_are_rendered_as_for_an_anonymous_visitor(): void {
		wp_set_current_user( 1 );
		$seen = $this->with_shortcode( static fn() => is_user_logged_in() ? 'members only' : 'for all: ' . get_the_title() );
		$this->assertStringContainsString( 'for all: Opening hours', $seen['document']['html'] );
		$this->assertSame( 1, get_current_user_id() );
	}

	public function test_the_global_post_is_put_back(): void {
		$GLOBALS['post'] = get_post( $this->post( array( 'post_title' => 'The page around' ) ) );
		change_for( $this->post(), 5 );
		$this->assertSame( 'The page around', get_the_title() );
		$GLOBALS['post'] = null;
	}

	public function test_what_a_shortcode_prints_goes_nowhere(): void {
		$this->expectOutputString( '' );
		$change = $this->with_shortcode( static function () {
			echo 'printed';
			return 'returned';
		} );
		$this->assertStringContainsString( 'returned', $change['document']['html'] );
		$this->assertStringNotContainsString( 'printed', $change['document']['html'] );
	}

	public function test_a_shortcode_that_throws_leaves_everything_as_it_was(): void {
		wp_set_current_user( 1 );
		$level = ob_get_level();
		try {
			$this->with_shortcode( static fn() => throw new \RuntimeException( 'no such recipe' ) );
			$this->fail( 'The exception must reach the pusher.' );
		} catch ( \RuntimeException $error ) {
			$this->assertSame( 'no such recipe', $error->getMessage() );
		}
		$this->assertSame( 1, get_current_user_id() );
		$this->assertSame( $level, ob_get_level() );
		$this->assertFalse( has_filter( 'pre_render_block', 'RagAsk\without_ask_block' ) );
	}

	public function test_the_ask_box_is_left_out(): void {
		$html = change_for( $this->post( array( 'post_content' => "Before.\n\n[rag_ask]\n\n<!-- wp:rag-ask/ask /-->\n\nAfter." ) ), 5 )['document']['html'];
		$this->assertStringContainsString( 'Before.', $html );
		$this->assertStringContainsString( 'After.', $html );
		$this->assertStringNotContainsString( 'rag-ask', $html );
		$this->assertStringNotContainsString( 'rag_ask', $html );
		$this->assertNotSame( '', do_shortcode( '[rag_ask]' ), 'the box is back on pages' );
	}

	public function test_a_filter_can_leave_a_post_out_and_add_to_a_document(): void {
		$post_id = $this->post();
		$more    = static fn( array $document ) => array( 'language' => 'cy', 'version' => 1 ) + $document;
		add_filter( 'rag_ask_document', $more );
		$document = change_for( $post_id, 5 )['document'];
		remove_filter( 'rag_ask_document', $more );
		$this->assertSame( 'cy', $document['language'] );
		$this->assertSame( 5, $document['version'], 'the version is not for others to set' );

		add_filter( 'rag_ask_is_public', '__return_false' );
		$change = change_for( $post_id, 5 );
		remove_filter( 'rag_ask_is_public', '__return_false' );
		$this->assertSame( $this->delete_of( $post_id ), $change );
	}

	private function with_shortcode( callable $shortcode ): array {
		add_shortcode( 'test_box', $shortcode );
		try {
			return change_for( $this->post( array( 'post_content' => '[test_box]' ) ), 5 );
		} finally {
			remove_shortcode( 'test_box' );
		}
	}

	private function delete_of( int $post_id ): array {
		return array(
			'op'       => 'delete',
			'priority' => 0,
			'id'       => $post_id,
			'version'  => 5,
		);
	}
}
