/**
 * Markup: the parts of a box, as includes/ask/class-ask-markup.php prints them. A browser test compares the two.
 */

import { MAX_QUESTION_CHARACTERS, answerTexts, translate } from './texts.js';

const ID = 'rag-ask-1';
const REASONS = [ 'It is wrong.', 'Something is missing.', 'It is out of date.', 'It is not what I asked.' ];

/** An element. An attribute that is true has no value; one that is false or not given is left out. */
function make( tag, name, attributes = {}, ...children ) {
	const element = document.createElement( tag );
	if ( name ) {
		element.className = `rag-ask__${ name.replaceAll( ' ', ' rag-ask__' ) }`;
	}
	for ( const [ key, value ] of Object.entries( attributes ) ) {
		if ( value !== false && value !== undefined ) {
			element.setAttribute( key, value === true ? '' : value );
		}
	}
	element.append( ...children );
	return element;
}

function themed( button ) {
	button.classList.add( 'wp-element-button' );
	return button;
}

/**
 * The whole box.
 *
 * `tag`: what the script tag says. `data`: data attributes of the box, beside those that each box has.
 */
export function boxElement( tag, data ) {
	const say = ( text ) => translate( text, tag.language );
	const form = tag.isPanel ? 'panel' : 'page';
	const texts = { label: tag.label || say( 'Ask this site' ), placeholder: tag.placeholder || say( 'Type a question' ), button: tag.button || say( 'Ask' ) };
	const box = make( 'div', '', { class: tag.isPanel ? 'rag-ask--panel rag-ask' : 'rag-ask' } );
	Object.entries( { ...data, form, texts: JSON.stringify( answerTexts( tag.language ) ) } ).forEach( ( [ name, value ] ) => box.setAttribute( `data-${ name }`, value ) );
	const template = make( 'template', 'template' );
	template.content.append( turn( tag, say ) );
	const log = make( 'div', 'log', { id: `${ ID }-log`, role: 'log', 'aria-label': say( 'Answers' ), 'aria-live': 'polite', hidden: true } );
	const inner = [ log, questionForm( tag, texts, say ), template ];
	if ( tag.isPanel ) {
		box.append( ...panel( tag.title || texts.label, inner, say ) );
	} else {
		box.append( ...( tag.title ? [ make( 'h2', 'title', {}, tag.title ) ] : [] ), ...inner );
	}
	return box;
}

function panel( title, inner, say ) {
	return [
		themed( make( 'button', 'open', { type: 'button', 'data-do': 'open', 'aria-haspopup': 'dialog', hidden: true }, title ) ),
		make( 'dialog', 'dialog', { 'aria-labelledby': `${ ID }-title` },
			make( 'div', 'bar', {},
				make( 'h2', 'title', { id: `${ ID }-title` }, title ),
				make( 'button', 'action close', { type: 'button', 'data-do': 'close', 'aria-label': say( 'Close' ) }, '×' )
			),
			...inner
		),
	];
}

function questionForm( { suggestions }, { label, placeholder, button }, say ) {
	const name = 'rag_ask_question';
	const starters = suggestions.map( ( question ) => make( 'li', '', {},
		make( 'button', 'starter', { type: 'submit', name, value: question, formnovalidate: true, 'data-do': 'starter', dir: 'auto' }, question )
	) );
	return make( 'form', 'form', { method: 'post', action: `#${ ID }-log` },
		make( 'label', 'label', { for: ID }, label ),
		make( 'div', 'row', {},
			make( 'input', 'input', { id: ID, name, type: 'text', value: '', maxlength: MAX_QUESTION_CHARACTERS, required: true, autocomplete: 'off', enterkeyhint: 'send', dir: 'auto', placeholder } ),
			themed( make( 'button', 'button', { type: 'submit' }, button ) )
		),
		make( 'input', '', { type: 'hidden', name: 'rag_ask_box', value: ID } ),
		make( 'p', 'note', { role: 'alert', hidden: true } ),
		...( starters.length > 0 ? [ make( 'ul', 'starters', { 'aria-label': say( 'Suggested questions' ) }, ...starters ) ] : [] ),
		make( 'button', 'action fresh', { type: 'button', 'data-do': 'fresh', hidden: true }, say( 'New conversation' ) )
	);
}

function turn( { contact }, say ) {
	const list = ( tag, name, label ) => make( tag, name, { 'aria-label': say( label ), hidden: true } );
	const href = /^[^/:]+@[^/]+$/.test( contact ) ? `mailto:${ contact }` : contact;
	return make( 'article', 'answer', { 'data-state': '', 'aria-busy': 'false' },
		make( 'p', 'question', { dir: 'auto' } ),
		make( 'p', 'status' ),
		make( 'div', 'text', { dir: 'auto' } ),
		list( 'ol', 'sources', 'Sources' ),
		list( 'ul', 'suggestions', 'Perhaps these pages help' ),
		list( 'ul', 'found', 'Found by the search of this site' ),
		make( 'div', 'contact', { hidden: true }, ...( contact ? [ make( 'a', '', { href }, say( 'Ask a person' ) ) ] : [] ) ),
		actions( say ),
		rating( say ),
		list( 'ul', 'further', 'Ask further' )
	);
}

function actions( say ) {
	const button = ( name, label ) => make( 'button', `action ${ name }`, { type: 'button', 'data-do': name, hidden: true }, say( label ) );
	return make( 'div', 'actions', { 'aria-live': 'off' },
		button( 'stop', 'Stop' ),
		button( 'retry', 'Try again' ),
		button( 'copy', 'Copy with sources' ),
		button( 'share', 'Copy a link to this question' )
	);
}

function rating( say ) {
	const button = ( name, value, label ) => make( 'button', `action ${ name }`, { type: 'button', 'data-do': name, value }, say( label ) );
	const reasons = REASONS.map( say ).map( ( reason ) => make( 'label', '', {}, make( 'input', '', { type: 'checkbox', value: reason } ), ` ${ reason }` ) );
	return make( 'div', 'rating', { 'aria-live': 'off', hidden: true },
		make( 'p', '', {}, `${ say( 'Did this help?' ) } `, button( 'yes', 'up', 'Yes' ), ' ', button( 'no', 'down', 'No' ), ' ', make( 'span', 'thanks', { role: 'status' } ) ),
		make( 'form', 'why', { hidden: true },
			make( 'fieldset', '', {}, make( 'legend', '', {}, say( 'What was wrong?' ) ), ...reasons ),
			make( 'label', '', {}, say( 'In your words, if you like' ), make( 'textarea', '', { rows: 2, maxlength: 300, dir: 'auto' } ) ),
			themed( make( 'button', 'send', { type: 'submit' }, say( 'Send' ) ) )
		)
	);
}
