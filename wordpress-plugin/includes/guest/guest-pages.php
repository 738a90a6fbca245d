<?php
/**
 * Guest pages: what a guest gets who opens a post, with all its pages.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Longest post in pages, as divided by <!--nextpage-->. The sentences of further pages are not pushed. */
const MAX_PAGES_OF_POST = 20;

/** Time in seconds after which no further page of a post is opened. */
const MAX_TIME_OF_PAGES_S = 20;

/**
 * What a guest gets who opens a post, all its pages one after the other.
 *
 * @param \WP_Post $post The post.
 */
function guest_answer( \WP_Post $post ): Guest_Answer {
	if ( ! Guest_Access::is_open() ) {
		return Guest_Answer::unknown();
	}
	$first    = null;
	$html     = '';
	$deadline = microtime( true ) + MAX_TIME_OF_PAGES_S;
	foreach ( page_addresses( $post ) as $url ) {
		$answer = Guest_Request::open( $url, $post );
		if ( Guest_Answer::UNKNOWN === $answer->kind ) {
			return $answer;
		}
		$first = $first ?? $answer;
		$html .= $answer->html;
		if ( Guest_Answer::PAGE !== $first->kind || microtime( true ) > $deadline ) {
			break;
		}
	}
	return Guest_Answer::PAGE === $first->kind ? Guest_Answer::page( $html, $first->is_ours ) : $first;
}

/**
 * The addresses of the pages of a post. Core has no function for the address of one page (_wp_link_page() prints a link).
 *
 * @param \WP_Post $post The post.
 * @return string[]
 */
function page_addresses( \WP_Post $post ): array {
	$url       = (string) get_permalink( $post );
	$addresses = array( $url );
	$count     = min( MAX_PAGES_OF_POST, (int) generate_postdata( $post )['numpages'] );
	for ( $page = 2; $page <= $count; $page++ ) {
		$is_front    = 'page' === get_option( 'show_on_front' ) && (int) get_option( 'page_on_front' ) === $post->ID;
		$path        = $is_front ? $GLOBALS['wp_rewrite']->pagination_base . "/$page" : (string) $page;
		$addresses[] = get_option( 'permalink_structure' )
			? trailingslashit( $url ) . user_trailingslashit( $path, 'single_paged' )
			: add_query_arg( 'page', $page, $url );
	}
	return $addresses;
}
