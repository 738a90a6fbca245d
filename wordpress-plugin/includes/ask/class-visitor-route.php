<?php
/**
 * Visitor route: what the routes that any visitor may call have in common.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A REST route under rag-ask/v1. Its answers are of one visitor: no cache keeps them, and no search engine shows them.
 */
final class Visitor_Route {

	/**
	 * Register a route by POST.
	 *
	 * @param string   $route    Begins with a slash.
	 * @param callable $callback From a WP_REST_Request to a WP_REST_Response.
	 */
	public static function register( string $route, callable $callback ): void {
		register_rest_route(
			'rag-ask/v1',
			$route,
			array(
				'methods'             => 'POST',
				'callback'            => $callback,
				'permission_callback' => '__return_true',
			)
		);
	}

	/**
	 * Whether a request comes from a page of this site, and from a visitor who does not send too many of its kind.
	 *
	 * @param \WP_REST_Request $request The request, which is counted.
	 * @param string           $kind    What is counted, see Token_Limits::wait_s().
	 */
	public static function is_allowed( \WP_REST_Request $request, string $kind ): bool {
		return Ask_Proxy::is_own_page( (string) $request->get_header( 'Origin' ) ) && ! Token_Limits::wait_s( Token_Route::subject(), $kind );
	}

	/**
	 * The response with the headers that keep it from caches and search engines.
	 *
	 * @param \WP_REST_Response $response Any.
	 */
	public static function uncached( \WP_REST_Response $response ): \WP_REST_Response {
		$response->header( 'Cache-Control', 'no-store' );
		$response->header( 'X-Robots-Tag', 'noindex' );
		return $response;
	}
}
