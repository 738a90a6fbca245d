<?php
/**
 * The route by which scripts/up publishes content through WordPress itself.
 *
 * @package RagAsk\Dev
 */

declare( strict_types=1 );

namespace RagAsk\Dev;

use WP_REST_Request;

const BATCH = 40;

function register_routes(): void {
	$routes = array(
		'/import' => array( 'POST', 'import' ),
		'/state'  => array( 'GET', 'state' ),
	);
	foreach ( $routes as $path => list( $method, $callback ) ) {
		register_rest_route(
			'rag-ask-dev/v1',
			$path,
			array(
				'methods'             => $method,
				'callback'            => __NAMESPACE__ . '\\' . $callback,
				'permission_callback' => __NAMESPACE__ . '\comes_from_scripts_up',
			)
		);
	}
}

function comes_from_scripts_up( WP_REST_Request $request ): bool {
	return defined( 'RAG_ASK_DEV_SECRET' ) && strlen( RAG_ASK_DEV_SECRET ) >= 32
		&& hash_equals( RAG_ASK_DEV_SECRET, (string) $request->get_header( 'X-Rag-Ask-Dev' ) );
}

/**
 * Take {"posts": [...]} or {"wxr": "<xml>", "offset": 0}; a large export comes in several requests.
 *
 * @return array{written: int, next: int|null}
 */
function import( WP_REST_Request $request ): array {
	// As an administrator, or kses would change what is saved.
	wp_set_current_user( (int) get_users( array( 'role' => 'administrator', 'fields' => 'ID' ) )[0] );
	if ( $request['wxr'] ) {
		return import_wxr( (string) $request['wxr'], (int) $request['offset'], BATCH );
	}
	return array(
		'written' => count( array_filter( array_map( __NAMESPACE__ . '\publish', (array) $request['posts'] ) ) ),
		'next'    => null,
	);
}

/**
 * @return array{public: int}
 */
function state(): array {
	return array( 'public' => count_public_posts() );
}
