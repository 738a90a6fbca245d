<?php
/**
 * Shortcodes: tags that nothing renders.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Code is shown as written. */
const CODE_PATTERN = '#(<(pre|code)\b[^>]*>.*?</\2>)#is';

/** A tag that no reader means as text: it has an attribute, or a name with an underscore or hyphen. */
const SHORTCODE_PATTERN = '#(?<!\[)\[/?([A-Za-z]\w*(?:[_-]\w+)+|[A-Za-z]\w*(?=\s[^\[\]<>]*=))(?:\s[^\[\]<>]*)?/?\](?!\])#u';

/**
 * Remove the tags of shortcodes that are not registered, such as those that a builder registers on pages only. Their text stays.
 *
 * @param string $html Rendered content.
 */
function without_unknown_shortcodes( string $html ): string {
	$parts = preg_split( CODE_PATTERN, $html, -1, PREG_SPLIT_DELIM_CAPTURE );
	if ( ! is_array( $parts ) || ! str_contains( $html, '[' ) ) {
		return $html;
	}
	$clean = '';
	// Three parts repeat: text, code, name of the code element.
	foreach ( $parts as $position => $part ) {
		$clean .= match ( $position % 3 ) {
			0       => preg_replace( SHORTCODE_PATTERN, '', $part ) ?? $part,
			1       => $part,
			default => '',
		};
	}
	return $clean;
}
