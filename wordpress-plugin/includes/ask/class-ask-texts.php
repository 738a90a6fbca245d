<?php
/**
 * Ask texts: what a box says.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * An author's text goes before that of the settings.
 */
final class Ask_Texts {

	/**
	 * The texts of a box before anybody asked.
	 *
	 * @param array<string, string> $attributes May hold label, placeholder and button.
	 * @return array<string, string>
	 */
	public static function of_box( array $attributes ): array {
		$texts = array();
		foreach ( array( 'label', 'placeholder', 'button' ) as $name ) {
			$own            = wp_strip_all_tags( $attributes[ $name ] ?? '' );
			$texts[ $name ] = '' !== $own ? $own : (string) Settings::get( 'text_' . $name );
		}
		return $texts;
	}

	/**
	 * The suggested questions of a box: the author's, one a line or with | between; otherwise those of the settings.
	 *
	 * @param array<string, string> $attributes May hold suggestions.
	 * @return string[]
	 */
	public static function suggestions( array $attributes ): array {
		$own   = preg_split( '/\R|\|/', wp_strip_all_tags( str_replace( array( '<br>', '<br/>' ), "\n", $attributes['suggestions'] ?? '' ) ) );
		$lines = Settings_Checks::lines( $own );
		return $lines ? $lines : Settings::get( 'suggestions' );
	}

	/**
	 * The texts of the script. The names of errors are the sidecar's error codes, or the script's own.
	 *
	 * @return array<string, string>
	 */
	public static function of_answers(): array {
		$texts = array(
			'thinking'                   => __( 'Reading the site…', 'rag-ask' ),
			'reading'                    => __( 'Found on these pages', 'rag-ask' ),
			'sources'                    => __( 'Sources', 'rag-ask' ),
			'follow_up'                  => __( 'Ask a further question', 'rag-ask' ),
			'copied'                     => __( 'Copied', 'rag-ask' ),
			'thanks'                     => __( 'Thank you.', 'rag-ask' ),
			'not_sent'                   => __( 'That could not be sent.', 'rag-ask' ),
			'not_on_site'                => Settings::get( 'text_not_on_site' ),
			'quoted_notice'              => __( 'In the words of this site:', 'rag-ask' ),
			'unsure_notice'              => __( 'This may help. It is not a sure answer:', 'rag-ask' ),
			/* translators: %s: number of a page of a PDF. */
			'page'                       => __( 'page %s', 'rag-ask' ),
			'note'                       => __( 'Note of the site', 'rag-ask' ),
			'truncated'                  => __( 'The answer is incomplete.', 'rag-ask' ),
			'error_stopped'              => __( 'You stopped this answer.', 'rag-ask' ),
			'error_offline'              => __( 'You are offline. Ask again when you are connected.', 'rag-ask' ),
			'error_timeout'              => __( 'The answer took too long.', 'rag-ask' ),
			'error_refused'              => __( 'This site refused the question. Reload the page and ask again.', 'rag-ask' ),
			'error_provider_unavailable' => __( 'The service that writes the answers does not respond.', 'rag-ask' ),
			'error_provider_rejected'    => __( 'The service that writes the answers does not respond.', 'rag-ask' ),
			'error_unavailable'          => __( 'Answers are not available at the moment.', 'rag-ask' ),
			'error_index_unproven'       => __( 'This site is just being read anew. Try again in a few minutes.', 'rag-ask' ),
			'error_busy'                 => __( 'Many questions are being answered just now. Try again in a moment.', 'rag-ask' ),
			'error_rate_limited'         => __( 'You have asked too many questions in a short time.', 'rag-ask' ),
			'error_consent_missing'      => __( 'Allow this site to send your question first, in its privacy settings.', 'rag-ask' ),
			'error_question_empty'       => __( 'Type a question first.', 'rag-ask' ),
			/* translators: %s: number of characters. */
			'error_question_too_long'    => sprintf( __( 'Please ask in at most %s characters.', 'rag-ask' ), number_format_i18n( Token_Route::MAX_QUESTION_CHARACTERS ) ),
		);

		/**
		 * Filters what the box says while it answers and when it cannot.
		 *
		 * @param array<string, string> $texts By name.
		 */
		return array_map( 'strval', array_intersect_key( (array) apply_filters( 'rag_ask_texts', $texts ), $texts ) + $texts );
	}
}
