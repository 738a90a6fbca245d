/**
 * Mount: puts a box beside the script tag of the page, with what the tag says about it.
 */

import css from '../../wordpress-plugin/blocks/ask/style.css';
import { boxElement } from './markup.js';
import { filterOf, listOf } from './tag.js';

const script = document.currentScript;
const { site, title = '', label, placeholder, button, suggestions = '', contact = '', form = 'page', postType = '', term = '', shortcut } = script.dataset;
const language = script.closest( '[lang]' )?.lang ?? '';

function refuse( problem ) {
	throw new Error( `rag-ask.js: ${ problem }` );
}

if ( ! site ) {
	refuse( 'name the site in data-site' );
}
if ( ! document.body ) {
	refuse( 'put the script tag into the body, or give it the attribute defer' );
}
// Two listeners would ask each question twice.
if ( document.querySelector( '.rag-ask' ) ) {
	refuse( 'this page has a box already' );
}

const token = new URL( 'v1/token', script.src );
token.search = new URLSearchParams( { site, language } );
const filter = filterOf( postType, term );
const box = boxElement(
	{ title, label, placeholder, button, suggestions: listOf( suggestions, '|' ), contact, language, isPanel: form === 'panel' },
	{ 'token-url': token.href, ...( filter && { filter: JSON.stringify( filter ) } ), ...( shortcut && { shortcut } ) }
);

// Made by a script: no style-src of a content security policy needs to allow it.
const sheet = new CSSStyleSheet();
sheet.replaceSync( css );
document.adoptedStyleSheets.push( sheet );
document.body.contains( script ) ? script.after( box ) : document.body.append( box );
