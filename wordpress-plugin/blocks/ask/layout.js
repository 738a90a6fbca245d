/**
 * Layout: the text of an answer, or the pieces of a passage -> DOM nodes. Nothing here ever becomes HTML.
 */

export function element( name, className, text = '' ) {
	const node = document.createElement( name );
	node.className = `rag-ask__${ className }`;
	node.textContent = text;
	return node;
}

const NUMBER = /^\s{0,9}(\d{1,3})[.)]\s+/;
const ITEM = /^\s{0,9}(?:[-*+•]|(\d{1,3})[.)])\s+/;
const HEADING = /^#{1,6}\s+/;
const FENCE = /^\s{0,3}```/;
const ROW = /^\s*\|.*\|\s*$/;
const RULE = /^[\s|:-]+$/;

/** The nodes of a model's text: the Markdown that models write, without links and images. `inline` makes the nodes of a line. */
export function textNodes( text, inline ) {
	const lines = text.split( '\n' );
	const nodes = [];
	while ( lines.length > 0 ) {
		const kind = KINDS.find( ( { begins } ) => begins( lines[ 0 ] ) );
		const taken = [ lines.shift() ];
		while ( lines.length > 0 && kind.goesOn( lines[ 0 ], taken, lines[ 1 ] ) ) {
			taken.push( lines.shift() );
		}
		nodes.push( ...[ kind.build( taken, inline ) ?? [] ].flat() );
	}
	return nodes;
}

/** The node of a piece of the wire: a heading, a list, a table or a paragraph. */
export function pieceNode( { kind, lines } ) {
	if ( kind === 'heading' ) {
		return element( 'p', 'piece-heading', lines[ 0 ] );
	}
	if ( kind === 'list' ) {
		return listOf( lines, plain );
	}
	return ( kind === 'table' && tableOfNames( lines ) ) || paragraphsOf( lines );
}

/** Where the marker of an excerpt goes: behind its last words. */
export function lastText( node ) {
	const texts = node.querySelectorAll( '.rag-ask__line, .rag-ask__value, .rag-ask__piece-heading' );
	return texts[ texts.length - 1 ] ?? node;
}

const plain = ( text ) => [ text ];
const isBlank = ( line ) => line.trim() === '';
const isSameList = ( line, taken ) => ITEM.test( line ) && NUMBER.test( line ) === NUMBER.test( taken[ 0 ] );

const KINDS = [
	{ begins: isBlank, goesOn: isBlank, build: () => null },
	{
		begins: ( line ) => FENCE.test( line ),
		goesOn: ( line, taken ) => taken.length < 2 || ! FENCE.test( taken[ taken.length - 1 ] ),
		build: codeOf,
	},
	{ begins: ( line ) => HEADING.test( line ), goesOn: () => false, build: ( [ line ], inline ) => filled( 'p', 'piece-heading', inline( line.replace( HEADING, '' ) ) ) },
	{ begins: ( line ) => ROW.test( line ), goesOn: ( line ) => ROW.test( line ), build: tableOfCells },
	{
		begins: ( line ) => ITEM.test( line ),
		// A blank line between two items does not end their list.
		goesOn: ( line, taken, next = '' ) => isSameList( line, taken ) || ( isBlank( line ) && isSameList( next, taken ) ),
		build: ( lines, inline ) => listOf( lines.filter( ( line ) => ! isBlank( line ) ), inline ),
	},
	{
		begins: () => true,
		goesOn: ( line ) => ! KINDS.slice( 0, -1 ).some( ( { begins } ) => begins( line ) ),
		build: ( lines, inline ) => filled( 'p', 'line', inline( lines.join( '\n' ) ) ),
	},
];

function filled( name, className, nodes ) {
	const node = element( name, className );
	node.append( ...nodes );
	return node;
}

function codeOf( lines ) {
	const end = lines.length > 1 && FENCE.test( lines[ lines.length - 1 ] ) ? -1 : undefined;
	const block = element( 'pre', 'piece' );
	block.dir = 'ltr';
	block.tabIndex = 0; // It scrolls.
	block.append( element( 'code', 'code', lines.slice( 1, end ).join( '\n' ) ) );
	return block;
}

function paragraphsOf( lines ) {
	return filled( 'div', 'piece', lines.map( ( line ) => element( 'p', 'line', line ) ) );
}

function listOf( lines, inline ) {
	const items = lines.map( ( line ) => {
		const item = filled( 'li', 'line', inline( line.replace( ITEM, '' ) ) );
		const number = NUMBER.exec( line )?.[ 1 ];
		if ( number ) {
			item.value = number;
		}
		return item;
	} );
	return filled( NUMBER.test( lines[ 0 ] ) ? 'ol' : 'ul', 'piece', items );
}

function tableOfCells( lines, inline ) {
	const rows = lines.filter( ( line ) => ! RULE.test( line ) ).map( ( line ) => line.trim().slice( 1, -1 ).split( '|' ).map( ( cell ) => inline( cell.trim() ) ) );
	// Of one that has only begun there is the head alone.
	return rows.length > 0 ? tableOf( rows[ 0 ], rows.slice( 1 ) ) : null;
}

/** Rows are `Name: value; Name: value`. Those that do not all have the same names are no table. */
function tableOfNames( lines ) {
	const rows = lines.map( ( line ) => line.split( '; ' ).map( ( cell ) => cell.split( /: (.*)/s ) ) );
	const names = rows[ 0 ].map( ( [ name ] ) => name );
	const isRow = ( row ) => row.length === names.length && row.every( ( [ name, value ], index ) => name === names[ index ] && value );
	if ( names.length < 2 || rows.length < 2 || ! rows.every( isRow ) ) {
		return null;
	}
	return tableOf( names.map( plain ), rows.map( ( row ) => row.map( ( [ , value ] ) => [ value ] ) ) );
}

function tableOf( names, rows ) {
	const table = element( 'table', 'piece' );
	table.createTHead().insertRow().append( ...names.map( ( nodes ) => filled( 'th', 'name', nodes ) ) );
	const body = table.createTBody();
	for ( const row of rows ) {
		body.insertRow().append( ...row.map( ( nodes ) => filled( 'td', 'value', nodes ) ) );
	}
	return table;
}
