<?php
/**
 * Words: the text of HTML in a form in which two renderings of it can be compared.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Tags inside a word or a sentence. All others separate words. */
const INLINE_TAGS = array( 'A', 'ABBR', 'ACRONYM', 'B', 'BDI', 'BDO', 'BIG', 'CITE', 'CODE', 'DEL', 'DFN', 'EM', 'FONT', 'I', 'INS', 'KBD', 'MARK', 'Q', 'S', 'SAMP', 'SMALL', 'SPAN', 'STRONG', 'SUB', 'SUP', 'TIME', 'TT', 'U', 'VAR', 'WBR' );

/** Scripts without spaces: each character counts as a word. */
const UNSPACED_SCRIPTS = '/([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])/u';

/**
 * The text with U+FFFD in place of what is not UTF-8. WordPress 6.8 raises a notice where wp_check_invalid_utf8() strips.
 *
 * @param string $text Any bytes.
 */
function valid_utf8( string $text ): string {
	return htmlspecialchars_decode( htmlspecialchars( $text, ENT_NOQUOTES | ENT_SUBSTITUTE, 'UTF-8' ), ENT_NOQUOTES );
}

/**
 * The words of a text: lower case, without accents, punctuation and white space.
 *
 * @param string $text Plain text.
 * @return string[]
 */
function words_of( string $text ): array {
	// Soft hyphens and zero-width characters stand inside words.
	$text = (string) preg_replace( '/[\x{AD}\x{200B}-\x{200D}\x{2060}\x{FEFF}]+/u', '', valid_utf8( $text ) );
	$text = remove_accents( $text );
	// WordPress runs without mbstring too.
	$text = function_exists( 'mb_strtolower' ) ? mb_strtolower( $text, 'UTF-8' ) : strtolower( $text );
	preg_match_all( '/[\p{L}\p{M}\p{N}]+/u', (string) preg_replace( UNSPACED_SCRIPTS, ' $1 ', $text ), $found );
	return $found[0];
}

/**
 * The words of HTML in the order of the page, those of alternative texts of images last.
 *
 * @param string $html HTML.
 * @return string[]
 */
function words_of_html( string $html ): array {
	$text   = '';
	$images = '';
	$tokens = new \WP_HTML_Tag_Processor( $html );
	while ( $tokens->next_token() ) {
		$tag = (string) $tokens->get_tag();
		if ( '#text' === $tokens->get_token_type() ) {
			$text .= $tokens->get_modifiable_text();
		} elseif ( 'TEXTAREA' === $tag ) {
			$text .= ' ' . $tokens->get_modifiable_text() . ' ';
		} elseif ( '' !== $tag && ! in_array( $tag, INLINE_TAGS, true ) ) {
			$text .= ' ';
		}
		$images .= 'IMG' === $tag ? ' ' . $tokens->get_attribute( 'alt' ) : '';
	}
	return words_of( $text . ' ' . $images );
}

/**
 * The sentences of a text, each with the white space after it.
 *
 * @param string $text Plain text.
 * @return string[] Together they are the text.
 */
function sentences_of( string $text ): array {
	$sentences = preg_split( '/(?<=[.!?…])(?=\s)|(?<=[.!?…]["\'”’»)\]])(?=\s)|(?<=[。！？])/u', $text );
	return is_array( $sentences ) ? $sentences : array( $text );
}
