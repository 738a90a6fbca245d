/**
 * View: a question typed into a box -> its answer below.
 */

import { showExcerpts, showSources, showText } from './answer.js';
import { AskError, ask, rate } from './ask.js';

/** Element of a box -> its parts, its texts and what it is doing. */
const boxes = new WeakMap();

// One listener serves every box, later ones too.
document.addEventListener( 'submit', ( event ) => {
	const element = event.target.closest( '.rag-ask' );
	if ( element ) {
		event.preventDefault();
		if ( ! boxes.has( element ) ) {
			boxes.set( element, boxOf( element ) );
		}
		submit( boxes.get( element ) );
	}
} );

document.addEventListener( 'click', ( { target } ) => {
	if ( target.matches( '.rag-ask__rating button' ) ) {
		const box = boxes.get( target.closest( '.rag-ask' ) );
		press( box, target );
		rate( box.answerId, target.value, box.tokenUrl ).catch( () => press( box ) );
	}
} );

/** A rating that did not arrive is not pressed. */
function press( { rating }, button ) {
	for ( const each of rating.querySelectorAll( 'button' ) ) {
		each.ariaPressed = each === button;
	}
}

function boxOf( element ) {
	const box = { tokenUrl: element.dataset.tokenUrl, texts: JSON.parse( element.dataset.texts ), waitUntil: 0, conversation: '' };
	for ( const part of [ 'input', 'answer', 'status', 'retry', 'text', 'sources', 'suggestions', 'rating' ] ) {
		box[ part ] = element.querySelector( `.rag-ask__${ part }` );
	}
	return box;
}

async function submit( box ) {
	const controller = new AbortController();
	box.controller?.abort();
	box.controller = controller;
	clear( box );
	try {
		await showAnswer( box, checkedQuestion( box ), controller );
	} catch ( error ) {
		if ( box.controller === controller ) {
			// A timeout brings its reason along; a broken connection is only a TypeError.
			showError( box, controller.signal.reason ?? error );
		}
	}
}

function clear( box ) {
	if ( document.activeElement === box.retry ) {
		box.input.focus();
	}
	box.input.scrollLeft = 0;
	clearInterval( box.clock );
	box.retry.hidden = true;
	box.text.replaceChildren();
	showSources( box.sources, [] );
	showSources( box.suggestions, [] );
	box.rating.hidden = true;
}

function checkedQuestion( { input, waitUntil } ) {
	const question = input.value.trim();
	if ( ! question ) {
		throw new AskError( 'question_empty' );
	}
	if ( Date.now() < waitUntil ) {
		throw new AskError( 'rate_limited', ( waitUntil - Date.now() ) / 1000 );
	}
	return question;
}

async function showAnswer( box, question, controller ) {
	let text = '';
	let sources = [];
	show( box, 'waiting', box.texts.thinking );
	const { conversation } = box;
	for await ( const { event, data } of ask( { question, conversation }, box.tokenUrl, controller ) ) {
		if ( event === 'sources' ) {
			// Without addresses: each delta draws the text anew, and a link would lose its focus.
			sources = data.sources.map( ( { number, title } ) => ( { number, title } ) );
		} else if ( event === 'delta' ) {
			text += data.text;
			show( box, 'streaming' );
			showText( box.text, text, sources );
		} else if ( event === 'answer' ) {
			// In memory only: the page keeps nothing of what was asked.
			box.conversation = data.conversation;
			showOutcome( box, data );
		} else if ( event !== 'done' ) {
			throw new AskError( data?.error.code ?? event );
		}
	}
}

function showOutcome( box, { outcome, answer, citations, excerpts = [], suggestions = [], answer_id: answerId } ) {
	const { not_on_site: notOnSite, quoted_notice: quotedNotice, unsure_notice: unsureNotice } = box.texts;
	// Past the site's daily budget the answer is quoted too.
	const state = outcome === 'budget_exhausted' ? 'quoted' : outcome;
	const notices = { answered: '', quoted: quotedNotice, unsure: unsureNotice };
	const hasAnswer = state in notices;
	if ( hasAnswer && excerpts.length ) {
		showExcerpts( box.text, excerpts, citations );
	} else {
		showText( box.text, hasAnswer ? answer : '', citations );
	}
	showSources( box.sources, hasAnswer ? citations : [], box.texts.page );
	showSources( box.suggestions, hasAnswer ? [] : suggestions, box.texts.page );
	box.answerId = answerId;
	box.rating.hidden = ! hasAnswer || ! answerId;
	press( box );
	show( box, state, notices[ state ] ?? notOnSite );
}

function showError( box, { code, retryAfter = 0 } ) {
	const { texts } = box;
	// Words that came stay, marked as incomplete.
	const isCut = code === 'truncated' || box.text.textContent !== '';
	show( box, 'error', isCut ? texts.truncated : texts[ `error_${ code }` ] ?? texts.error_unavailable );
	box.waitUntil = Date.now() + retryAfter * 1000;
	box.retry.hidden = /^question_/.test( code );
	if ( box.retry.hidden ) {
		box.input.focus();
	}
	box.clock = setInterval( tick, 500, box );
	tick( box );
}

function tick( { retry, waitUntil, clock } ) {
	const seconds = Math.ceil( ( waitUntil - Date.now() ) / 1000 );
	retry.disabled = seconds > 0;
	// The style shows it: as text in a live region it would be read out every second.
	retry.dataset.wait = seconds > 0 ? seconds : '';
	if ( seconds <= 0 ) {
		clearInterval( clock );
	}
}

/** Screen readers wait until it is not busy. */
function show( { answer, status }, state, notice = '' ) {
	answer.hidden = false;
	answer.dataset.state = state;
	answer.ariaBusy = state === 'streaming';
	status.hidden = ! notice;
	status.textContent = notice;
}
