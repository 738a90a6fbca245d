/**
 * Tag: the lists in the attributes of the script tag.
 */

/** `'a, b'` -> `[ 'a', 'b' ]`. */
export function listOf( text, separator = ',' ) {
	return text.split( separator ).map( ( item ) => item.trim() ).filter( Boolean );
}

/** What the box is limited to, as the shortcode says it (tests/contract/ask-request.json); undefined for nothing. */
export function filterOf( postTypes, terms ) {
	const filter = {};
	const types = listOf( postTypes );
	if ( types.length > 0 ) {
		filter.types = types;
	}
	if ( listOf( terms ).length > 0 ) {
		filter.terms = listOf( terms ).map( termOf );
	}
	return types.length > 0 || filter.terms ? filter : undefined;
}

/** `'product_cat:Tea'`; without a taxonomy it is a category. */
function termOf( text ) {
	const at = text.indexOf( ':' );
	return at < 0 ? { taxonomy: 'category', name: text } : { taxonomy: text.slice( 0, at ).trim(), name: text.slice( at + 1 ).trim() };
}
