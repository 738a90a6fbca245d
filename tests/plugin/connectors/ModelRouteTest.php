<?php

namespace RagAsk\Tests;

use RagAsk\Connection;
use RagAsk\Settings;
use RagAsk\Site_Model;

/**
 * The sidecar asks the AI connector of this site. The provider behind the connector is a played one.
 */
final class ModelRouteTest extends TestCase {

	private array $signed;

	protected function setUp(): void {
		parent::setUp();
		$this->signed = $this->contract( 'generate-token' );
		list( , $key ) = explode( '.', $this->signed['secret'] );
		update_option(
			Connection::OPTION,
			array(
				'sidecar_url' => 'http://127.0.0.1:8787',
				'site_id'     => $this->signed['claims']['iss'],
				'secret'      => $this->signed['header']['kid'] . '.' . $key,
			)
		);
		update_option( Settings::OPTION, array( 'site_model' => true ) );
		if ( self::has_client() ) {
			require_once __DIR__ . '/../fakes/ai-provider.php';
			$registry = \WordPress\AiClient\AiClient::defaultRegistry();
			$registry->hasProvider( 'fake' ) || $registry->registerProvider( FakeProvider::class );
			FakeProvider::$is_configured = true;
			FakeModel::$says             = $this->contract( 'generate-response' )['text'];
		}
	}

	private static function has_client(): bool {
		return function_exists( 'wp_ai_client_prompt' );
	}

	public function test_a_wordpress_without_an_ai_client_says_so(): void {
		if ( self::has_client() ) {
			FakeProvider::$is_configured = false;
		}
		$this->assertFalse( Site_Model::is_there() );
		$this->assert_refused( 404, 'site_model_missing', $this->send( $this->signed( 0 ) ) );
	}

	public function test_the_connector_writes_the_answer(): void {
		$body     = $this->signed['body'];
		$response = $this->send( $this->signed( 0 ) );
		if ( ! self::has_client() ) {
			$this->assertSame( 404, $response->get_status() );
			return;
		}
		$this->assertSame( 200, $response->get_status(), wp_json_encode( $response->get_data() ) );
		$this->assertSame( $this->contract( 'generate-response' ), $response->get_data() );
		$this->assertSame( array( array( 'system', 'Answer from the sources alone.' ), array( 'user', 'When do you open?' ) ), FakeModel::$heard );
		$this->assertSame( 800, FakeModel::$config->getMaxTokens() );

		$turns = array(
			array( 'role' => 'user', 'content' => 'Are you open?' ),
			array( 'role' => 'assistant', 'content' => 'Yes.' ),
			array( 'role' => 'user', 'content' => 'Until when?' ),
		);
		$body  = wp_json_encode( array( 'messages' => $turns ) + json_decode( $body, true ) );
		$this->assertSame( 200, $this->send( $this->signed( 0, $body ), $body )->get_status() );
		$this->assertSame( array( array( 'user', 'Are you open?' ), array( 'model', 'Yes.' ), array( 'user', 'Until when?' ) ), array_slice( FakeModel::$heard, 1 ) );
	}

	public function test_a_connector_that_fails_is_told_to_the_sidecar(): void {
		if ( ! self::has_client() ) {
			$this->assertFalse( Site_Model::is_there() );
			return;
		}
		FakeModel::$says = new \WordPress\AiClient\Common\Exception\RuntimeException( 'The provider is away.' );
		$this->assertGreaterThanOrEqual( 500, $this->send( $this->signed( 0 ) )->get_status() );
		add_filter( 'wp_ai_client_prevent_prompt', '__return_true' );
		$this->assertGreaterThanOrEqual( 400, $this->send( $this->signed( 0 ) )->get_status() );
		remove_filter( 'wp_ai_client_prevent_prompt', '__return_true' );
	}

