/**
 * Dialog: the box in a panel above the page, opened by a button or by keys.
 */

import { boxOf, takeColours } from './boxes.js';
import { stop } from './conversation.js';

export function openDialog( box ) {
	if ( ! box.dialog.open ) {
		takeColours( box );
		box.dialog.showModal();
		box.input.focus();
	}
}

export function listenForDialogs() {
	document.addEventListener( 'keydown', ( event ) => {
		const element = document.querySelector( '.rag-ask[data-shortcut]' );
		if ( element && event.key === element.dataset.shortcut && ( event.ctrlKey || event.metaKey ) && ! event.altKey && ! event.shiftKey ) {
			event.preventDefault();
			openDialog( boxOf( element ) );
		}
	} );
	// The event does not bubble.
	document.addEventListener( 'cancel', ( event ) => {
		const box = event.target.matches?.( '.rag-ask__dialog' ) && boxOf( event.target );
		if ( box?.running ) {
			event.preventDefault();
			stop( box );
		}
	}, true );
	document.addEventListener( 'click', ( { target } ) => {
		// A click beside the panel hits the dialog itself.
		if ( target.matches( '.rag-ask__dialog' ) ) {
			target.close();
		}
	} );
}
