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
 * Puts passages of pages into `target`, laid out as they are there, each with the marker of its source.
 */
export function showExcerpts( target, excerpts, sources ) {
	target.replaceChildren( ...excerpts.map( ( { number, pieces } ) => {
		const excerpt = element( 'div', 'excerpt' );
		excerpt.dir = 'auto';
		excerpt.append( ...pieces.map( layout ) );
		const source = sources.find( ( one ) => one.number === number );
		if ( source ) {
			lastText( excerpt ).append( marker( source ) );
		}
		return excerpt;
	} ) );
}

const ITEM = /^(?:• |(\d{1,3})[.)] )/;

function layout( { kind, lines } ) {
	if ( kind === 'heading' ) {
		return element( 'p', 'piece-heading', lines[ 0 ] );
	}
	if ( kind === 'list' ) {
		return listOf( lines );
	}
	return ( kind === 'table' && tableOf( lines ) ) || paragraphsOf( lines );
}

function paragraphsOf( lines ) {
	const block = element( 'div', 'piece' );
	block.append( ...lines.map( ( line ) => element( 'p', 'line', line ) ) );
	return block;
}

function listOf( lines ) {
	const list = element( ITEM.exec( lines[ 0 ] )?.[ 1 ] ? 'ol' : 'ul', 'piece' );
	list.append( ...lines.map( ( line ) => {
		const item = element( 'li', 'line', line.replace( ITEM, '' ) );
		const number = ITEM.exec( line )?.[ 1 ];
		if ( number ) {
			item.value = number;
		}
		return item;
	} ) );
	return list;
}

/** Rows are `Name: value; Name: value`. Those that do not all have the same names are no table. */
function tableOf( lines ) {
	const rows = lines.map( ( line ) => line.split( '; ' ).map( ( cell ) => cell.split( /: (.*)/s ) ) );
	const names = rows[ 0 ].map( ( [ name ] ) => name );
	const isRow = ( row ) => row.length === names.length && row.every( ( [ name, value ], index ) => name === names[ index ] && value );
	if ( names.length < 2 || rows.length < 2 || ! rows.every( isRow ) ) {
		return null;
	}
	const table = element( 'table', 'piece' );
	table.createTHead().insertRow().append( ...names.map( ( name ) => element( 'th', 'name', name ) ) );
	for ( const row of rows ) {
		table.insertRow().append( ...row.map( ( [ , value ] ) => element( 'td', 'value', value ) ) );
	}
	return table;
}

function lastText( node ) {
	const texts = node.querySelectorAll( '.rag-ask__line, .rag-ask__value, .rag-ask__piece-heading' );
	return texts[ texts.length - 1 ] ?? node;
}

/**
 * Where in a source the quoted words are: its page, when it is a PDF, and its heading.
 */
export function placeOf( { url, heading }, pageText ) {
	const page = /#page=(\d+)$/.exec( url );
	return [ page ? pageText.replace( '%s', page[ 1 ] ) : '', heading ].filter( Boolean ).join( ', ' );
}

/**
 * Fills the list with the sources that the answer cites, under the numbers of its markers; suggestions have none.
 */
export function showSources( list, citations, pageText ) {
	list.hidden = citations.length === 0;
	list.replaceChildren( ...citations.map( ( citation ) => {
		const item = element( 'li', 'source' );
		item.value = citation.number;
		item.dir = 'auto';
		item.append( link( citation, citation.title || citation.url ) );
		const place = placeOf( citation, pageText );
		if ( place ) {
			item.append( element( 'span', 'heading', place ) );
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
