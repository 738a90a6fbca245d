/**
 * Texts: what the box says, as WordPress's box says it (includes/ask/class-ask-texts.php), in English and German.
 */

export const MAX_QUESTION_CHARACTERS = 500;

/** By name, for the script of the box. */
export const ANSWER_TEXTS = {
	thinking: 'Reading the site…',
	reading: 'Found on these pages',
	sources: 'Sources',
	follow_up: 'Ask a further question',
	copied: 'Copied',
	thanks: 'Thank you.',
	not_sent: 'That could not be sent.',
	not_on_site: 'I could not find that on this site.',
	quoted_notice: 'In the words of this site:',
	unsure_notice: 'This may help. It is not a sure answer:',
	page: 'page %s',
	note: 'Note of the site',
	truncated: 'The answer is incomplete.',
	error_stopped: 'You stopped this answer.',
	error_offline: 'You are offline. Ask again when you are connected.',
	error_timeout: 'The answer took too long.',
	error_refused: 'This site refused the question. Reload the page and ask again.',
	error_provider_unavailable: 'The service that writes the answers does not respond.',
	error_provider_rejected: 'The service that writes the answers does not respond.',
	error_unavailable: 'Answers are not available at the moment.',
	error_index_unproven: 'This site is just being read anew. Try again in a few minutes.',
	error_busy: 'Many questions are being answered just now. Try again in a moment.',
	error_rate_limited: 'You have asked too many questions in a short time.',
	error_consent_missing: 'Allow this site to send your question first, in its privacy settings.',
	error_question_empty: 'Type a question first.',
	error_question_too_long: 'Please ask in at most %s characters.',
};

/** Of the parts of the box. */
export const PART_TEXTS = [
	'Answers', 'Ask', 'Ask a person', 'Ask further', 'Ask this site', 'Close', 'Copy a link to this question', 'Copy with sources', 'Did this help?',
	'Found by the search of this site', 'In your words, if you like', 'It is not what I asked.', 'It is out of date.', 'It is wrong.',
	'New conversation', 'No', 'Perhaps these pages help', 'Send', 'Something is missing.', 'Sources', 'Stop', 'Suggested questions', 'Try again',
	'Type a question', 'What was wrong?', 'Yes',
];

/** A text in the language of the page. scripts/box-script puts the plugin's German translation into the script. */
export function translate( text, language ) {
	/* global GERMAN */
	return /^de\b/i.test( language ) ? GERMAN[ text ] : text;
}

export function answerTexts( language ) {
	return Object.fromEntries(
		Object.entries( ANSWER_TEXTS ).map( ( [ name, text ] ) => {
			const said = translate( text, language );
			return [ name, name === 'error_question_too_long' ? said.replace( '%s', MAX_QUESTION_CHARACTERS ) : said ];
		} )
	);
}
