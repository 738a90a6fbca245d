<?php
/**
 * Ask found: what the site's own search finds for a question that has no answer.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * POST rag-ask/v1/found, whose body is the question: in an address it would stand in the logs of servers.
 * Core's search wants each word of a question on the page, and "Sundays?" with its question mark. So the words that say
 * most, the longest, are searched for one by one when all together find nothing.
 */
final class Ask_Found {

	public const ROUTE = '/found';

	private const MAX_PAGES        = 6;
	private const MAX_WORDS        = 3;
	private const MIN_WORD_LETTERS = 4;

	/**
	 * Register the route.
	 */
	public static function register_route(): void {
		Visitor_Route::register( self::ROUTE, array( self::class, 'receive' ) );
	}

	/**
	 * Answer a box with pages. One that asks too often gets none.
	 *
	 * @param \WP_REST_Request $request Of a visitor's browser.
	 */
	public static function receive( \WP_REST_Request $request ): \WP_REST_Response {
		$pages = Visitor_Route::is_allowed( $request, 'found' ) ? self::pages( $request->get_body() ) : array();
		return Visitor_Route::uncached( new \WP_REST_Response( $pages ) );
	}

	/**
	 * Pages for a question, the best first.
	 *
	 * @param string $question As typed.
	 * @return array<int, array{title: string, url: string}> Titles are plain text.
	 */
	public static function pages( string $question ): array {
		preg_match_all( "/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/u", mb_substr( $question, 0, Token_Route::MAX_QUESTION_CHARACTERS ), $found );
		$words = array_values( array_unique( $found[0] ) );
		$pages = $words ? self::search( implode( ' ', $words ) ) : array();
		return $pages || count( $words ) < 2 ? $pages : self::by_words( $words );
	}

	/**
	 * Pages with any of the longest words. A page counts the letters of those that it has.
	 *
	 * @param string[] $words Of the question.
	 */
	private static function by_words( array $words ): array {
		$words = array_filter( $words, static fn( string $word ): bool => mb_strlen( $word ) >= self::MIN_WORD_LETTERS );
		usort( $words, static fn( string $one, string $other ): int => mb_strlen( $other ) <=> mb_strlen( $one ) );
		$pages   = array();
		$letters = array();
		foreach ( array_slice( $words, 0, self::MAX_WORDS ) as $word ) {
			foreach ( self::search( $word ) as $page ) {
				$pages[ $page['url'] ]   = $page;
				$letters[ $page['url'] ] = ( $letters[ $page['url'] ] ?? 0 ) + mb_strlen( $word );
			}
		}
		arsort( $letters );
		return array_values( array_slice( array_replace( $letters, $pages ), 0, self::MAX_PAGES ) );
	}

	/**
	 * Search as the REST API does for guests, with the search plugin of the site if it has one.
	 *
	 * @param string $words What to search for.
	 */
	private static function search( string $words ): array {
		$request = new \WP_REST_Request( 'GET', '/wp/v2/search' );
		$request->set_query_params(
			array(
				'search'   => $words,
				'per_page' => self::MAX_PAGES,
			)
		);
		$response = rest_do_request( $request );
		$pages    = $response->is_error() ? array() : (array) $response->get_data();
		return array_map(
			static fn( array $page ): array => array(
				'title' => wp_strip_all_tags( html_entity_decode( (string) $page['title'], ENT_QUOTES | ENT_HTML5 ) ),
				'url'   => (string) $page['url'],
			),
			array_values( array_filter( $pages, static fn( $page ): bool => is_array( $page ) && isset( $page['title'], $page['url'] ) ) )
		);
	}
}