	public function test_only_the_sidecar_is_let_in_and_each_token_once(): void {
		$this->assert_refused( 401, 'token_missing', $this->send( '' ) );
		// The contract's own token is well signed, and long over.
		$this->assert_refused( 401, 'token_expired', $this->send( $this->signed['token'] ) );
		$this->assert_refused( 401, 'token_invalid', $this->send( $this->signed( 0 ) . 'x' ) );
		$this->assert_refused( 401, 'token_wrong_audience', $this->send( $this->signed( 0, null, array( 'aud' => 'rag-ask:ask' ) ) ) );
		$this->assert_refused( 401, 'body_hash_mismatch', $this->send( $this->signed( 0, '{}' ) ) );
		$this->assert_refused( 401, 'token_used', $this->send( $this->signed( 1000 ) ) );
		$this->assert_refused( 401, 'token_used', $this->send( $this->signed( 0, null, array( 'jti' => "' OR 1" ) ) ) );
		$token = $this->signed( 0 );
		$this->assertNotSame( 401, $this->send( $token )->get_status() );
		$this->assert_refused( 401, 'token_used', $this->send( $token ) );
	}

	public function test_the_owner_has_to_allow_it(): void {
		delete_option( Settings::OPTION );
		$this->assert_refused( 403, 'site_model_off', $this->send( $this->signed( 0 ) ) );
	}

	/**
	 * @dataProvider malformed
	 */
	public function test_what_is_not_well_formed_is_refused( array $changes ): void {
		$body = wp_json_encode( $changes + json_decode( $this->signed['body'], true ) );
		$this->assert_refused( 400, 'invalid_request', $this->send( $this->signed( 0, $body ), $body ) );
	}

	public function malformed(): array {
		$user = array( 'role' => 'user', 'content' => 'x' );
		return array(
			array( array( 'messages' => array() ) ),
			array( array( 'messages' => 'x' ) ),
			array( array( 'messages' => array_fill( 0, 21, $user ) ) ),
			array( array( 'messages' => array( array( 'role' => 'tool' ) + $user, $user ) ) ),
			array( array( 'messages' => array( array( 'content' => 1 ) + $user ) ) ),
			array( array( 'messages' => array( array( 'role' => 'assistant' ) + $user ) ) ),
			array( array( 'max_output_tokens' => 0 ) ),
			array( array( 'max_output_tokens' => 100000 ) ),
			array( array( 'model' => null ) ),
		);
	}

	public function test_a_long_body_is_refused(): void {
		$body = wp_json_encode( str_repeat( 'x', 300 * 1024 ) );
		$this->assert_refused( 413, 'body_too_large', $this->send( $this->signed( 0, $body ), $body ) );
	}

	private function signed( int $later_s, ?string $body = null, array $claims = array() ): string {
		list( , $key ) = explode( '.', $this->signed['secret'] );
		$claims       += array(
			'iat' => time() + $later_s,
			'exp' => time() + $later_s + 60,
			'jti' => bin2hex( random_bytes( 16 ) ),
			'bh'  => \RagAsk\Signer::body_hash( $body ?? $this->signed['body'] ),
		) + $this->signed['claims'];
		$signed = implode( '.', array_map( static fn( array $part ): string => \RagAsk\Signer::base64url( wp_json_encode( $part ) ), array( $this->signed['header'], $claims ) ) );
		return "$signed." . \RagAsk\Signer::base64url( hash_hmac( 'sha256', $signed, $key, true ) );
	}

	private function send( string $token, ?string $body = null ): \WP_REST_Response {
		$request = new \WP_REST_Request( 'POST', '/rag-ask/v1/generate' );
		$request->set_header( 'Content-Type', 'application/json' );
		$request->set_header( 'X-Rag-Ask-Token', $token );
		$request->set_body( $body ?? $this->signed['body'] );
		$response = rest_do_request( $request );
		\RagAsk\Proxy_Slots::free();
		return $response;
	}

	private function assert_refused( int $status, string $code, \WP_REST_Response $response ): void {
		$this->assertSame( array( $status, $code ), array( $response->get_status(), $response->get_data()['code'] ) );
	}
}
