<?php
/**
 * Page words: which words of a text are on the page that a guest gets.
 *
 * @package RagAsk
 */

namespace RagAsk;

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
	 * Runs of words, as keys.
	 *
	 * @var array<string, true>
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
		foreach ( self::runs_of( $words ) as $run ) {
			$this->runs[ $run ] = true;
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
		foreach ( self::runs_of( $words ) as $start => $run ) {
			for ( $at = $start; isset( $this->runs[ $run ] ) && $at < $start + self::RUN; $at++ ) {
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

	private static function runs_of( array $words ): array {
		$runs = array();
		for ( $start = 0; $start + self::RUN <= count( $words ); $start++ ) {
			$runs[] = $words[ $start ] . ' ' . $words[ $start + 1 ] . ' ' . $words[ $start + 2 ];
		}
		return $runs;
	}
}
