/**
 * Card: the quote of a citation at its marker, on hover, focus and tap.
 */

import { citationOf } from './answer.js';
import { boxOf, takeColours } from './boxes.js';
import { element } from './layout.js';

const GAP_PX = 6;

let card = null;
let marker = null;

const markerOf = ( target ) => target.closest?.( '.rag-ask__marker' );

export function listenForCards() {
	if ( ! HTMLElement.prototype.showPopover ) {
		return;
	}
	document.addEventListener( 'pointerover', ( { target, pointerType } ) => pointerType === 'mouse' && markerOf( target ) && show( markerOf( target ) ) );
	// A card stays while the pointer is over it, so that its words can be read and marked.
	document.addEventListener( 'pointerout', ( { pointerType, relatedTarget } ) => pointerType === 'mouse' && ! isInside( relatedTarget ) && hide() );
	document.addEventListener( 'focusin', ( { target } ) => ( markerOf( target ) ? show( markerOf( target ) ) : hide() ) );
	document.addEventListener( 'pointerdown', ( { target } ) => isInside( target ) || hide() );
	document.addEventListener( 'scroll', hide, { capture: true, passive: true } );
	document.addEventListener( 'keydown', ( { key } ) => key === 'Escape' && hide() );
	document.addEventListener( 'click', tap, { capture: true } );
}

/** Fingers do not hover: the first tap shows the quote, the second one follows the link. */
function tap( event ) {
	const tapped = event.pointerType === 'touch' && markerOf( event.target );
	if ( tapped && ! tapped.dataset.tapped ) {
		event.preventDefault();
		show( tapped );
		tapped.dataset.tapped = 'yes';
	}
}

function isInside( node ) {
	return Boolean( card && node && ( card.contains( node ) || marker.contains( node ) ) );
}

function show( at ) {
	const { title, quote } = citationOf.get( at ) ?? {};
	if ( at === marker || ! quote ) {
		return;
	}
	hide();
	marker = at;
	card = element( 'div', 'card' );
	card.id = 'rag-ask-card';
	card.popover = 'manual';
	card.setAttribute( 'role', 'tooltip' );
	card.append( element( 'strong', 'card-title', title ), element( 'q', 'card-quote', quote ) );
	for ( const part of card.children ) {
		part.dir = 'auto';
	}
	takeColours( boxOf( at ) );
	at.closest( '.rag-ask__answer' ).append( card );
	at.firstChild.setAttribute( 'aria-describedby', card.id );
	card.showPopover();
	place( at.getBoundingClientRect() );
}

/** Below the marker, or above where there is more room. */
function place( { left, top, bottom } ) {
	const { width, height } = card.getBoundingClientRect();
	const { clientWidth, clientHeight } = document.documentElement;
	const isBelow = bottom + GAP_PX + height <= clientHeight || top < clientHeight - bottom;
	card.style.left = `${ Math.max( GAP_PX, Math.min( left, clientWidth - width - GAP_PX ) ) }px`;
	card.style.top = `${ isBelow ? bottom + GAP_PX : Math.max( GAP_PX, top - height - GAP_PX ) }px`;
}

function hide() {
	card?.remove();
	marker?.firstChild.removeAttribute( 'aria-describedby' );
	delete marker?.dataset.tapped;
	card = null;
	marker = null;
}
