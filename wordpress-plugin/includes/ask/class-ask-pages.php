<?php
/**
 * Ask pages: the pages below an answer, and the questions that go on from it, as escaped HTML for a box without JavaScript.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * As blocks/ask/answer.js shows them in a browser.
 */
final class Ask_Pages {

	/**
	 * The items of a list of pages.
	 *
	 * @param array<int, array<string, mixed>> $pages  Citations, suggestions or what a search found.
	 * @param array<int, array<string, mixed>> $images Shown beside the pages of their numbers.
	 */
	public static function items( array $pages, array $images = array() ): string {
		$html = '';
		foreach ( $pages as $page ) {
			$place = self::place( $page );
			$html .= sprintf(
				'<li class="rag-ask__source"%s>%s%s%s%s</li>',
				empty( $page['number'] ) ? '' : ' value="' . (int) $page['number'] . '"',
				self::pictures( array_filter( $images, static fn( array $image ): bool => $image['number'] === ( $page['number'] ?? 0 ) ) ),
				self::link( $page, (string) ( $page['title'] ?? '' ) ),
				'' === $place ? '' : ' · <bdi class="rag-ask__heading">' . esc_html( $place ) . '</bdi>',
				empty( $page['quote'] ) ? '' : '<q class="rag-ask__quote" dir="auto">' . esc_html( (string) $page['quote'] ) . '</q>'
			);
		}
		return $html;
	}

	/**
	 * The markers of citations.
	 *
	 * @param array<int, array<string, mixed>> $citations Of an answer.
	 * @return array<string, string> HTML, by what stands in the text: "[1]".
	 */
	public static function markers( array $citations ): array {
		$markers = array();
		foreach ( $citations as $citation ) {
			$number                 = (string) (int) $citation['number'];
			$markers[ "[$number]" ] = '<sup class="rag-ask__marker">' . self::link( $citation, $number ) . '</sup>';
		}
		return $markers;
	}

	/**
	 * The items of further questions. Each is a form of its own, because they stand outside that of the box.
	 *
	 * @param string   $id        Of the box.
	 * @param string[] $questions As the sidecar found them.
	 */
	public static function further( string $id, array $questions ): string {
		return implode(
			'',
			array_map(
				static fn( string $question ): string => sprintf(
					'<li class="rag-ask__further-item"><form method="post" action="#%1$s-log"><input type="hidden" name="%2$s" value="%1$s"><button class="rag-ask__starter" type="submit" name="%3$s" value="%4$s" data-do="starter" dir="auto">%5$s</button></form></li>',
					esc_attr( $id ),
					esc_attr( Ask_Plain::BOX ),
					esc_attr( Ask_Plain::QUESTION ),
					esc_attr( $question ),
					esc_html( $question )
				),
				$questions
			)
		);
	}

	/**
	 * Where in a page the quoted words are: that the owner wrote them, the page of a PDF, the heading.
	 *
	 * @param array<string, mixed> $page A citation.
	 */
	private static function place( array $page ): string {
		$texts = Ask_Texts::of_answers();
		return implode(
			', ',
			array_filter(
				array(
					'note' === ( $page['kind'] ?? '' ) ? $texts['note'] : '',
					preg_match( '/#page=(\d+)\z/', (string) ( $page['url'] ?? '' ), $found ) ? str_replace( '%s', $found[1], $texts['page'] ) : '',
					(string) ( $page['heading'] ?? '' ),
				)
			)
		);
	}

	/**
	 * Images of this site's own address alone: another one would learn who asks.
	 *
	 * @param array<int, array<string, mixed>> $images Of one page.
	 */
	private static function pictures( array $images ): string {
		$own  = (string) preg_replace( '#\A(https?://[^/]+).*#', '$1/', home_url() );
		$html = '';
		foreach ( Settings::get( 'images' ) ? $images : array() as $image ) {
			if ( str_starts_with( (string) $image['url'], $own ) ) {
				$html .= sprintf( '<img class="rag-ask__image" loading="lazy" src="%s" alt="%s" width="%d" height="%d">', esc_url( (string) $image['url'] ), esc_attr( (string) $image['alt'] ), (int) $image['width'], (int) $image['height'] );
			}
		}
		return $html;
	}

	/**
	 * A link to a page, at the quoted words where the browser can; a note of the owner may cite no page.
	 *
	 * @param array<string, mixed> $page A citation or a suggestion.
	 * @param string               $text Plain text.
	 */
	private static function link( array $page, string $text ): string {
		$url  = esc_url( (string) ( $page['fragment_url'] ?? $page['url'] ?? '' ), array( 'http', 'https' ) );
		$text = esc_html( $text );
		return '' === $url ? "<span class=\"rag-ask__link\" dir=\"auto\">$text</span>" : "<a class=\"rag-ask__link\" dir=\"auto\" href=\"$url\">$text</a>";
	}
}
