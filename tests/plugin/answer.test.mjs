import assert from 'node:assert/strict';
import { test } from 'node:test';

import { linkOf } from '../../wordpress-plugin/blocks/ask/answer.js';

const PAGE = 'https://example.org/opening-hours/';

test( 'a link leads to the quoted words', () => {
	assert.equal( linkOf( { url: PAGE, quote: 'We open at seven.' } ), `${ PAGE }#:~:text=We%20open%20at%20seven.` );
} );

test( 'a fragment that is there stays', () => {
	assert.equal( linkOf( { url: `${ PAGE }#shop`, quote: 'We open.' } ), `${ PAGE }#shop:~:text=We%20open.` );
} );

test( 'the signs that a text fragment is made of are encoded', () => {
	assert.equal( linkOf( { url: PAGE, quote: 'sour-dough, rye & more' } ), `${ PAGE }#:~:text=sour%2Ddough%2C%20rye%20%26%20more` );
} );

test( 'a long quote is named by its two ends', () => {
	const quote = Array.from( { length: 40 }, ( _, index ) => `w${ index }` ).join( ' ' );
	assert.equal( linkOf( { url: PAGE, quote } ), `${ PAGE }#:~:text=w0%20w1%20w2%20w3%20w4,w35%20w36%20w37%20w38%20w39` );
} );

test( 'a source without a quote links to its page', () => {
	assert.equal( linkOf( { url: PAGE } ), PAGE );
	assert.equal( linkOf( { url: PAGE, quote: ' … ' } ), PAGE );
} );

test( 'only http and https become links', () => {
	const refused = [ 'javascript:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', '//example.org', '/page', 'https:', 'http:///x', '', null, undefined ];
	for ( const url of refused ) {
		assert.equal( linkOf( { url, quote: 'words' } ), null, String( url ) );
	}
	assert.equal( linkOf( { url: 'HTTPS://example.org' } ), 'HTTPS://example.org' );
} );
