<?php
/**
 * Seen text: rendered HTML without the sentences that guests do not see.
 *
 * @package RagAsk
 */

namespace RagAsk;

require_once dirname( __DIR__ ) . '/functions.php';

/**
 * Empties text only; the markup stays as it is.
 */
final class Seen_Text {

	/** Longest list of sentences that is remembered. */
	private const MAX_HIDDEN = 500;

	/**
	 * Use compare() or without().
	 *
	 * @param string   $html   HTML of the sentences that are kept.
	 * @param int      $words  Number of words in the HTML before.
	 * @param int      $seen   Number of words in the sentences that are kept.
	 * @param string[] $hidden A hash of each sentence that is left out.
	 */
	private function __construct( public readonly string $html, public readonly int $words, public readonly int $seen, public readonly array $hidden ) {}

	/**
	 * Keep the sentences of which the page shows each word.
	 *
	 * @param string     $html Rendered HTML.
	 * @param Page_Words $page The page that a guest gets.
	 */
	public static function compare( string $html, Page_Words $page ): self {
		$is_kept = static function ( array $sentences ) use ( $page ): array {
			$shown = $page->shows( array_merge( ...$sentences ) );
			$kept  = array();
			$start = 0;
			foreach ( $sentences as $words ) {
				$kept[] = ! in_array( false, array_slice( $shown, $start, count( $words ) ), true );
				$start += count( $words );
			}
			return $kept;
		};
		return self::keep( $html, $is_kept );
	}

	/**
	 * Leave out the sentences that guests did not see before.
	 *
	 * @param string   $html   Rendered HTML.
	 * @param string[] $hidden Hashes of sentences.
	 */
	public static function without( string $html, array $hidden ): self {
		return self::keep( $html, static fn( array $sentences ): array => array_map( static fn( array $words ) => ! in_array( self::hash( $words ), $hidden, true ), $sentences ) );
	}

	/**
	 * Keep some sentences of each paragraph.
	 *
	 * @param string   $html    Rendered HTML.
	 * @param callable $is_kept Takes the words of each sentence of a paragraph, returns a bool for each.
	 */
	private static function keep( string $html, callable $is_kept ): self {
		$texts  = array();
		$count  = 0;
		$seen   = 0;
		$hidden = array();
		foreach ( self::paragraphs( $html ) as $paragraph ) {
			$sentences = sentences_of( implode( '', $paragraph ) );
			$words     = array_map( __NAMESPACE__ . '\words_of', $sentences );
			$kept      = $is_kept( $words );
			foreach ( $words as $index => $of_sentence ) {
				$count += count( $of_sentence );
				$seen  += $kept[ $index ] ? count( $of_sentence ) : 0;
				if ( ! $kept[ $index ] ) {
					$hidden[] = self::hash( $of_sentence );
				}
			}
			$texts += in_array( false, $kept, true ) ? self::cut( $paragraph, $sentences, $kept ) : array();
		}
		return new self( $texts ? self::replace( $html, $texts ) : $html, $count, $seen, array_slice( array_unique( $hidden ), 0, self::MAX_HIDDEN ) );
	}

	/**
	 * The texts of each paragraph, by the number of their token. The alternative text of an image is a paragraph.
	 *
	 * @param string $html Rendered HTML.
	 * @return array<int, string>[]
	 */
	private static function paragraphs( string $html ): array {
		$paragraphs = array();
		$open       = array();
		$tokens     = new \WP_HTML_Tag_Processor( $html );
		$number     = -1;
		while ( $tokens->next_token() ) {
			++$number;
			$tag = (string) $tokens->get_tag();
			if ( '#text' === $tokens->get_token_type() ) {
				$open[ $number ] = $tokens->get_modifiable_text();
			} elseif ( 'IMG' === $tag ) {
				$paragraphs[] = array( $number => (string) $tokens->get_attribute( 'alt' ) );
			} elseif ( '' !== $tag && ! in_array( $tag, INLINE_TAGS, true ) ) {
				$paragraphs[] = $open;
				$open         = 'TEXTAREA' === $tag ? array( $number => $tokens->get_modifiable_text() ) : array();
			}
		}
		$paragraphs[] = $open;
		return array_filter( $paragraphs );
	}

	/**
	 * The texts of a paragraph without some of its sentences.
	 *
	 * @param array<int, string> $paragraph Texts by the number of their token.
	 * @param string[]           $sentences Together they are the texts.
	 * @param bool[]             $kept      For each sentence.
	 * @return array<int, string> The texts that remain.
	 */
	private static function cut( array $paragraph, array $sentences, array $kept ): array {
		$mask = '';
		foreach ( $sentences as $index => $sentence ) {
			$mask .= str_repeat( $kept[ $index ] ? '1' : '0', strlen( $sentence ) );
		}
		$start = 0;
		foreach ( $paragraph as $number => $text ) {
			$remains = '';
			for ( $at = 0, $length = strlen( $text ); $at < $length; $at++ ) {
				$remains .= '1' === $mask[ $start + $at ] ? $text[ $at ] : '';
			}
			$paragraph[ $number ] = $remains;
			$start               += $length;
		}
		return $paragraph;
	}

	private static function replace( string $html, array $texts ): string {
		$tokens = new \WP_HTML_Tag_Processor( $html );
		$number = -1;
		while ( $tokens->next_token() ) {
			++$number;
			if ( ! isset( $texts[ $number ] ) ) {
				continue;
			}
			if ( 'IMG' === $tokens->get_tag() ) {
				$tokens->set_attribute( 'alt', $texts[ $number ] );
			} else {
				$tokens->set_modifiable_text( $texts[ $number ] );
			}
		}
		return $tokens->get_updated_html();
	}

	private static function hash( array $words ): string {
		return substr( md5( implode( ' ', $words ) ), 0, 16 );
	}
}
