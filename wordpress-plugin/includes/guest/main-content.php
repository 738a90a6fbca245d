<?php
/**
 * Main content: the text of a page without what stands around it.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** What belongs to the page and not to the post. */
const BESIDE_CONTENT = array(
	'self::header',
	'self::nav',
	'self::footer',
	'self::aside',
	'self::form',
	'self::script',
	'self::style',
	'self::template',
	'self::noscript',
	'self::iframe',
	'self::button',
	'self::select',
	'@hidden',
	"@aria-hidden='true'",
	"@id='comments'",
	"contains( @class, 'comments-area' )",
	"contains( @class, 'wp-block-comments' )",
	"contains( @class, 'entry-title' )",
	"contains( @class, 'wp-block-post-title' )",
	"contains( concat( ' ', @class, ' ' ), ' related ' )",
	"contains( concat( ' ', @class ), ' related-posts' )",
	"contains( concat( ' ', @class ), ' jp-relatedposts' )",
	"contains( concat( ' ', @class ), ' yarpp' )",
	"contains( concat( ' ', @class ), ' sharedaddy' )",
	"contains( concat( ' ', @class ), ' rag-ask' )",
	"contains( @class, 'wp-block-rag-ask' )",
);

/** Where the content stands, the narrowest first. */
const CONTENT_PLACES = array(
	"//*[contains( concat( ' ', normalize-space( @class ), ' ' ), ' entry-content ' )]",
	'//main//article | //*[@role="main"]//article',
	'//main',
	'//*[@role="main"]',
	'//article',
);

/**
 * The main content of a page, empty when it has none or PHP cannot parse HTML.
 *
 * @param string $html HTML of a page.
 */
function main_content( string $html ): string {
	if ( '' === $html || ! class_exists( \DOMDocument::class ) ) {
		return '';
	}
	$document = new \DOMDocument();
	$was      = libxml_use_internal_errors( true );
	$document->loadHTML( '<?xml encoding="UTF-8">' . valid_utf8( $html ), LIBXML_NONET | LIBXML_COMPACT );
	libxml_clear_errors();
	libxml_use_internal_errors( $was );
	$xpath = new \DOMXPath( $document );
	// A list is read before the tree changes.
	foreach ( iterator_to_array( $xpath->query( '//*[' . implode( ' or ', BESIDE_CONTENT ) . ']' ) ) as $node ) {
		$node->parentNode?->removeChild( $node ); // phpcs:ignore WordPress.NamingConventions.ValidVariableName -- PHP's own.
	}
	foreach ( CONTENT_PLACES as $place ) {
		$found = $xpath->query( $place );
		// Several are a list of posts.
		if ( 1 === $found->length ) {
			return (string) $document->saveHTML( $found->item( 0 ) );
		}
	}
	return '';
}
