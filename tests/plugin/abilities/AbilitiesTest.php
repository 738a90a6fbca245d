<?php

namespace RagAsk\Tests;

/**
 * The abilities, run by core's REST route as other programs do. scripts/test-php leaves them out before WordPress 6.9.
 *
 * @group since-6.9
 */
final class AbilitiesTest extends TestCase {

	use WithSidecar;

	private const NAMES = array( 'search', 'ask', 'status', 'gaps' );

	protected function setUp(): void {
		parent::setUp();
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
	}

	protected function tearDown(): void {
		wp_set_current_user( 0 );
		parent::tearDown();
	}

	public function test_a_page_without_them_loads_none_of_their_files(): void {
		$loaded = $this->in_another_request( '', 'do_action( "template_redirect" ); echo json_encode( array_values( preg_grep( "#/includes/abilities/#", get_included_files() ) ) );' );
		$this->assertSame( array(), $loaded );
	}

	public function test_each_is_listed_with_schemas_and_annotations(): void {
		foreach ( self::NAMES as $name ) {
			$ability = wp_get_ability( "rag-ask/$name" );
			$this->assertSame( 'rag-ask', $ability->get_category() );
			$this->assertSame( 'object', $ability->get_input_schema()['type'] );
			$this->assertSame( 'object', $ability->get_output_schema()['type'] );
			$meta = $ability->get_meta();
			$this->assertSame( array( true, true, true ), array( $meta['show_in_rest'], $meta['public'], $meta['mcp']['public'] ) );
			$this->assertSame( 'ask' !== $name, $meta['annotations']['readonly'] );
			$this->assertFalse( $meta['annotations']['destructive'] );
		}
		$this->log_in( 'subscriber' );
		$listed = rest_do_request( new \WP_REST_Request( 'GET', '/wp-abilities/v1/abilities' ) )->get_data();
		$this->assertSame( array(), array_diff( array( 'rag-ask/search', 'rag-ask/ask', 'rag-ask/status', 'rag-ask/gaps' ), array_column( $listed, 'name' ) ) );
	}

	public function test_a_guest_runs_none_and_costs_nothing(): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'ask-response' ) ) );
		foreach ( self::NAMES as $name ) {
			$this->assertSame( 401, $this->run_ability( $name )->get_status(), $name );
		}
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	public function test_a_subscriber_asks_and_searches_and_sees_no_more(): void {
		$user_id = $this->log_in( 'subscriber' );
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'ask-response' ) ) );
		$answer = $this->run_ability( 'ask', array( 'types' => array( 'page' ) ) );
		$this->assertSame( 200, $answer->get_status(), wp_json_encode( $answer->get_data() ) );
		$this->assertSame( 'The shop opens at seven [1].', $answer->get_data()['answer'] );
		$this->assertSame( array( 'number', 'title', 'url', 'heading', 'quote' ), array_keys( $answer->get_data()['citations'][0] ) );
		$sent = self::$sidecar->requests()[0];
		$this->assertSame( '/v1/ask', $sent['path'] );
		$this->assertSame( array( 'conversation' => '', 'question' => 'When do you open?', 'filter' => array( 'types' => array( 'page' ) ) ), json_decode( $sent['body'], true ) );
		$claims = json_decode( base64_decode( strtr( explode( '.', $sent['headers']['Authorization'] )[1], '-_', '+/' ) ), true );
		$this->assertSame( array( "program-$user_id", array( 'public', 'role:subscriber' ) ), array( $claims['sub'], $claims['groups'] ) );

		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'search-response' ) ) );
		// A query string holds texts alone.
		$found = $this->run_ability( 'search', array( 'limit' => '3' ) );
		$this->assertSame( $this->contract( 'search-response' ), $found->get_data() );
		$this->assertSame( array( 'limit' => 3, 'question' => 'When do you open?' ), json_decode( self::$sidecar->requests()[0]['body'], true ) );

		$this->assertSame( 403, $this->run_ability( 'status' )->get_status() );
		$this->assertSame( 403, $this->run_ability( 'gaps' )->get_status() );
	}

	public function test_an_administrator_sees_the_status_and_the_gaps(): void {
		$this->log_in( 'administrator' );
		$this->set_row( $this->post(), array( 'state' => 'dead', 'last_error' => 'No.' ) );
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'status-response' ) ) );
		$status = $this->run_ability( 'status' )->get_data();
		$this->assertSame( array( true, '', 0, 1, 10 ), array( $status['is_connected'], $status['problem'], $status['waiting'], $status['failed'], $status['documents']->indexed ) );

		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'settings-response' ) ), array( 'status' => 200, 'json' => $this->contract( 'insights-response' ) ) );
		$gaps = $this->run_ability( 'gaps' );
		$this->assertSame( array_column( $this->contract( 'insights-response' )['gaps'], 'question' ), array_column( $gaps->get_data()['gaps'], 'question' ) );
		$this->assertSame( array( 'question', 'count', 'last_asked_at', 'examples' ), array_keys( $gaps->get_data()['gaps'][0] ) );
		$this->assertSame( $gaps->get_data(), $this->run_ability( 'gaps' )->get_data() );
		\RagAsk\Question_Groups::dismiss( array( \RagAsk\Question_Groups::key( $gaps->get_data()['gaps'][0]['question'] ) ) );
		$this->assertSame( array_slice( array_column( $gaps->get_data()['gaps'], 'question' ), 1 ), array_column( $this->run_ability( 'gaps' )->get_data()['gaps'], 'question' ) );
		$this->assertCount( 2, self::$sidecar->requests() );
	}

	public function test_wrong_input_and_errors_have_a_status(): void {
		$this->log_in( 'subscriber' );
		$this->assertSame( 400, $this->run_ability( 'ask', array( 'question' => str_repeat( 'x', 501 ) ) )->get_status() );
		$this->assertSame( 400, $this->run_ability( 'ask', array( 'site_id' => 'another' ) )->get_status() );
		self::$sidecar->answers( array( 'status' => 429, 'error' => array( 'rate_limited', 'Wait.' ) ) );
		$refused = $this->run_ability( 'ask' );
		$this->assertSame( array( 429, 'rate_limited' ), array( $refused->get_status(), $refused->get_data()['code'] ) );
		$this->connect( 'http://127.0.0.1:9' );
		$this->assertSame( array( 502, 'unreachable' ), array( $this->run_ability( 'search' )->get_status(), $this->run_ability( 'search' )->get_data()['code'] ) );
	}

	private function log_in( string $role ): int {
		$user_id = username_exists( $role ) ? get_user_by( 'login', $role )->ID : wp_insert_user( array( 'user_login' => $role, 'user_pass' => 'x', 'role' => $role ) );
		wp_set_current_user( $user_id );
		return $user_id;
	}

	private function run_ability( string $name, array $input = array() ): \WP_REST_Response {
		$request = new \WP_REST_Request( 'ask' === $name ? 'POST' : 'GET', "/wp-abilities/v1/abilities/rag-ask/$name/run" );
		$asks    = in_array( $name, array( 'ask', 'search' ), true );
		$input   = $asks ? $input + array( 'question' => 'When do you open?' ) : $input;
		if ( 'ask' === $name ) {
			$request->set_header( 'Content-Type', 'application/json' );
			$request->set_body( wp_json_encode( array( 'input' => $input ) ) );
		} elseif ( $asks ) {
			$request->set_query_params( array( 'input' => $input ) );
		}
		return rest_do_request( $request );
	}
}
