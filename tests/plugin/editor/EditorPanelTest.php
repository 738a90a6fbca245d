<?php

namespace RagAsk\Tests;

use RagAsk\Exclude_Switch;
use RagAsk\Posts_Column;

final class EditorPanelTest extends TestCase {

	use WithSidecar;

	protected function setUp(): void {
		parent::setUp();
		wp_set_current_user( 1 );
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
	}

	public function test_an_indexed_post_with_what_the_assistant_reads(): void {
		$post_id = $this->pushed();
		$this->sidecar_says( array() );
		$data = $this->document( $post_id );
		$this->assertSame( "/v1/documents/$post_id", self::$sidecar->requests()[0]['path'] );
		$this->assertSame( array( 'indexed', 'Indexed', '', "Shop\nWe open at seven." ), array( $data['state'], $data['label'], $data['reason'], $data['text'] ) );
		$this->assertSame( $this->contract( 'token-route' )['max_question_characters'], $data['max_question_characters'] );
		$this->assertSame( array( 'Indexed on November 21, 2026 9:30 am', 'Sent on November 21, 2026 9:30 am', 'Version 1795270000000000' ), $data['lines'] );
	}

	/**
	 * @testWith ["pending", "waiting", "Being indexed"]
	 *           ["skipped", "skipped", "Nothing to index"]
	 *           ["failed", "failed", "Not indexed"]
	 */
	public function test_what_the_sidecar_makes_of_it( string $says, string $state, string $label ): void {
		$post_id = $this->pushed();
		$this->sidecar_says( array( 'state' => $says, 'message' => 'Because.', 'groups' => array( 'role:editor' ) ) );
		$data = $this->document( $post_id );
		$this->assertSame( array( $state, $label, 'Because.' ), array( $data['state'], $data['label'], $data['reason'] ) );
		$this->assertContains( 'Not for every visitor: role:editor', $data['lines'] );
	}

