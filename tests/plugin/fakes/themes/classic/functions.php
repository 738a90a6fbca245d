<?php
/**
 * Functions: what a classic theme supports.
 *
 * @package RagAsk\Tests
 */

add_action( 'after_setup_theme', static fn() => add_theme_support( 'title-tag' ) );
add_action( 'wp_enqueue_scripts', static fn() => wp_enqueue_style( 'classic', get_stylesheet_uri(), array(), '1' ) );
