/**
 * Memory: the turns of a box survive a look at a source. In the session storage of this tab only.
 */

const MAX_TURNS = 20;
// As long as the sidecar takes the conversation.
const LIFETIME_MS = 3_600_000;

/** Somebody who logs out leaves nothing for whoever comes next: members may read more than guests. */
const isMember = () => document.body.classList.contains( 'logged-in' );

/** The panel has one conversation on all pages, a box in a page one of its own. */
function keyOf( { element, form, tokenUrl } ) {
	const place = form === 'panel' ? form : [ location.pathname + location.search, ...Array.from( document.querySelectorAll( '.rag-ask' ), ( one, index ) => ( one === element ? index : '' ) ) ].join( '' );
	return `rag-ask:${ tokenUrl }:${ place }`;
}

export function remember( box ) {
	const turns = box.turns.filter( ( { answer } ) => answer ).slice( -MAX_TURNS ).map( ( { question, answer } ) => ( { question, answer } ) );
	try {
		sessionStorage.setItem( keyOf( box ), JSON.stringify( { turns, isMember: isMember(), at: Date.now() } ) );
	} catch {
		// Storage is full or forbidden: the turns stay on the screen.
	}
}

/** The turns of before, oldest first. */
export function recall( box ) {
	try {
		const stored = JSON.parse( sessionStorage.getItem( keyOf( box ) ) );
		if ( stored && stored.isMember === isMember() && Date.now() - stored.at < LIFETIME_MS ) {
			return stored.turns;
		}
		forget( box );
	} catch {
		// The same.
	}
	return [];
}

export function forget( box ) {
	try {
		sessionStorage.removeItem( keyOf( box ) );
	} catch {
		// The same.
	}
}
