<?php
/**
 * Ask proxy: a visitor's question goes to the sidecar through WordPress, where browsers cannot reach the sidecar.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Three routes, each to one address of the sidecar; nothing else of it can be reached. Errors have the sidecar's form.
 */
final class Ask_Proxy {

	/** The sidecar's path and the longest time in seconds, by route. An answer of the sidecar is bounded by 60. */
	private const ROUTES = array(
		'ask'      => array( '/v1/ask', 65 ),
		'feedback' => array( '/v1/feedback', 10 ),
		'probe'    => array( '/v1/probe', 10 ),
	);

	/** A question and the conversation before it fit well. */
	private const MAX_BODY_BYTES = 64 * 1024;

	/** Authorization would be read by WordPress, other plugins and servers. */
	private const TOKEN_HEADER = 'X-Rag-Ask-Token';

	/** Ratings and probes are short; one place each leaves the others to answers. */
	private const SHORT_SLOTS = 1;

	private const BUSY_RETRY_S = 5;

	/**
	 * Register the routes.
	 */
	public static function register(): void {
		foreach ( array_keys( self::ROUTES ) as $name ) {
			Visitor_Route::register( "/$name", static fn( \WP_REST_Request $request ): \WP_REST_Response => self::pass_on( $name, $request ) );
		}
		add_filter( 'rest_allowed_cors_headers', static fn( array $headers ): array => array( ...$headers, self::TOKEN_HEADER ) );
		add_filter( 'rest_exposed_cors_headers', static fn( array $headers ): array => array( ...$headers, 'Retry-After' ) );
	}

	/**
	 * The address of a route.
	 *
	 * @param string $name A key of ROUTES.
	 */
	public static function url( string $name ): string {
		return rest_url( "rag-ask/v1/$name" );
	}

	/**
	 * Check a request, and let a Relay answer it.
	 *
	 * @param string           $name    A key of ROUTES.
	 * @param \WP_REST_Request $request Of a visitor's browser.
	 */
	private static function pass_on( string $name, \WP_REST_Request $request ): \WP_REST_Response {
		list( $path, $timeout_s ) = self::ROUTES[ $name ];

		$connection = '' === Address::problem() ? Connection::current() : null;
		$refusal    = self::refusal( $name, $connection, $request );
		if ( $refusal ) {
			return $refusal;
		}
		$relay = new Relay( $connection->sidecar_url . $path, (string) $request->get_header( self::TOKEN_HEADER ), $request->get_body(), self::accepted( $request ), $timeout_s );
		add_filter( 'rest_pre_serve_request', array( $relay, 'serve' ) );
		return self::response( 200, array() );
	}

	/**
	 * Why a request is not passed on; null when it is.
	 *
	 * @param string           $name       A key of ROUTES.
	 * @param Connection|null  $connection Of this site.
	 * @param \WP_REST_Request $request    Of a visitor's browser.
	 */
	private static function refusal( string $name, ?Connection $connection, \WP_REST_Request $request ): ?\WP_REST_Response {
		if ( ! $connection ) {
			return self::error( 503, 'not_configured', 'This site is not connected.' );
		}
		if ( ! self::is_own_page( (string) $request->get_header( 'Origin' ) ) ) {
			return self::error( 403, 'origin_not_allowed', 'Questions are for pages of this site.' );
		}
		if ( 'probe' !== $name && Way::STRAIGHT === Settings::get( 'visitor_way' ) ) {
			return self::error( 404, 'not_found', 'Questions of this site go straight to the sidecar. Fetch a new token.' );
		}
		if ( strlen( $request->get_body() ) > self::MAX_BODY_BYTES ) {
			return self::error( 413, 'body_too_large', 'The body is too large.' );
		}
		$claims = Signer::read_ask_token( $connection, (string) $request->get_header( self::TOKEN_HEADER ), Clock::now() );
		if ( is_string( $claims ) ) {
			return self::error( 401, $claims, 'Fetch a new token and try again.' );
		}
		$wait_s = Token_Limits::wait_s( $claims['sub'], 'proxy' );
		if ( $wait_s ) {
			return self::error( 429, 'rate_limited', 'Too many questions at once.', $wait_s );
		}
		$full = Proxy_Slots::take( $name, 'ask' === $name ? Settings::get( 'proxy_streams' ) : self::SHORT_SLOTS );
		return '' === $full ? null : self::error( 503, $full, 'busy' === $full ? 'Many questions are being answered just now.' : 'PHP cannot write to its temporary folder.', self::BUSY_RETRY_S );
	}

	/**
	 * Whether a page of this site sent the request. WordPress lets pages of all sites read its REST API.
	 *
	 * @param string $origin As the browser sent it; empty where there is no browser.
	 */
	public static function is_own_page( string $origin ): bool {
		$host = isset( $_SERVER['HTTP_HOST'] ) ? sanitize_text_field( wp_unslash( $_SERVER['HTTP_HOST'] ) ) : '';
		$own  = array_map( static fn( string $url ): string => (string) preg_replace( '#\A(https?://[^/]+).*#', '$1', $url ), Address::urls() );
		return '' === $origin || in_array( $origin, $own, true ) || preg_replace( '#\Ahttps?://#', '', $origin ) === $host;
	}

	/**
	 * What the browser can take: a stream, or JSON.
	 *
	 * @param \WP_REST_Request $request Of a visitor's browser.
	 */
	private static function accepted( \WP_REST_Request $request ): string {
		return str_contains( (string) $request->get_header( 'Accept' ), 'text/event-stream' ) ? 'text/event-stream' : 'application/json';
	}

	private static function error( int $status, string $code, string $message, int $retry_after_s = 0 ): \WP_REST_Response {
		$response = self::response(
			$status,
			array(
				'error' => array(
					'code'    => $code,
					'message' => $message,
				),
			)
		);
		if ( $retry_after_s ) {
			$response->header( 'Retry-After', (string) $retry_after_s );
		}
		return $response;
	}

	private static function response( int $status, array $data ): \WP_REST_Response {
		return Visitor_Route::uncached( new \WP_REST_Response( $data, $status ) );
	}
}
