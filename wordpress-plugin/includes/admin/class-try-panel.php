<?php
/**
 * Try panel: the owner asks the site a question on the first tab.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Asks as a guest does, from the server, so that it also works before the box is on a page.
 */
final class Try_Panel {

	private const KEPT_S = 5 * MINUTE_IN_SECONDS;

	/**
	 * Ask the sidecar and keep the answer for the page that follows.
	 *
	 * @param string $question The question.
	 */
	public static function ask( string $question ): ?\WP_Error {
		$question = mb_substr( trim( $question ), 0, Token_Route::MAX_QUESTION_CHARACTERS );
		if ( '' === $question ) {
			return new \WP_Error( 'question_empty', __( 'Type a question first.', 'rag-ask' ) );
		}
		$answer = Sidecar::ask( array( 'question' => $question ), 'owner-' . get_current_user_id(), Audience::of_visitor( null ) );
		if ( is_wp_error( $answer ) ) {
			return $answer;
		}
		set_transient(
			self::key(),
			array(
				'question' => $question,
				'outcome'  => (string) ( $answer['outcome'] ?? '' ),
				'text'     => Ask_Post::text( $answer ),
				'pages'    => array_filter( array_column( (array) ( $answer['citations'] ?? array() ), 'title', 'url' ), static fn( $url ) => '' !== $url, ARRAY_FILTER_USE_KEY ),
				'is_note'  => 'note' === ( $answer['citations'][0]['kind'] ?? '' ),
			),
			self::KEPT_S
		);
		Setup_Checklist::tried();
		return null;
	}

	/**
	 * Print the form and the last answer.
	 */
	public static function render(): void {
		if ( ! Connection::current() ) {
			return;
		}
		echo '<h2>' . esc_html__( 'Try a question', 'rag-ask' ) . '</h2>';
		self::render_form();
	}

	/**
	 * Print the form.
	 */
	public static function render_form(): void {
		$last = get_transient( self::key() );
		$last = is_array( $last ) ? $last : array();
		Task_Form::begin( 'rag-ask-try' );
		printf(
			'<p><label for="rag-ask-question">%s</label><br><input type="text" class="regular-text" id="rag-ask-question" name="question" value="%s" maxlength="%d" dir="auto" required> ',
			esc_html__( 'A question as a visitor would ask it', 'rag-ask' ),
			esc_attr( $last['question'] ?? '' ),
			(int) Token_Route::MAX_QUESTION_CHARACTERS
		);
		Task_Form::button( 'try', __( 'Ask', 'rag-ask' ), true );
		echo '</p>';
		Task_Form::end();
		if ( $last ) {
			self::answer( $last );
		}
	}

	private static function answer( array $last ): void {
		$text = '' === $last['text'] ? (string) Settings::get( 'text_not_on_site' ) : $last['text'];
		echo '<div class="rag-ask-try__result"><p class="rag-ask-try__answer" dir="auto">' . esc_html( $text ) . '</p>';
		if ( $last['is_note'] ?? false ) {
			echo '<p>' . esc_html__( 'Note of the site', 'rag-ask' ) . '</p>';
		}
		if ( $last['pages'] ) {
			echo '<p>' . esc_html__( 'Pages of this answer:', 'rag-ask' ) . '</p><ul>';
			foreach ( $last['pages'] as $url => $title ) {
				printf( '<li><a href="%s">%s</a></li>', esc_url( $url ), esc_html( $title ) );
			}
			echo '</ul>';
		}
		echo '</div>';
	}

	private static function key(): string {
		return 'rag_ask_tried_' . get_current_user_id();
	}
}
