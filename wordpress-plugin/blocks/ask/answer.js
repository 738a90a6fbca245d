/**
 * Answer: text and citations -> DOM nodes. Nothing here ever becomes HTML.
 */

const MARKER = /\[(\d+)\]/;

/**
 * The address of a source's page, scrolled to the quoted words where the browser can;
 * null for anything but http and https.
 */
export function linkOf( { url, fragment_url: fragmentUrl = url } ) {
	return /^https?:\/\/[^/]/i.test( fragmentUrl ) ? fragmentUrl : null;
}

/**
 * Puts the text into `target`, with each marker [n] of a known source as a superscript link.
 */
export function showText( target, text, sources ) {
	const nodes = text.split( MARKER ).map( ( part, index, parts ) => {
		const sourceOf = ( number ) => sources.find( ( source ) => String( source.number ) === number );
		if ( index % 2 === 0 ) {
			return sourceOf( parts[ index + 1 ] ) ? part.trimEnd() : part;
		}
		return sourceOf( part ) ? marker( sourceOf( part ) ) : `[${ part }]`;
	} );
	target.replaceChildren( ...nodes );
}

/**
 * Fills the list with the sources that the answer cites, under the numbers of its markers; suggestions have none.
 */
export function showSources( list, citations ) {
	list.hidden = citations.length === 0;
	list.replaceChildren( ...citations.map( ( citation ) => {
		const item = element( 'li', 'source' );
		item.value = citation.number;
		item.dir = 'auto';
		item.append( link( citation, citation.title || citation.url ) );
		if ( citation.heading ) {
			item.append( element( 'span', 'heading', citation.heading ) );
		}
		if ( citation.quote ) {
			item.append( element( 'q', 'quote', citation.quote ) );
		}
		return item;
	} ) );
}

function marker( source ) {
	const node = element( 'sup', 'marker' );
	node.append( link( source, source.number ) );
	node.title = source.title;
	return node;
}

function link( source, text ) {
	const href = linkOf( source );
	const node = element( href ? 'a' : 'span', 'link', text );
	if ( href ) {
		node.href = href;
	}
	return node;
}

function element( name, className, text = '' ) {
	const node = document.createElement( name );
	node.className = `rag-ask__${ className }`;
	node.textContent = text;
	return node;
}
