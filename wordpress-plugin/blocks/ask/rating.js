/**
 * Rating: yes or no, thanks, and after a no why.
 */

import { rate } from './ask.js';
import { tell } from './boxes.js';

const MAX_COMMENT_CHARACTERS = 500;

/** Send yes or no. One that did not arrive is not pressed. */
export async function sendRating( turn, button ) {
	const { box, answer, parts } = turn;
	turn.rating = button.value;
	press( parts, button );
	parts.why.hidden = button.value !== 'down';
	try {
		await rate( { answer_id: answer.answer_id, rating: button.value }, box.tokenUrl );
		parts.thanks.textContent = box.texts.thanks;
		tell( box, 'feedback', { rating: button.value } );
	} catch {
		press( parts );
		parts.thanks.textContent = '';
		parts.why.hidden = true;
	}
}

/** Send why. The reasons stand before the visitor's own words. */
export async function sendComment( { box, answer, rating, parts: { why, thanks, no } } ) {
	const reasons = Array.from( why.querySelectorAll( ':checked' ), ( { value } ) => value );
	const comment = [ ...reasons, why.querySelector( 'textarea' ).value.trim() ].filter( Boolean ).join( ' ' );
	if ( ! comment ) {
		return;
	}
	try {
		await rate( { answer_id: answer.answer_id, rating, comment: comment.slice( 0, MAX_COMMENT_CHARACTERS ) }, box.tokenUrl );
		thanks.textContent = box.texts.thanks;
		no.focus();
		why.hidden = true;
		tell( box, 'feedback', { rating, hasComment: true } );
	} catch {
		thanks.textContent = box.texts.not_sent;
	}
}

function press( { yes, no }, button ) {
	for ( const each of [ yes, no ] ) {
		each.ariaPressed = each === button;
	}
}
