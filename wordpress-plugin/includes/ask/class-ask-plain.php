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
		self::$turns[ $id ] ??= Ask_Markup::turn( self::parts( $question, self::answer( $question, $attributes ) ) );
		return self::$turns[ $id ];
	}

	private static function question(): string {
		// phpcs:ignore WordPress.Security.NonceVerification.Missing -- the same.
		return trim( sanitize_text_field( wp_unslash( $_POST[ self::QUESTION ] ?? '' ) ) );
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
	 * @param string          $question As typed.
	 * @param array|\WP_Error $answer   Of the sidecar.
	 * @return array<string, mixed>
	 */
	private static function parts( string $question, $answer ): array {
		$texts = Ask_Texts::of_answers();
		if ( is_wp_error( $answer ) ) {
			Ask_Failures::count_error( (string) $answer->get_error_code() );
			return array(
				'state'       => 'error',
				'question'    => $question,
				'status'      => $texts[ 'error_' . $answer->get_error_code() ] ?? $texts['error_unavailable'],
				'has_contact' => true,
			);
		}
		$outcome  = (string) ( $answer['outcome'] ?? '' );
		$notices  = array(
			'answered'         => '',
			'quoted'           => $texts['quoted_notice'],
			'budget_exhausted' => $texts['quoted_notice'],
			'unsure'           => $texts['unsure_notice'],
		);
		$has_text = isset( $notices[ $outcome ] );
		$pages    = self::pages( (array) ( $answer[ $has_text ? 'citations' : 'suggestions' ] ?? array() ) );
		return array(
			'state'       => $outcome,
			'question'    => $question,
			'status'      => $notices[ $outcome ] ?? $texts['not_on_site'],
			'text'        => $has_text ? self::text( $answer ) : '',
			'has_contact' => ! $has_text || 'unsure' === $outcome,
		) + ( '' === $pages ? array() : array( $has_text ? 'sources' : 'suggestions' => $pages ) );
	}

	/**
	 * The words: passages as they stand on their pages, or the model's text without its Markdown.
	 *
	 * @param array<string, mixed> $answer As in tests/contract/ask-response.json.
	 */
	private static function text( array $answer ): string {
		$html = '';
		foreach ( $answer['excerpts'] ?? array() as $excerpt ) {
			foreach ( $excerpt['pieces'] as $piece ) {
				$html .= self::lines( $piece['lines'], 'heading' === $piece['kind'] ? 'piece-heading' : 'line' );
			}
			$html = (string) preg_replace( '#</p>$#', ' [' . (int) $excerpt['number'] . ']</p>', $html );
		}
		return '' === $html ? self::lines( preg_split( '/\R+/', str_replace( array( '**', '`' ), '', (string) ( $answer['answer'] ?? '' ) ) ) ) : $html;
	}

	private static function lines( array $lines, string $name = 'line' ): string {
		return implode( '', array_map( static fn( string $line ): string => sprintf( '<p class="rag-ask__%s">%s</p>', $name, esc_html( $line ) ), $lines ) );
	}

	private static function pages( array $pages ): string {
		$html = '';
		foreach ( $pages as $page ) {
			$html .= sprintf(
				'<li class="rag-ask__source" value="%d">%s%s%s</li>',
				(int) ( $page['number'] ?? 0 ),
				self::link( $page ),
				'note' === ( $page['kind'] ?? '' ) ? ' · <bdi class="rag-ask__heading">' . esc_html( Ask_Texts::of_answers()['note'] ) . '</bdi>' : '',
				empty( $page['quote'] ) ? '' : '<q class="rag-ask__quote">' . esc_html( (string) $page['quote'] ) . '</q>'
			);
		}
		return $html;
	}

	/**
	 * The title as a link; a note of the owner may cite no page.
	 *
	 * @param array $page A citation or a suggestion.
	 */
	private static function link( array $page ): string {
		$url   = esc_url( (string) ( $page['fragment_url'] ?? $page['url'] ?? '' ), array( 'http', 'https' ) );
		$title = esc_html( (string) ( $page['title'] ?? '' ) );
		return '' === $url ? '<span class="rag-ask__link">' . $title . '</span>' : '<a class="rag-ask__link" href="' . $url . '">' . $title . '</a>';
	}
}
