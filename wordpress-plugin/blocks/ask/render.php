<?php
/**
 * The block on a page.
 *
 * @package RagAsk
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

/**
 * The attributes that the author set.
 *
 * @var array<string, mixed> $attributes
 */

// phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- render() and get_block_wrapper_attributes() escape.
echo RagAsk\Ask_Box::render( $attributes, get_block_wrapper_attributes( array( 'class' => 'rag-ask' ) ) );