	public function test_ask_this_post_asks_of_it_alone_and_as_its_readers(): void {
		$post_id = $this->post();
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'ask-response' ) ) );
		$this->assertSame( array( 'answer' => $this->contract( 'ask-response' )['answer'] ), $this->ask( $post_id, 'When do you open?' )->get_data() );
		$request = self::$sidecar->requests()[0];
		$this->assertSame( '/v1/ask', $request['path'] );
		$this->assertSame( array( 'question' => 'When do you open?', 'filter' => array( 'ids' => array( $post_id ) ) ), json_decode( $request['body'], true ) );
		$claims = json_decode( base64_decode( strtr( explode( '.', $request['headers']['Authorization'] )[1], '-_', '+/' ) ), true );
		$this->assertSame( array( 'rag-ask:ask', 'editor-1', array( 'public' ) ), array( $claims['aud'], $claims['sub'], $claims['groups'] ) );
	}

	public function test_ask_this_post_tells_what_may_help(): void {
		$post_id = $this->post();
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'ask-unsure' ) ) );
		$answer = $this->ask( $post_id, 'When do you open?' )->get_data()['answer'];
		$this->assertStringStartsWith( "This may help. It is not a sure answer:\nShop\nWe open at seven.", $answer );
	}

	public function test_ask_this_post_is_for_those_who_may_edit_it(): void {
		$post_id = $this->post();
		wp_set_current_user( 0 );
		$this->assertSame( 401, $this->ask( $post_id, 'When?' )->get_status() );
	}

	public function test_ask_this_post_refuses_no_question_and_tells_what_is_wrong(): void {
		$post_id = $this->post();
		$this->assertSame( 400, $this->ask( $post_id, '' )->get_status() );
		$this->assertSame( 400, $this->ask( $post_id, str_repeat( 'a', 501 ) )->get_status() );
		self::$sidecar->answers( array( 'status' => 503, 'error' => array( 'database_unavailable', 'Come back.' ) ) );
		$response = $this->ask( $post_id, 'When?' );
		$this->assertSame( 502, $response->get_status() );
		$this->assertStringStartsWith( 'Come back.', $response->get_data()['message'] );
	}

	public function test_a_post_that_the_sidecar_does_not_know(): void {
		$post_id = $this->post();
		self::$sidecar->answers( array( 'status' => 404, 'error' => array( 'document_unknown', 'No.' ) ) );
		$data = $this->document( $post_id );
		$this->assertSame( array( 'waiting', array( 'The sidecar does not have this post yet.' ) ), array( $data['state'], $data['lines'] ) );
	}

	public function test_an_excluded_post_says_why_and_asks_nobody(): void {
		$this->sidecar_says( array() );
		$reasons = array(
			'It is not published.' => array( 'post_status' => 'draft' ),
			'It has a password.'   => array( 'post_password' => 'x' ),
			'It was excluded by hand, in its editor or in the list of documents.' => array( 'meta_input' => array( '_rag_ask_exclude' => '1' ) ),
			'It is set to noindex.' => array( 'meta_input' => array( '_yoast_wpseo_meta-robots-noindex' => '1' ) ),
		);
		foreach ( $reasons as $reason => $fields ) {
			$post_id = $this->post( $fields );
			$this->forget_rows();
			$data = $this->document( $post_id );
			$this->assertSame( array( 'excluded', $reason ), array( $data['state'], $data['reason'] ) );
		}
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	public function test_a_failed_post_says_why(): void {
		$post_id = $this->post();
		$this->set_row( $post_id, array( 'state' => 'dead', 'last_error' => 'Too large.' ) );
		$this->sidecar_says( array() );
		$data = $this->document( $post_id );
		$this->assertSame( array( 'failed', 'Too large.' ), array( $data['state'], $data['reason'] ) );
	}

	/**
	 * @dataProvider unseen
	 */
	public function test_a_post_that_guests_do_not_see_says_why( string $why, string $reason ): void {
		$post_id = $this->settled_post();
		update_post_meta( $post_id, '_rag_ask_guest_unseen', $why );
		$data = $this->document( $post_id );
		$this->assertSame( array( 'excluded', "Guests do not see this text: $reason" ), array( $data['state'], $data['reason'] ) );
		update_option( \RagAsk\Settings::OPTION, array( 'guest_check' => 'never' ) );
		$this->assertSame( '', \RagAsk\exclusion_reason( get_post( $post_id ) ) );
	}

	public function unseen(): array {
		return array(
			array( 'redirect', 'its page leads them to another address.' ),
			array( 'login', 'its page asks them to log in.' ),
			array( 'status 404', 'its page answers with HTTP 404.' ),
			array( 'text', 'its page shows them another one.' ),
		);
	}

	public function test_only_who_may_edit_a_post_reads_it_here(): void {
		$post_id = $this->post();
		wp_set_current_user( 0 );
		$this->assertSame( 401, rest_do_request( "/rag-ask/v1/documents/$post_id" )->get_status() );
		wp_set_current_user( wp_insert_user( array( 'user_login' => uniqid( 'author' ), 'user_pass' => 'x', 'role' => 'author' ) ) );
		$this->assertSame( 403, rest_do_request( "/rag-ask/v1/documents/$post_id" )->get_status() );
		wp_set_current_user( 1 );
		$this->assertSame( 403, rest_do_request( '/rag-ask/v1/documents/999999' )->get_status() );
	}

	public function test_the_switch_of_the_block_editor_notes_the_post(): void {
		$post_id = $this->post();
		foreach ( array( 'author' => true, '' => false ) as $why => $is_excluded ) {
			$this->forget_rows();
			$request = new \WP_REST_Request( 'POST', "/wp/v2/pages/$post_id" );
			$request->set_param( 'rag_ask_exclude', $is_excluded );
			$this->assertSame( $is_excluded, rest_do_request( $request )->get_data()['rag_ask_exclude'] );
			$this->assertSame( $why, \RagAsk\exclusion_reason( get_post( $post_id ) ) );
			$this->assertSame( 'waiting', $this->row( $post_id )->state );
		}
	}

	public function test_the_switch_works_for_a_type_without_custom_fields(): void {
		register_post_type( 'recipe', array( 'public' => true, 'show_in_rest' => true, 'supports' => array( 'title', 'editor' ) ) );
		$GLOBALS['wp_rest_server'] = null; // Routes are made once.
		try {
			$post_id = $this->post( array( 'post_type' => 'recipe' ) );
			$request = new \WP_REST_Request( 'POST', "/wp/v2/recipe/$post_id" );
			$request->set_param( 'rag_ask_exclude', true );
			$this->assertTrue( rest_do_request( $request )->get_data()['rag_ask_exclude'] );
			$this->assertSame( '1', get_post_meta( $post_id, '_rag_ask_exclude', true ) );
		} finally {
			unregister_post_type( 'recipe' );
			$GLOBALS['wp_rest_server'] = null;
		}
	}

	public function test_visitors_do_not_see_the_switch(): void {
		$post_id = $this->post();
		wp_set_current_user( 0 );
		$this->assertArrayNotHasKey( 'rag_ask_exclude', rest_do_request( "/wp/v2/pages/$post_id" )->get_data() );
	}

	public function test_the_box_of_the_classic_editor(): void {
		$post_id = $this->post();
		ob_start();
		Exclude_Switch::render_box( get_post( $post_id ) );
		$html = ob_get_clean();
		preg_match( '/name="rag_ask_exclude_nonce" value="(\w+)"/', $html, $found );
		$_POST = array( 'rag_ask_exclude_nonce' => $found[1], 'rag_ask_exclude' => '1', 'rag_ask_no_panel' => '1' );
		try {
			wp_update_post( array( 'ID' => $post_id, 'post_title' => 'Another title' ) );
			$this->assertSame( '1', get_post_meta( $post_id, '_rag_ask_exclude', true ) );
			$this->assertSame( '1', get_post_meta( $post_id, '_rag_ask_no_panel', true ) );
			ob_start();
			Exclude_Switch::render_box( get_post( $post_id ) );
			$this->assertSame( 2, substr_count( ob_get_clean(), " checked='checked'" ) );
			unset( $_POST['rag_ask_exclude_nonce'] );
			wp_update_post( array( 'ID' => $post_id, 'post_title' => 'By somebody else' ) );
			$this->assertSame( '1', get_post_meta( $post_id, '_rag_ask_exclude', true ), 'Another form says nothing about the switch.' );
			$_POST = array( 'rag_ask_exclude_nonce' => $found[1] );
			wp_update_post( array( 'ID' => $post_id, 'post_title' => 'Back' ) );
			$this->assertSame( '', get_post_meta( $post_id, '_rag_ask_exclude', true ) );
			$this->assertSame( '', get_post_meta( $post_id, '_rag_ask_no_panel', true ) );
		} finally {
			$_POST = array();
		}
	}

	public function test_the_list_of_posts_shows_the_state_with_one_query_and_no_request(): void {
		global $wpdb;
		$posts = array( 'Indexed' => $this->pushed(), 'Waiting' => $this->post(), 'It is not published.' => $this->post( array( 'post_status' => 'draft' ) ), 'Failed' => $this->post() );
		$this->set_row( $posts['Failed'], array( 'state' => 'dead', 'last_error' => '<b>Why</b>' ) );
		self::$sidecar->answers( array( 'status' => 202 ) );
		$GLOBALS['wp_query'] = new \WP_Query( array( 'post_type' => 'page', 'post_status' => 'any' ) );
		Posts_Column::register();
		$this->assertArrayHasKey( 'rag_ask', apply_filters( 'manage_page_posts_columns', array() ) );
		$before = $wpdb->num_queries;
		foreach ( $posts as $text => $post_id ) {
			ob_start();
			do_action( 'manage_page_posts_custom_column', 'rag_ask', $post_id );
			$html = ob_get_clean();
			$this->assertStringContainsString( $text, $html );
			$this->assertStringNotContainsString( '<b>', $html );
		}
		$this->assertLessThanOrEqual( 2, $wpdb->num_queries - $before, 'The rows, and whether there is a table of All in One SEO.' );
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	public function test_the_panel_is_loaded_in_the_editor_only(): void {
		set_current_screen( 'edit-page' );
		do_action( 'enqueue_block_editor_assets' );
		$this->assertFalse( wp_script_is( 'rag-ask-editor-panel' ) );
		set_current_screen( 'page' );
		\RagAsk\Editor_Panel::enqueue();
		$this->assertTrue( wp_script_is( 'rag-ask-editor-panel' ) );
		$this->assertFileExists( WP_PLUGIN_DIR . '/rag-ask/editor/panel.js' );
		wp_dequeue_script( 'rag-ask-editor-panel' );
	}

	private function pushed(): int {
		$post_id = $this->post();
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->push();
		return $post_id;
	}

	private function sidecar_says( array $document ): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => $document + $this->contract( 'document-response' ) ) );
	}

	private function ask( int $post_id, string $question ): \WP_REST_Response {
		$request = new \WP_REST_Request( 'POST', "/rag-ask/v1/documents/$post_id/ask" );
		$request->set_body_params( array( 'question' => $question ) );
		return rest_do_request( $request );
	}

	private function document( int $post_id ): array {
		$answer = rest_do_request( "/rag-ask/v1/documents/$post_id" );
		$this->assertSame( 200, $answer->get_status() );
		return $answer->get_data();
	}
}
