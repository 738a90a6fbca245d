<?php
/**
 * Privacy text: a suggestion for the site's privacy policy.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Shown under Settings > Privacy; it follows the current settings.
 */
final class Privacy_Text {

	/**
	 * Add the suggestion.
	 */
	public static function add(): void {
		wp_add_privacy_policy_content( __( 'RAG Ask', 'rag-ask' ), wp_kses_post( wpautop( self::text(), false ) ) );
	}

	/**
	 * The paragraphs.
	 */
	public static function text(): string {
		$days  = (int) Settings::get( 'question_days' );
		$parts = array(
			__( 'When you ask this site a question in its ask box, your browser sends the question to a service that answers from the pages of this site. Depending on how that service is set up, it passes the question and passages of this site on to a provider of language models.', 'rag-ask' ),
			__( 'To limit how much one visitor may ask, this site turns your IP address into a code that changes every day. The service receives this code, but not the address, and does not store it with your question.', 'rag-ask' ),
			$days
				/* translators: %s: number of days. */
				? sprintf( _n( 'The words of your question, and what you say of the answer, are kept for %s day to improve this site. E-mail addresses and long numbers in them are masked. Please do not type personal data into the box.', 'The words of your question, and what you say of the answer, are kept for %s days to improve this site. E-mail addresses and long numbers in them are masked. Please do not type personal data into the box.', $days, 'rag-ask' ), number_format_i18n( $days ) )
				: __( 'The words of your question are not kept in a list of questions. We count only how many questions were asked and answered.', 'rag-ask' ),
			__( 'The box sets no cookie. Your browser keeps the conversation in this tab until you close it or begin a new one, for an hour at most.', 'rag-ask' ),
		);
		return implode( "\n\n", $parts );
	}
}
