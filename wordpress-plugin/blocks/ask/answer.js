/**
 * Answer: text, passages and citations -> DOM nodes. Nothing here ever becomes HTML.
 */

import { element, lastText, pieceNode, textNodes } from './layout.js';

const INLINE = /(\*\*[^*\n]+\*\*|(?<![\w*])\*\w[^*\n]*\*(?![\w*])|`[^`\n]+`|\[\d{1,3}\])/;
const EMPHASIS = /^(\*\*?)([^*]+)\1$/;

/** Node of a marker -> its citation, for the card that quotes it. */
export const citationOf = new WeakMap();

/**
 * The address of a source's page, scrolled to the quoted words where the browser can;
 * null for anything but http and https.
 */
export function linkOf( { url, fragment_url: fragmentUrl = url } ) {
	return /^https?:\/\/[^/]/i.test( fragmentUrl ) ? fragmentUrl : null;
}

/**
 * Puts the text into `target`, laid out, with each marker [n] of a known source as a superscript link.
 */
export function showText( target, text, sources ) {
	target.replaceChildren( ...textNodes( text, ( line ) => inlineNodes( line, sources ) ) );
}

function inlineNodes( line, sources ) {
	const sourceOf = ( part ) => sources.find( ( source ) => part === `[${ source.number }]` );
	return line.split( INLINE ).map( ( part, index, parts ) => {
		if ( index % 2 === 0 ) {
			return sourceOf( parts[ index + 1 ] ) ? part.trimEnd() : part;
		}
		const [ , stars, emphasized ] = EMPHASIS.exec( part ) ?? [];
		if ( stars ) {
			const node = element( stars === '*' ? 'em' : 'strong', 'emphasis' );
			node.append( ...inlineNodes( emphasized, sources ) );
			return node;
		}
		if ( part.startsWith( '`' ) ) {
			return element( 'code', 'code', part.slice( 1, -1 ) );
		}
		return sourceOf( part ) ? marker( sourceOf( part ) ) : part;
	} );
}

/**
 * Puts passages of pages into `target`, laid out as they are there, each with the marker of its source.
 */
export function showExcerpts( target, excerpts, sources ) {
	target.replaceChildren( ...excerpts.map( ( { number, pieces } ) => {
		const excerpt = element( 'div', 'excerpt' );
		excerpt.dir = 'auto';
		excerpt.append( ...pieces.map( pieceNode ) );
		const source = sources.find( ( one ) => one.number === number );
		if ( source ) {
			lastText( excerpt ).append( marker( source ) );
		}
		return excerpt;
	} ) );
}

/**
 * Where in a source the quoted words are: its page, when it is a PDF, and its heading; or that the owner wrote them.
 */
export function placeOf( { url, heading, kind }, { page: pageText, note } ) {
	const page = /#page=(\d+)$/.exec( url );
	return [ kind === 'note' ? note : '', page ? pageText.replace( '%s', page[ 1 ] ) : '', heading ].filter( Boolean ).join( ', ' );
}

/**
 * Fills the list with sources, under the numbers of their markers; suggestions have none. The focus stays on its source.
 * `images` are shown beside the sources of their numbers.
 */
export function showSources( list, sources, texts = {}, images = [] ) {
	const focused = list.contains( document.activeElement ) ? document.activeElement.closest( 'li' ).value : 0;
	list.hidden = sources.length === 0;
	list.replaceChildren( ...sources.map( ( source ) => {
		const item = element( 'li', 'source' );
		item.value = source.number;
		item.append( ...pictures( images.filter( ( { number } ) => number === source.number ) ), link( source, source.title || source.url ) );
		const place = placeOf( source, texts );
		if ( place ) {
			item.append( ' · ', element( 'bdi', 'heading', place ) );
		}
		if ( source.quote ) {
			item.append( element( 'q', 'quote', source.quote ) );
			item.lastChild.dir = 'auto';
		}
		return item;
	} ) );
	if ( focused ) {
		Array.from( list.children ).find( ( item ) => item.value === focused )?.querySelector( 'a' )?.focus();
	}
}

/** Of this site's own address alone: another one would learn who asks. */
function pictures( images ) {
	return images.filter( ( { url } ) => url.startsWith( `${ location.origin }/` ) ).map( ( { url, alt, width, height } ) => {
		const image = element( 'img', 'image' );
		Object.assign( image, { loading: 'lazy', alt, width, height, src: url } );
		image.addEventListener( 'error', () => image.remove() );
		return image;
	} );
}

function marker( source ) {
	const node = element( 'sup', 'marker' );
	node.append( link( source, source.number ) );
	citationOf.set( node, source );
	return node;
}

function link( source, text ) {
	const href = linkOf( source );
	const node = element( href ? 'a' : 'span', 'link', text );
	node.dir = 'auto';
	if ( href ) {
		node.href = href;
	}
	return node;
}
