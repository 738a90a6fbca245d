<?php
/**
 * Ask layout: the text of an answer, or the passages of pages -> escaped HTML. blocks/ask/layout.js does the same in a browser.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * For a box without JavaScript.
 */
final class Ask_Layout {

	/** What a line of a model's text begins, in the order in which it is tried. The Markdown that models write, without links and images. */
	private const KINDS = array(
		'heading' => '/\A#{1,6}\s+/',
		'table'   => '/\A\s*\|.*\|\s*\z/',
		'ordered' => '/\A\s{0,9}(\d{1,3})[.)]\s+/',
		'list'    => '/\A\s{0,9}[-*+•]\s+/u',
	);

	private const FENCE  = '/\A\s{0,3}```/';
	private const RULE   = '/\A[\s|:-]+\z/';
	private const INLINE = '/(\*\*[^*]+\*\*|(?<![\w*])\*\w[^*]*\*(?![\w*])|`[^`]+`|\s*\[\d{1,3}\])/u';

	/**
	 * A model's text.
	 *
	 * @param string                $text    With Markdown and markers [n].
	 * @param array<string, string> $markers HTML of the markers, by what stands in the text: "[1]".
	 */
	public static function of_text( string $text, array $markers ): string {
		$inline = static fn( string $line ): string => self::inline( $line, $markers );
		return implode( '', array_map( static fn( array $piece ): string => self::piece( $piece['kind'], $piece['lines'], $inline ), self::pieces( $text ) ) );
	}

	/**
	 * A passage of a page, with its marker behind the last words.
	 *
	 * @param array<int, array{kind: string, lines: string[]}> $pieces As in tests/contract/ask-quoted.json.
	 * @param string                                           $marker HTML.
	 */
	public static function of_passage( array $pieces, string $marker ): string {
		$html = '';
		foreach ( $pieces as $piece ) {
			$kind  = 'list' === $piece['kind'] && preg_match( self::KINDS['ordered'], $piece['lines'][0] ?? '' ) ? 'ordered' : $piece['kind'];
			$html .= 'table' === $kind ? self::table_of_names( $piece['lines'] ) : self::piece( $kind, $piece['lines'], 'esc_html' );
		}
		return '<div class="rag-ask__excerpt" dir="auto">' . preg_replace( '#</(?:p|li|td)>(?!.*</(?:p|li|td)>)#s', addcslashes( $marker, '\\$' ) . '$0', $html ) . '</div>';
	}

	/**
	 * The pieces of a text. A blank line ends all but a list.
	 *
	 * @param string $text With Markdown.
	 * @return array<int, array{kind: string, lines: string[]}>
	 */
	private static function pieces( string $text ): array {
		$pieces  = array();
		$before  = '';
		$in_code = false;
		foreach ( (array) preg_split( '/\R/', $text ) as $line ) {
			$is_fence = 1 === preg_match( self::FENCE, $line );
			$in_code  = $is_fence ? ! $in_code : $in_code;
			$kind     = $in_code || $is_fence ? 'code' : self::kind( $line );
			if ( $is_fence && $in_code ) {
				$pieces[] = array( 'kind' => 'code', 'lines' => array() );
			} elseif ( '' !== $kind && ! $is_fence ) {
				if ( $kind !== $before || 'heading' === $kind ) {
					$pieces[] = array( 'kind' => $kind, 'lines' => array() );
				}
				$pieces[ count( $pieces ) - 1 ]['lines'][] = $line;
			}
			$before = '' === $kind && in_array( $before, array( 'list', 'ordered' ), true ) ? $before : $kind;
		}
		return $pieces;
	}

	private static function kind( string $line ): string {
		foreach ( self::KINDS as $kind => $begins ) {
			if ( preg_match( $begins, $line ) ) {
				return $kind;
			}
		}
		return '' === trim( $line ) ? '' : 'paragraph';
	}

