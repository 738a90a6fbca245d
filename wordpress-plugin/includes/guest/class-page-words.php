<?php
/**
 * Page words: which words of a text are on the page that a guest gets.
 *
 * @package RagAsk
 */

namespace RagAsk;

require_once dirname( __DIR__ ) . '/functions.php';

/**
 * Compares runs of three words, so that what a page adds between two sentences does not matter.
 */
final class Page_Words {

	private const RUN = 3;

	/**
	 * All words of the page with a space between them.
	 *
	 * @var string
	 */
	private string $text;

	/**
	 * Checksums of the runs of words, as keys: the words themselves take three times the memory.
	 *
	 * @var array<int, true>
	 */
	private array $runs = array();

	/**
	 * Read the page.
	 *
	 * @param string $html HTML of the page, or of its pages.
	 */
	public function __construct( string $html ) {
		$words      = words_of_html( $html );
		$this->text = ' ' . implode( ' ', $words ) . ' ';
		for ( $start = count( $words ) - self::RUN; $start >= 0; $start-- ) {
			$this->runs[ self::run_at( $words, $start ) ] = true;
		}
	}

	/**
	 * Which words the page shows.
	 *
	 * @param string[] $words Words of one paragraph.
	 * @return bool[] One for each word.
	 */
	public function shows( array $words ): array {
		if ( $this->has_phrase( $words ) ) {
			return array_fill( 0, count( $words ), true );
		}
		$is_shown = array_fill( 0, count( $words ), false );
		for ( $start = count( $words ) - self::RUN; $start >= 0; $start-- ) {
			$is_known = isset( $this->runs[ self::run_at( $words, $start ) ] );
			for ( $at = $start; $is_known && $at < $start + self::RUN; $at++ ) {
				$is_shown[ $at ] = true;
			}
		}
		return $is_shown;
	}

	/**
	 * Whether the words stand on the page one after the other. No words do.
	 *
	 * @param string[] $words Words.
	 */
	public function has_phrase( array $words ): bool {
		return ! $words || str_contains( $this->text, ' ' . implode( ' ', $words ) . ' ' );
	}

	private static function run_at( array $words, int $start ): int {
		return crc32( implode( ' ', array_slice( $words, $start, self::RUN ) ) );
	}
}
