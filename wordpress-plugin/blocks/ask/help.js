/**
 * Help: where there is no answer, what the site's own search finds, and a way to a human.
 */

import { showSources } from './answer.js';

const MAX_FOUND = 3;
const SEARCH_TIMEOUT_MS = 8000;

/** `known` are the pages that the turn names already. */
export function showHelp( turn, known ) {
	showContact( turn );
	if ( turn.box.form !== 'search' && turn.box.foundUrl ) {
		search( turn, known ).catch( () => {} );
	}
}

/** The question goes along in a mail or a form only when the visitor sends that. */
function showContact( { question, parts: { contact } } ) {
	contact.hidden = contact.childElementCount === 0;
	for ( const mail of contact.querySelectorAll( 'a[href^="mailto:"]' ) ) {
		mail.href = `${ mail.href.split( '?' )[ 0 ] }?body=${ encodeURIComponent( question ) }`;
	}
	for ( const field of contact.querySelectorAll( '[data-rag-ask-question]' ) ) {
		field.value = question;
	}
}

async function search( { box, question, parts: { found } }, known ) {
	const response = await fetch( box.foundUrl, { method: 'POST', credentials: 'omit', body: question, signal: AbortSignal.timeout( SEARCH_TIMEOUT_MS ) } );
	const pages = await response.json();
	const isNew = ( { url } ) => ! known.some( ( page ) => page.url === url );
	showSources( found, pages.filter( isNew ).slice( 0, MAX_FOUND ) );
}
