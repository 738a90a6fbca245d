<?php
/**
 * Model route: lets the sidecar write an answer with the AI connector of this site (RAG_ASK_ANSWER_MODEL=site).
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * POST rag-ask/v1/generate (tests/contract/generate-request.json). Off until the owner allows it. Nobody but the sidecar may call
 * it: the token is signed with the key of this site, for one body and one minute, and is taken once.
 */
final class Model_Route {

	private const TOKEN_HEADER = 'X-Rag-Ask-Token';
	private const MAX_LIFE_S   = 90;
	/** The sidecar's passages and a conversation fit well. */
	private const MAX_BODY_BYTES    = 256 * 1024;
	private const MAX_MESSAGES      = 20;
	private const MAX_OUTPUT_TOKENS = 8000;

	/**
	 * Register the route.
	 */
	public static function register(): void {
		register_rest_route(
			'rag-ask/v1',
			'/generate',
			array(
				'methods'             => 'POST',
				'callback'            => array( self::class, 'generate' ),
				'permission_callback' => array( self::class, 'is_sidecar' ),
				'show_in_index'       => false,
			)
		);
	}

	/**
	 * Whether the sidecar sent this very request, for the first time.
	 *
	 * @param \WP_REST_Request $request The request.
	 * @return true|\WP_Error
	 */
	public static function is_sidecar( \WP_REST_Request $request ) {
		$connection = '' === Address::problem() ? Connection::current() : null;
		if ( ! $connection || ! Settings::get( 'site_model' ) ) {
			return self::error( 403, 'site_model_off', 'The owner does not let the sidecar use the AI connector: Settings > RAG Ask > Questions.' );
		}
		if ( strlen( $request->get_body() ) > self::MAX_BODY_BYTES ) {
			return self::error( 413, 'body_too_large', 'The body is too large.' );
		}
		$claims = Signer::read_model_token( $connection, (string) $request->get_header( self::TOKEN_HEADER ), Clock::now() );
		if ( is_string( $claims ) ) {
			return self::error( 401, $claims, 'The token is not one of this site\'s sidecar.' );
		}
		if ( ! hash_equals( Signer::body_hash( $request->get_body() ), (string) ( $claims['bh'] ?? '' ) ) ) {
			return self::error( 401, 'body_hash_mismatch', 'The token was made for another body.' );
		}
		if ( $claims['exp'] > Clock::now() + self::MAX_LIFE_S || ! self::is_first( (string) ( $claims['jti'] ?? '' ) ) ) {
			return self::error( 401, 'token_used', 'The token was used already, or lives too long.' );
		}
		return true;
	}

	/**
	 * Ask the connector.
	 *
	 * @param \WP_REST_Request $request Of the sidecar.
	 * @return \WP_REST_Response|\WP_Error
	 */
	public static function generate( \WP_REST_Request $request ) {
		$wanted   = $request->get_json_params();
		$messages = $wanted['messages'] ?? null;
		$tokens   = $wanted['max_output_tokens'] ?? null;
		if ( ! self::are_messages( $messages ) || ! is_int( $tokens ) || $tokens < 1 || $tokens > self::MAX_OUTPUT_TOKENS || ! is_string( $wanted['model'] ?? null ) ) {
			return self::error( 400, 'invalid_request', 'The messages are not well formed.' );
		}
		// A connector holds its PHP process until the whole answer is there.
		$full = Proxy_Slots::take( 'generate', Settings::get( 'proxy_streams' ) );
		if ( '' !== $full ) {
			return self::error( 503, $full, 'Many answers are being written just now.' );
		}
		$said     = Site_Model::answer( $messages, $tokens, $wanted['model'] );
		$response = rest_ensure_response( $said );
		if ( ! is_wp_error( $response ) ) {
			$response->header( 'Cache-Control', 'no-store' );
		}
		return $response;
	}

	private static function are_messages( mixed $messages ): bool {
		if ( ! is_array( $messages ) || ! array_is_list( $messages ) || ! $messages || count( $messages ) > self::MAX_MESSAGES ) {
			return false;
		}
		$is_message = static fn( $message ): bool => is_array( $message ) && in_array( $message['role'] ?? '', array( 'system', 'user', 'assistant' ), true ) && is_string( $message['content'] ?? null );
		// The last one is what is answered.
		return count( array_filter( $messages, $is_message ) ) === count( $messages ) && 'user' === end( $messages )['role'];
	}

	/**
	 * Whether nobody used this id before. Adding is atomic in the database and in an object cache.
	 *
	 * @param string $id Of a token that lives a minute.
	 */
	private static function is_first( string $id ): bool {
		if ( ! preg_match( '/\A[0-9a-f]{32}\z/', $id ) ) {
			return false;
		}
		$name = "rag_ask_call_$id";
		if ( wp_using_ext_object_cache() ) {
			return wp_cache_add( $name, 1, 'rag-ask', 2 * self::MAX_LIFE_S );
		}
		// In the form of a transient, which core deletes when it has expired.
		return add_option( "_transient_$name", 1, '', false ) && add_option( "_transient_timeout_$name", time() + 2 * self::MAX_LIFE_S, '', false );
	}

	private static function error( int $status, string $code, string $message ): \WP_Error {
		return new \WP_Error( $code, $message, array( 'status' => $status ) );
	}
}
