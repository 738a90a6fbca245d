/**
 * Share: an answer with its sources as text, and a link that asks the same question.
 */

import { linkOf } from './answer.js';
import { element } from './layout.js';

const SAID_MS = 2000;
const KEY = '#rag-ask=';

/** Copy the answer, and say so on the button. */
export function copyAnswer( { parts, answer, box } ) {
	const sources = answer.citations.map( ( { number, title, url } ) => `[${ number }] ${ title } ${ linkOf( { url } ) ?? '' }` );
	copy( parts.copy, [ textOf( answer ), sources.join( '\n' ) ].join( '\n\n' ), box.texts.copied );
}

/** Copy an address of this page. What follows # reaches no server and no page cache. */
export function copyLink( { parts, question, box } ) {
	copy( parts.share, location.href.split( '#' )[ 0 ] + KEY + encodeURIComponent( question ), box.texts.copied );
}

/** The question that the page's address asks. */
export function sharedQuestion() {
	try {
		return location.hash.startsWith( KEY ) ? decodeURIComponent( location.hash.slice( KEY.length ) ).trim() : '';
	} catch {
		return '';
	}
}

function textOf( { answer, excerpts = [] } ) {
	return answer || excerpts.flatMap( ( { number, pieces } ) => [ ...pieces.flatMap( ( { lines } ) => lines ), `[${ number }]` ] ).join( '\n' );
}

async function copy( button, text, said ) {
	if ( navigator.clipboard ) {
		await navigator.clipboard.writeText( text );
	} else {
		copySelected( button, text );
	}
	const label = button.textContent;
	if ( label !== said ) {
		button.textContent = said;
		setTimeout( () => ( button.textContent = label ), SAID_MS );
	}
}

/** On a page by HTTP, where browsers have no clipboard for scripts. Beside the button, because all else is inert while the panel is open. */
function copySelected( button, text ) {
	const field = element( 'textarea', 'copied', text );
	button.after( field );
	field.select();
	document.execCommand( 'copy' );
	field.remove();
	button.focus();
}
