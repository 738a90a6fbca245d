/**
 * Main: what a visitor does with a box -> who does it. One listener serves every box, later ones too.
 */

import { prepare } from './ask.js';
import { boxOf } from './boxes.js';
import { listenForCards } from './card.js';
import { dropTurns, run, showForm, startAnew, stop, submit } from './conversation.js';
import { listenForDialogs, openDialog } from './dialog.js';
import { recall } from './memory.js';
import { sendComment, sendRating } from './rating.js';
import { copyAnswer, copyLink, sharedQuestion } from './share.js';
import { addTurn, showOutcome, turnOf } from './turn.js';

const ACTIONS = {
	stop: ( box ) => stop( box ),
	retry: ( box, button ) => run( box, turnOf( button ) ),
	copy: ( _box, button ) => copyAnswer( turnOf( button ) ),
	share: ( _box, button ) => copyLink( turnOf( button ) ),
	yes: ( _box, button ) => sendRating( turnOf( button ), button ),
	no: ( _box, button ) => sendRating( turnOf( button ), button ),
	fresh: startAnew,
	starter: ( box, button ) => submit( box, button.textContent ),
	open: openDialog,
	close: ( box ) => box.dialog.close(),
};

document.addEventListener( 'click', ( event ) => {
	const button = event.target.closest( '.rag-ask button[data-do]' );
	if ( button ) {
		event.preventDefault();
		ACTIONS[ button.dataset.do ]( boxOf( button ), button );
	}
} );

document.addEventListener( 'submit', ( event ) => {
	const box = boxOf( event.target );
	if ( box && event.target.matches( '.rag-ask__form' ) ) {
		event.preventDefault();
		submit( box );
	} else if ( box && event.target.matches( '.rag-ask__why' ) ) {
		event.preventDefault();
		sendComment( turnOf( event.target ) );
	}
} );

document.addEventListener( 'keydown', ( { key, target } ) => {
	const box = key === 'Escape' && boxOf( target );
	if ( box && ! box.dialog ) {
		stop( box );
	}
} );

// The first request of a page: before it nobody has touched the box.
document.addEventListener( 'focusin', ( { target } ) => {
	if ( target.matches( '.rag-ask__input' ) ) {
		prepare( boxOf( target ).tokenUrl );
	}
} );

function start() {
	for ( const box of allBoxes() ) {
		try {
			restore( box );
		} catch {
			dropTurns( box ); // Of another version of this script.
		}
		box.open?.removeAttribute( 'hidden' );
		if ( box.ask && ! sharedQuestion() ) {
			askOnce( box, box.ask );
		}
	}
	askShared();
}

const allBoxes = () => Array.from( document.querySelectorAll( '.rag-ask' ), boxOf );

/** A box in the page goes before the panel above it. */
function askShared() {
	const box = allBoxes().sort( ( one, other ) => Boolean( one.dialog ) - Boolean( other.dialog ) )[ 0 ];
	if ( box && sharedQuestion() ) {
		askOnce( box, sharedQuestion() );
	}
}

/** A question that the page's address asks; not again when the visitor comes back. */
function askOnce( box, question ) {
	if ( box.turns[ box.turns.length - 1 ]?.question !== question ) {
		if ( box.dialog ) {
			openDialog( box );
		}
		submit( box, question, question === box.ask );
	}
}

function restore( box ) {
	const turns = recall( box );
	// Not news: screen readers need not read it out.
	box.log.ariaLive = 'off';
	for ( const { question, answer } of turns ) {
		showOutcome( addTurn( box, question ), answer );
		box.conversation = answer.conversation;
	}
	if ( turns.length > 0 ) {
		showForm( box );
	}
	setTimeout( () => ( box.log.ariaLive = 'polite' ) );
}

window.addEventListener( 'hashchange', askShared );
listenForCards();
listenForDialogs();
if ( document.prerendering ) {
	document.addEventListener( 'prerenderingchange', start, { once: true } );
} else {
	start();
}
