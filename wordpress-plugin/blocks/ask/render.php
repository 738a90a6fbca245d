<?php
/**
 * The block on a page.
 *
 * @var array<string, mixed> $attributes What the author set.
 *
 * @package RagAsk
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

// phpcs:ignore WordPress.Security.EscapeOutput -- render() and get_block_wrapper_attributes() escape.
echo RagAsk\Ask_Box::render( $attributes, get_block_wrapper_attributes( array( 'class' => 'rag-ask' ) ) );
