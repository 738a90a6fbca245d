<?php
/**
 * Ask plain: a box without JavaScript.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The form posts to the page that it stands on, and the page shows the answer. The limits are those of the token route.
 */
final class Ask_Plain {

	public const QUESTION = 'rag_ask_question';
	public const BOX      = 'rag_ask_box';

	/** A page holds a PHP process while it waits. */
	private const TIMEOUT_S = 25;

	private const MAX_FOUND = 3;

	/**
	 * A page may be rendered several times in a request; the question is asked once.
	 *
	 * @var array<string, string>
	 */
	private static array $turns = array();

	/**
	 * Keep an answer out of caches.
	 */
	public static function send_headers(): void {
		if ( '' !== self::question() ) {
			nocache_headers();
		}
	}

	/**
	 * The answered turn of the box whose form was posted; empty for all others.
	 *
	 * @param string                $id         Id of the box on the page.
	 * @param array<string, string> $attributes Of the block or the shortcode.
	 */
	public static function turn( string $id, array $attributes ): string {
		$question = self::question();
		// phpcs:ignore WordPress.Security.NonceVerification.Missing -- a cached page would carry an expired nonce; nothing is changed.
		if ( '' === $question || sanitize_key( wp_unslash( $_POST[ self::BOX ] ?? '' ) ) !== $id ) {
			return '';
		}
		self::$turns[ $id ] ??= Ask_Markup::turn( self::parts( $id, $question, self::answer( $question, $attributes ) ) );
		return self::$turns[ $id ];
	}

	/**
	 * As typed: a "<" is a character like any other, and is escaped where it is shown.
	 */
	private static function question(): string {
		// phpcs:ignore WordPress.Security.NonceVerification.Missing, WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- the same; sanitize_text_field() would take "<b>" and "%20" out of a question.
		$typed = wp_unslash( $_POST[ self::QUESTION ] ?? '' );
		return is_string( $typed ) ? trim( (string) preg_replace( '/\p{C}+/u', ' ', wp_check_invalid_utf8( $typed ) ) ) : '';
	}

	/**
	 * Ask the sidecar for this visitor.
	 *
	 * @param string                $question   As typed.
	 * @param array<string, string> $attributes Of the block or the shortcode.
	 * @return array|\WP_Error
	 */
	private static function answer( string $question, array $attributes ) {
		if ( mb_strlen( $question ) > Token_Route::MAX_QUESTION_CHARACTERS ) {
			return new \WP_Error( 'question_too_long' );
		}
		$refused = Token_Route::refusal( new \WP_REST_Request( 'POST', '/rag-ask/v1/token' ) );
		if ( $refused ) {
			return $refused;
		}
		$full = Proxy_Slots::take( 'ask', Settings::get( 'proxy_streams' ) );
		if ( '' !== $full ) {
			return new \WP_Error( $full );
		}
		$filter = Ask_Box::filter( $attributes );
		$answer = Sidecar::ask( array( 'question' => $question ) + ( $filter ? array( 'filter' => $filter ) : array() ), Token_Route::subject(), Audience::of_visitor( Token_Route::visitor() ), Token_Route::network(), self::TIMEOUT_S );
		Proxy_Slots::free();
		return $answer;
	}

	/**
	 * The parts of the turn.
	 *
	 * @param string          $id       Id of the box.
	 * @param string          $question As typed.
	 * @param array|\WP_Error $answer   Of the sidecar.
	 * @return array<string, mixed>
	 */
	private static function parts( string $id, string $question, $answer ): array {
		$texts = Ask_Texts::of_answers();
		if ( is_wp_error( $answer ) ) {
			Ask_Failures::count_error( (string) $answer->get_error_code() );
			return array(
				'state'    => 'error',
				'question' => $question,
				'status'   => $texts[ 'error_' . $answer->get_error_code() ] ?? $texts['error_unavailable'],
			) + self::help( $question, array() );
		}
		$outcome = (string) ( $answer['outcome'] ?? '' );
		$notices = array(
			'answered'         => '',
			'quoted'           => $texts['quoted_notice'],
			'budget_exhausted' => $texts['quoted_notice'],
			'unsure'           => $texts['unsure_notice'],
		);
		$pages   = (array) ( $answer['citations'] ?? array() );
		$parts   = array(
			'state'    => 'budget_exhausted' === $outcome ? 'quoted' : $outcome,
			'question' => $question,
			'status'   => $notices[ $outcome ] ?? $texts['not_on_site'],
		);
		if ( isset( $notices[ $outcome ] ) ) {
			$parts['text']    = self::text( $answer, $pages );
			$parts['sources'] = Ask_Pages::items( $pages, (array) ( $answer['images'] ?? array() ) );
			$parts['further'] = Ask_Pages::further( $id, (array) ( $answer['further_questions'] ?? array() ) );
		} else {
			$pages                = (array) ( $answer['suggestions'] ?? array() );
			$parts['suggestions'] = Ask_Pages::items( $pages );
		}
		return $parts + ( in_array( $outcome, array( 'answered', 'quoted', 'budget_exhausted' ), true ) ? array() : self::help( $question, $pages ) );
	}

	/**
	 * Where there is no answer: what the site's own search finds, and a way to a human.
	 *
	 * @param string                           $question As typed.
	 * @param array<int, array<string, mixed>> $known    Pages that the turn names already.
	 * @return array{has_contact: bool, found: string}
	 */
	private static function help( string $question, array $known ): array {
		$found = array_filter( Ask_Found::pages( $question ), static fn( array $page ): bool => ! in_array( $page['url'], array_column( $known, 'url' ), true ) );
		return array(
			'has_contact' => true,
			'found'       => Ask_Pages::items( array_slice( $found, 0, self::MAX_FOUND ) ),
		);
	}

	/**
	 * The words: passages as they stand on their pages, or the model's text.
	 *
	 * @param array<string, mixed>             $answer    As in tests/contract/ask-response.json.
	 * @param array<int, array<string, mixed>> $citations Of it.
	 */
	private static function text( array $answer, array $citations ): string {
		$markers = Ask_Pages::markers( $citations );
		$html    = '';
		foreach ( $answer['excerpts'] ?? array() as $excerpt ) {
			$html .= Ask_Layout::of_passage( $excerpt['pieces'], $markers[ '[' . (int) $excerpt['number'] . ']' ] ?? '' );
		}
		return '' === $html ? Ask_Layout::of_text( (string) ( $answer['answer'] ?? '' ), $markers ) : $html;
	}
}
