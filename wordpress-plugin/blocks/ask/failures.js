/**
 * Failures: the owner learns that a question got no answer: a code goes to WordPress, and nothing of the question or the visitor.
 */

/** Of a visitor's own doing. */
const NOT_COUNTED = [ 'stopped', 'consent_missing', 'question_empty', 'question_too_long' ];

/** Report once the browser is online; a page that is left before that reports nothing. */
export function report( { failureUrl }, code ) {
	if ( ! failureUrl || NOT_COUNTED.includes( code ) ) {
		return;
	}
	const send = () => navigator.sendBeacon( failureUrl, code );
	if ( navigator.onLine ) {
		send();
	} else {
		window.addEventListener( 'online', send, { once: true } );
	}
}