	/**
	 * The HTML of a piece.
	 *
	 * @param string   $kind   heading, paragraph, list, ordered, table or code.
	 * @param string[] $lines  As they stand.
	 * @param callable $inline A line -> escaped HTML.
	 */
	private static function piece( string $kind, array $lines, callable $inline ): string {
		if ( 'code' === $kind ) {
			return '<pre class="rag-ask__piece" dir="ltr" tabindex="0"><code class="rag-ask__code">' . esc_html( implode( "\n", $lines ) ) . '</code></pre>';
		}
		if ( 'list' === $kind || 'ordered' === $kind ) {
			return self::list_of( $lines, 'ordered' === $kind, $inline );
		}
		if ( 'table' === $kind ) {
			$rows = array_filter( $lines, static fn( string $line ): bool => ! preg_match( self::RULE, $line ) );
			return self::table( array_map( static fn( string $line ): array => array_map( 'trim', explode( '|', trim( trim( $line ), '|' ) ) ), array_values( $rows ) ), $inline );
		}
		$name = 'heading' === $kind ? 'piece-heading' : 'line';
		return implode( '', array_map( static fn( string $line ): string => "<p class=\"rag-ask__$name\">" . $inline( (string) preg_replace( self::KINDS['heading'], '', $line ) ) . '</p>', $lines ) );
	}

	private static function list_of( array $lines, bool $is_ordered, callable $inline ): string {
		$items = '';
		foreach ( $lines as $line ) {
			$number = $is_ordered && preg_match( self::KINDS['ordered'], $line, $found ) ? " value=\"$found[1]\"" : '';
			$items .= "<li class=\"rag-ask__line\"$number>" . $inline( (string) preg_replace( array( self::KINDS['ordered'], self::KINDS['list'] ), '', $line, 1 ) ) . '</li>';
		}
		$tag = $is_ordered ? 'ol' : 'ul';
		return "<$tag class=\"rag-ask__piece\">$items</$tag>";
	}

	/**
	 * A table of lines `Name: value; Name: value`; those that do not all have the same names stay lines.
	 *
	 * @param string[] $lines Rows.
	 */
	private static function table_of_names( array $lines ): string {
		$rows  = array_map( static fn( string $line ): array => array_map( static fn( string $cell ): array => explode( ': ', $cell, 2 ) + array( 1 => '' ), explode( '; ', $line ) ), $lines );
		$names = array_map( static fn( array $row ): array => array_column( $row, 0 ), $rows );
		$cells = array_map( static fn( array $row ): array => array_column( $row, 1 ), $rows );
		if ( count( $rows ) < 2 || count( $names[0] ) < 2 || count( array_unique( $names, SORT_REGULAR ) ) > 1 || in_array( '', array_merge( ...$cells ), true ) ) {
			return self::piece( 'paragraph', $lines, 'esc_html' );
		}
		return self::table( array( $names[0], ...$cells ), 'esc_html' );
	}

	private static function table( array $rows, callable $inline ): string {
		if ( ! $rows ) {
			return '';
		}
		$row_of = static fn( array $cells, string $tag, string $name ): string => '<tr>' . implode( '', array_map( static fn( string $cell ): string => "<$tag class=\"rag-ask__$name\">" . $inline( $cell ) . "</$tag>", $cells ) ) . '</tr>';
		$body   = implode( '', array_map( static fn( array $cells ): string => $row_of( $cells, 'td', 'value' ), array_slice( $rows, 1 ) ) );
		return '<table class="rag-ask__piece"><thead>' . $row_of( $rows[0], 'th', 'name' ) . "</thead><tbody>$body</tbody></table>";
	}

	/**
	 * Bold, emphasis, code and markers of a line.
	 *
	 * @param string                $line    Plain text.
	 * @param array<string, string> $markers HTML, by what stands in the text.
	 */
	private static function inline( string $line, array $markers ): string {
		$html = '';
		foreach ( (array) preg_split( self::INLINE, $line, -1, PREG_SPLIT_DELIM_CAPTURE ) as $part ) {
			if ( preg_match( '/\A(\*\*?)([^*]+)\1\z/', $part, $found ) ) {
				$tag   = '*' === $found[1] ? 'em' : 'strong';
				$html .= "<$tag class=\"rag-ask__emphasis\">" . self::inline( $found[2], $markers ) . "</$tag>";
			} elseif ( preg_match( '/\A`(.+)`\z/', $part, $found ) ) {
				$html .= '<code class="rag-ask__code">' . esc_html( $found[1] ) . '</code>';
			} else {
				$html .= $markers[ trim( $part ) ] ?? esc_html( $part );
			}
		}
		return $html;
	}
}
