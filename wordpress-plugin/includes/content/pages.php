<?php
/**
 * Pages: the addresses of a post that its author divided with `<!--nextpage-->`.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Maximum number of further pages in the sidecar. */
const MAX_PAGES = 200;

/**
 * The addresses of the second page and those after it, by WordPress's own rules.
 *
 * @param \WP_Post $post The post, set up by as_anonymous().
 * @return string[]
 */
function page_urls( \WP_Post $post ): array {
	$count = count( (array) ( $GLOBALS['pages'] ?? array() ) );
	if ( $count < 2 || get_the_ID() !== $post->ID ) {
		return array();
	}
	return array_map( __NAMESPACE__ . '\page_url', range( 2, min( $count, MAX_PAGES + 1 ) ) );
}

/**
 * The address of one page of the post that is set up.
 *
 * @param int $number From 2 on.
 */
function page_url( int $number ): string {
	$link = new \WP_HTML_Tag_Processor( _wp_link_page( $number ) );
	return $link->next_tag( 'a' ) ? (string) $link->get_attribute( 'href' ) : '';
}
