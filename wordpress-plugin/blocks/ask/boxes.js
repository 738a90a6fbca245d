/**
 * Box: an element of the page -> its parts, its texts and what it is doing.
 */

const boxes = new WeakMap();

/** The box that an element lies in; a script may have added it just now. */
export function boxOf( node ) {
	const element = node.closest( '.rag-ask' );
	if ( element && ! boxes.has( element ) ) {
		boxes.set( element, newBox( element ) );
	}
	return boxes.get( element );
}

function newBox( element ) {
	const { tokenUrl, foundUrl, failureUrl, form = 'page', filter, ask, images } = element.dataset;
	const box = { element, tokenUrl, foundUrl, failureUrl, form, ask, texts: JSON.parse( element.dataset.texts ), turns: [], conversation: '', waitUntil: 0 };
	box.showsImages = Boolean( images );
	box.filter = filter ? JSON.parse( filter ) : undefined;
	for ( const part of [ 'input', 'note', 'log', 'starters', 'fresh', 'template', 'dialog', 'open' ] ) {
		box[ part ] = element.querySelector( `.rag-ask__${ part }` );
	}
	return box;
}

/** Tell the page's own scripts, such as those that count. No text of a visitor or of the site goes along. */
export function tell( box, name, detail ) {
	box.element.dispatchEvent( new CustomEvent( `rag-ask:${ name }`, { bubbles: true, detail: { form: box.form, ...detail } } ) );
}

/** What lies above the page takes the page's colours. They may have changed since: some themes have a switch for a dark mode. */
export function takeColours( { element } ) {
	const { backgroundColor, color } = getComputedStyle( document.body );
	const isOpaque = ! /rgba|\//.test( backgroundColor );
	element.style.setProperty( '--rag-ask-page-background', isOpaque ? backgroundColor : '' );
	element.style.setProperty( '--rag-ask-page-color', isOpaque ? color : '' );
}

/** Say something below the form; an empty text says nothing. */
export function note( box, text = '' ) {
	box.note.textContent = text;
	box.note.hidden = ! text;
}
