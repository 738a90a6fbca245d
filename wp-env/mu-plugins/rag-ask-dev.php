<?php
/**
 * Plugin Name: RAG Ask, local site
 * Description: Sets up the local WordPress of scripts/up and takes its sample content. Never part of a real site.
 *
 * @package RagAsk\Dev
 */

declare( strict_types=1 );

defined( 'ABSPATH' ) || exit;

require __DIR__ . '/rag-ask-dev/setup.php';
require __DIR__ . '/rag-ask-dev/posts.php';
require __DIR__ . '/rag-ask-dev/wxr.php';
require __DIR__ . '/rag-ask-dev/routes.php';

RagAsk\Dev\let_visitors_be_anonymous();
add_filter( 'pre_http_request', 'RagAsk\Dev\refuse_wordpress_org', 10, 3 );
add_action( 'init', 'RagAsk\Dev\set_up_once', 99 );
add_action( 'init', 'RagAsk\Dev\push_again_when_moved', 100 );
add_action( 'rest_api_init', 'RagAsk\Dev\register_routes' );
