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
		Visitor_Route::register( '/token', array( self::class, 'token' ) );
	}

	/**
	 * Create the token message.
	 *
	 * @param \WP_REST_Request $request The request of the ask box.
	 */
	public static function token( \WP_REST_Request $request ): \WP_REST_Response {
		$connection = '' === Address::problem() ? Connection::current() : null;
		$refused    = $connection ? self::refusal( $request ) : null;
		if ( $refused ) {
			$response = rest_convert_error_to_response( $refused );
			if ( 429 === $response->get_status() ) {
				$response->header( 'Retry-After', (string) $refused->get_error_data()['retry_after_s'] );
			}
		} elseif ( $connection ) {
			list( $ask_url, $feedback_url ) = self::urls();

			$response = new \WP_REST_Response(
				array(
					'token'                   => Signer::ask_token( $connection, self::subject(), Audience::of_visitor( self::visitor() ), get_bloginfo( 'language' ), Clock::now(), self::network() ),
					'expires_in'              => Signer::ASK_LIFE_S,
					'ask_url'                 => $ask_url,
					'feedback_url'            => $feedback_url,
					'way'                     => Way::current(),
					'streams'                 => Way::streams(),
					'max_question_characters' => self::MAX_QUESTION_CHARACTERS,
				)
			);
		} else {
			$response = rest_convert_error_to_response(
				new \WP_Error( 'not_configured', __( 'This site is not connected yet. Its owner can do that under Settings > RAG Ask.', 'rag-ask' ), array( 'status' => 503 ) )
			);
		}
		return Visitor_Route::uncached( $response );
	}

	/**
	 * Why this visitor gets no token now.
	 *
	 * @param \WP_REST_Request $request The request of the ask box.
	 */
	public static function refusal( \WP_REST_Request $request ): ?\WP_Error {
		$wait_s = Token_Limits::wait_s( self::subject() );
		if ( $wait_s ) {
			return new \WP_Error(
				'rate_limited',
				__( 'Too many questions at once. Wait a minute and ask again.', 'rag-ask' ),
				array(
					'status'        => 429,
					'retry_after_s' => $wait_s,
				)
			);
		}

		/**
		 * Filters whether a visitor has agreed that questions are sent to the sidecar. Return false while the cookie of a consent
		 * plugin does not say so; without a token the browser sends nothing.
		 *
		 * @param bool             $has_agreed True where no plugin asks.
		 * @param \WP_REST_Request $request    The request for the token.
		 */
		if ( true !== apply_filters( 'rag_ask_consent', true, $request ) ) {
			return new \WP_Error( 'consent_missing', __( 'Allow this site to send your question first, in its privacy settings.', 'rag-ask' ), array( 'status' => 403 ) );
		}

		/**
		 * Filters whether a visitor gets a token to ask with. Off by default. For a challenge such as Turnstile: check here
		 * what its script sent along. The HTML of a cached page holds nothing of it.
		 *
		 * @param bool             $is_passed Whether the visitor may ask.
		 * @param \WP_REST_Request $request   The request for the token.
		 */
		if ( true === apply_filters( 'rag_ask_challenge', true, $request ) ) {
			return null;
		}
		return new \WP_Error( 'challenge_failed', __( 'This site could not tell that you are no robot. Reload the page and ask again.', 'rag-ask' ), array( 'status' => 403 ) );
	}

	/**
	 * A pseudonym of the visitor: a keyed hash of the address that changes every day.
	 */
	public static function subject(): string {
		$bytes = Visitor_Address::bytes();
		// One household has a whole /64 of IPv6 addresses.
		return 'v-' . self::pseudonym( 16 === strlen( $bytes ) ? substr( $bytes, 0, 8 ) : $bytes );
	}

	/**
	 * A pseudonym of the visitor's network: an IPv4 /24 or an IPv6 /48. Empty when the address is unknown.
	 */
	public static function network(): string {
		$bytes = Visitor_Address::bytes();
		$taken = array(
			4  => 3,
			16 => 6,
		)[ strlen( $bytes ) ] ?? 0;
		return $taken ? 'n-' . self::pseudonym( 'net|' . substr( $bytes, 0, $taken ) ) : '';
	}

	private static function pseudonym( string $of ): string {
		$digest = hash_hmac( 'sha256', 'rag-ask|' . gmdate( 'Y-m-d' ) . '|' . $of, wp_salt( 'nonce' ), true );
		return substr( Signer::base64url( $digest ), 0, 16 );
	}

	/**
	 * The logged-in user, if a page of this site sent the request. REST knows no user here, because the request has no nonce.
	 * Core lets other sites read the answer, so the Origin header decides: browsers send it with each POST, scripts cannot set it.
	 */
	public static function visitor(): ?\WP_User {
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

	/**
	 * Where browsers send questions and ratings.
	 *
	 * @return array{string, string}
	 */
	private static function urls(): array {
		if ( Way::WORDPRESS === Way::current() ) {
			return array( Ask_Proxy::url( 'ask' ), Ask_Proxy::url( 'feedback' ) );
		}
		$ask_url = Way::straight_url();

		/**
		 * Filters the URL to which browsers send the rating of an answer.
		 *
		 * @param string $feedback_url By default beside the URL for questions.
		 */
		return array( $ask_url, (string) apply_filters( 'rag_ask_feedback_url', (string) preg_replace( '/ask$/', 'feedback', $ask_url ) ) );
	}
}
