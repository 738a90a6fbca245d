<?php
/**
 * Token route: gives a visitor an ask token that lives five minutes (tests/contract/token-route.json).
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * POST rag-ask/v1/token. Public and without a nonce, because a cached page would carry an expired one.
 */
final class Token_Route {

	/** The sidecar rejects longer questions. */
	public const MAX_QUESTION_CHARACTERS = 500;

	/**
	 * Register the route.
	 */
	public static function register(): void {
		register_rest_route(
			'rag-ask/v1',
			'/token',
			array(
				'methods'             => 'POST',
				'callback'            => array( self::class, 'token' ),
				'permission_callback' => '__return_true',
			)
		);
	}

	/**
	 * Create the token message.
	 */
	public static function token(): \WP_REST_Response {
		$connection = Connection::current();
		if ( $connection ) {
			$ask_url  = self::ask_url( $connection );
			$response = new \WP_REST_Response(
				array(
					'token'                   => Signer::ask_token( $connection, self::subject(), Audience::of_visitor( self::visitor() ), get_bloginfo( 'language' ), Clock::now() ),
					'expires_in'              => Signer::ASK_LIFE_S,
					'ask_url'                 => $ask_url,
					'feedback_url'            => self::feedback_url( $ask_url ),
					'max_question_characters' => self::MAX_QUESTION_CHARACTERS,
				)
			);
		} else {
			$response = rest_convert_error_to_response(
				new \WP_Error( 'not_configured', __( 'This site is not connected yet. Its owner can do that under Settings > RAG Ask.', 'rag-ask' ), array( 'status' => 503 ) )
			);
		}
		$response->header( 'Cache-Control', 'no-store' );
		$response->header( 'X-Robots-Tag', 'noindex' );
		return $response;
	}

	/**
	 * A pseudonym of the visitor: a keyed hash of the address that changes every day.
	 */
	private static function subject(): string {
		$address = isset( $_SERVER['REMOTE_ADDR'] ) ? sanitize_text_field( wp_unslash( $_SERVER['REMOTE_ADDR'] ) ) : '';

		/**
		 * Filters the visitor's IP address. Behind your own proxy, return the address that the proxy reports.
		 *
		 * @param string $address The peer of the connection. No header is read, because a visitor can send any.
		 */
		$address = (string) apply_filters( 'rag_ask_visitor_address', $address );
		$bytes   = filter_var( $address, FILTER_VALIDATE_IP ) ? inet_pton( $address ) : $address;
		// One household has a whole /64 of IPv6 addresses.
		$visitor = 16 === strlen( $bytes ) ? substr( $bytes, 0, 8 ) : $bytes;
		$digest  = hash_hmac( 'sha256', 'rag-ask|' . gmdate( 'Y-m-d' ) . '|' . $visitor, wp_salt( 'nonce' ), true );
		return 'v-' . substr( Signer::base64url( $digest ), 0, 16 );
	}

	/**
	 * The logged-in user, if a page of this site sent the request. REST knows no user here, because the request has no nonce.
	 * Core lets other sites read the answer, so the Origin header decides: browsers send it with each POST, scripts cannot set it.
	 */
	private static function visitor(): ?\WP_User {
		$origin = isset( $_SERVER['HTTP_ORIGIN'] ) ? sanitize_text_field( wp_unslash( $_SERVER['HTTP_ORIGIN'] ) ) : '';
		if ( '' === $origin || self::origin( $origin ) !== self::origin( home_url() ) ) {
			return null;
		}
		$user = get_userdata( (int) wp_validate_auth_cookie( '', 'logged_in' ) );
		return $user instanceof \WP_User ? $user : null;
	}

	/**
	 * Scheme, host and port of a URL.
	 *
	 * @param string $url A URL.
	 * @return array{string, string, int}
	 */
	private static function origin( string $url ): array {
		$at     = (array) wp_parse_url( $url );
		$scheme = strtolower( $at['scheme'] ?? '' );
		return array( $scheme, strtolower( $at['host'] ?? '' ), (int) ( $at['port'] ?? ( 'https' === $scheme ? 443 : 80 ) ) );
	}

	private static function ask_url( Connection $connection ): string {
		/**
		 * Filters the URL at which browsers ask, for a sidecar with different internal and public URLs.
		 *
		 * @param string $ask_url The URL for browsers.
		 */
		return (string) apply_filters( 'rag_ask_ask_url', $connection->sidecar_url . '/v1/ask' );
	}

	private static function feedback_url( string $ask_url ): string {
		/**
		 * Filters the URL to which browsers send the rating of an answer.
		 *
		 * @param string $feedback_url By default beside the URL for questions.
		 */
		return (string) apply_filters( 'rag_ask_feedback_url', (string) preg_replace( '/ask$/', 'feedback', $ask_url ) );
	}
}
