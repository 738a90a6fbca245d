/**
 * Conversation: a question -> the turn that answers it, and what is remembered of the turns.
 */

import { AskError, ask } from './ask.js';
import { note, tell } from './boxes.js';
import { report } from './failures.js';
import { forget, remember } from './memory.js';
import { addTurn, clearTurn, removeTurn, showDelta, showFailure, showOutcome, showReading, showState } from './turn.js';

/** Ask what was typed, or say below the form why not. One that was asked for the visitor fails quietly. */
export async function submit( box, question = box.input.value.trim(), isQuiet = false ) {
	const { texts } = box;
	note( box );
	if ( ! question ) {
		refuse( box, texts.error_question_empty );
	} else if ( question.length > box.input.maxLength ) {
		refuse( box, texts.error_question_too_long );
	} else if ( Date.now() < box.waitUntil ) {
		refuse( box, texts.error_rate_limited );
	} else {
		box.input.value = '';
		await run( box, Object.assign( addTurn( box, question ), { isQuiet } ) );
	}
}

function refuse( box, text ) {
	note( box, text );
	box.input.focus();
}

/** Ask the question of a turn, for the first time or again. */
export async function run( box, turn ) {
	stop( box );
	const controller = new AbortController();
	box.running = { controller, turn };
	clearTurn( turn );
	showState( turn, 'waiting', box.texts.thinking );
	showForm( box );
	if ( ! turn.isQuiet ) {
		turn.element.scrollIntoView( { block: box.dialog ? 'start' : 'nearest' } );
	}
	tell( box, 'question' );
	try {
		await showAnswer( box, turn, controller );
	} catch ( error ) {
		// A timeout brings its reason along; a broken connection is only a TypeError.
		fail( box, turn, controller.signal.reason ?? error );
	}
	if ( box.running?.turn === turn && box.running.controller === controller ) {
		box.running = null;
	}
}

/** End the answer under way; its words stay. */
export function stop( box ) {
	box.running?.controller.abort( new AskError( 'stopped' ) );
}

/** Begin anew: nothing of the earlier turns goes along. */
export function startAnew( box ) {
	dropTurns( box );
	box.input.focus();
}

/** Take all turns away. */
export function dropTurns( box ) {
	stop( box );
	box.turns = [];
	box.conversation = '';
	box.log.replaceChildren();
	box.log.hidden = true;
	forget( box );
	note( box );
	showForm( box );
}

/** The form says whether it asks for the first time. */
export function showForm( box ) {
	const hasTurns = box.turns.length > 0;
	box.fresh.hidden = ! hasTurns;
	if ( box.starters ) {
		box.starters.hidden = hasTurns;
	}
	box.placeholder ??= box.input.placeholder;
	box.input.placeholder = hasTurns ? box.texts.follow_up : box.placeholder;
}

async function showAnswer( box, turn, controller ) {
	let text = '';
	let sources = [];
	const startedAt = Date.now();
	const body = { question: turn.question, conversation: box.conversation, ...( box.filter && { filter: box.filter } ) };
	for await ( const { event, data } of ask( body, box.tokenUrl, controller ) ) {
		if ( event === 'sources' ) {
			sources = data.sources;
			showReading( turn, sources );
		} else if ( event === 'delta' ) {
			text += data.text;
			showDelta( turn, text, sources );
		} else if ( event === 'answer' ) {
			box.conversation = data.conversation;
			showOutcome( turn, data );
			remember( box );
			tell( box, 'answer', { outcome: data.outcome, milliseconds: Date.now() - startedAt } );
		} else if ( event !== 'done' ) {
			throw new AskError( data?.error.code ?? event );
		}
	}
}

function fail( box, turn, { code = 'unavailable', retryAfter = 0, status = 0 } ) {
	if ( turn.answer ) {
		return; // It is whole; only the end of the stream is missing.
	}
	const reason = code !== 'stopped' && ! navigator.onLine ? 'offline' : knownReason( box, code, status );
	box.waitUntil = Math.max( box.waitUntil, Date.now() + retryAfter * 1000 );
	tell( box, 'answer', { outcome: reason } );
	report( box, reason );
	if ( turn.isQuiet && reason !== 'stopped' ) {
		box.input.value = turn.question;
		removeTurn( turn );
		showForm( box );
	} else {
		showFailure( turn, reason, reason === 'stopped' ? 0 : box.waitUntil );
	}
}

/** A code that the texts know; otherwise whether it was refused at all. */
function knownReason( { texts }, code, status ) {
	if ( `error_${ code }` in texts || code === 'truncated' ) {
		return code;
	}
	return status === 401 || status === 403 ? 'refused' : 'unavailable';
}
