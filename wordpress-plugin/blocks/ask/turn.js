/**
 * Turn: one question and what becomes of it on the screen.
 */

import { showExcerpts, showSources, showText } from './answer.js';
import { showHelp } from './help.js';
import { element as newElement } from './layout.js';

const PARTS = [ 'question', 'status', 'text', 'sources', 'suggestions', 'found', 'further', 'contact', 'actions', 'stop', 'retry', 'copy', 'share', 'rating', 'yes', 'no', 'thanks', 'why' ];
const turns = new WeakMap();

/** The turn that an element lies in. */
export function turnOf( node ) {
	return turns.get( node.closest( '.rag-ask__answer' ) );
}

/** Add an empty turn to the conversation. */
export function addTurn( box, question ) {
	const element = box.template.content.firstElementChild.cloneNode( true );
	const turn = { box, element, question, parts: {}, clock: 0 };
	for ( const part of PARTS ) {
		turn.parts[ part ] = element.querySelector( `.rag-ask__${ part }` );
	}
	turn.parts.question.textContent = question;
	turns.set( element, turn );
	box.turns.push( turn );
	box.log.append( element );
	box.log.hidden = false;
	return turn;
}

/** Take a turn away, as if nobody had asked. */
export function removeTurn( { box, element } ) {
	element.remove();
	box.turns = box.turns.filter( ( one ) => one.element !== element );
	box.log.hidden = box.turns.length === 0;
}

/** Take away what an earlier try showed. */
export function clearTurn( turn ) {
	const { parts } = turn;
	clearInterval( turn.clock );
	turn.answer = null;
	parts.text.replaceChildren();
	for ( const list of [ parts.sources, parts.suggestions, parts.found ] ) {
		showSources( list, [] );
	}
	showFurther( parts.further, [] );
	parts.contact.hidden = true;
	parts.rating.hidden = true;
}

/** The pages that are read, before the first word. */
export function showReading( turn, sources ) {
	turn.parts.sources.ariaLabel = turn.box.texts.reading;
	showSources( turn.parts.sources, sources, turn.box.texts );
}

/** The words so far. Without addresses: each one draws the text anew, and a link would lose its focus. */
export function showDelta( turn, text, sources ) {
	showState( turn, 'streaming' );
	showText( turn.parts.text, text, sources.map( ( { number, title } ) => ( { number, title } ) ) );
}

/** The final answer (tests/contract/ask-response.json). */
export function showOutcome( turn, answer ) {
	const { box: { texts }, parts } = turn;
	const { outcome, citations, excerpts = [], suggestions = [], further_questions: further = [], images = [] } = answer;
	// Past the site's daily budget the answer is quoted too.
	const state = outcome === 'budget_exhausted' ? 'quoted' : outcome;
	const notices = { answered: '', quoted: texts.quoted_notice, unsure: texts.unsure_notice };
	const hasAnswer = state in notices;
	if ( hasAnswer && excerpts.length ) {
		showExcerpts( parts.text, excerpts, citations );
	} else {
		showText( parts.text, hasAnswer ? answer.answer : '', citations );
	}
	parts.sources.ariaLabel = texts.sources;
	showSources( parts.sources, hasAnswer ? citations : [], texts, turn.box.showsImages ? images : [] );
	showSources( parts.suggestions, hasAnswer ? [] : suggestions, texts );
	showFurther( parts.further, further );
	turn.answer = answer;
	parts.rating.hidden = ! hasAnswer || ! answer.answer_id;
	showState( turn, state, notices[ state ] ?? texts.not_on_site );
	if ( state === 'unsure' || ! hasAnswer ) {
		showHelp( turn, [ ...citations, ...suggestions ] );
	}
}

/** Questions that this site answers too: a press asks one. The style shows those of the newest turn alone. */
function showFurther( list, questions ) {
	list.hidden = questions.length === 0;
	list.replaceChildren( ...questions.map( ( question ) => {
		const button = newElement( 'button', 'starter', question );
		button.type = 'button';
		button.dataset.do = 'starter';
		button.dir = 'auto';
		const item = newElement( 'li', 'further-item' );
		item.append( button );
		return item;
	} ) );
}

/** Why there is no whole answer. Words that came stay. */
export function showFailure( turn, code, waitUntil ) {
	const { box: { texts }, parts } = turn;
	const isCut = parts.text.textContent !== '';
	if ( ! isCut ) {
		showSources( parts.sources, [] );
	}
	const isStopped = code === 'stopped';
	const reason = texts[ `error_${ code }` ] ?? texts.error_unavailable;
	showState( turn, isStopped ? code : 'error', isCut && ! isStopped ? texts.truncated : reason );
	parts.retry.hidden = false;
	turn.clock = setInterval( tick, 500, turn, waitUntil );
	tick( turn, waitUntil );
	if ( ! isCut && ! isStopped && code !== 'offline' ) {
		showHelp( turn, [] );
	}
}

function tick( { parts: { retry }, clock }, waitUntil ) {
	const seconds = Math.ceil( ( waitUntil - Date.now() ) / 1000 );
	retry.disabled = seconds > 0;
	// The style shows it: as text in a live region it would be read out every second.
	retry.dataset.wait = seconds > 0 ? seconds : '';
	if ( seconds <= 0 ) {
		clearInterval( clock );
	}
}

/** Screen readers wait until it is not busy. */
export function showState( { element, parts, box }, state, notice = '' ) {
	const isRunning = state === 'waiting' || state === 'streaming';
	const focused = parts.actions.contains( document.activeElement ) && document.activeElement;
	element.dataset.state = state;
	element.ariaBusy = state === 'streaming';
	parts.status.hidden = ! notice;
	parts.status.textContent = notice;
	parts.stop.hidden = ! isRunning;
	parts.retry.hidden = true;
	const isWhole = [ 'answered', 'quoted', 'unsure' ].includes( state );
	parts.copy.hidden = ! isWhole;
	parts.share.hidden = ! isWhole;
	if ( focused?.hidden ) {
		box.input.focus( { preventScroll: true } );
	}
}
