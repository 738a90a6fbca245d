import assert from 'node:assert/strict';
import { test } from 'node:test';

import { linkOf, placeOf } from '../../../wordpress-plugin/blocks/ask/answer.js';

const TEXTS = { page: 'page %s', note: 'Note of the site' };

const PAGE = 'https://example.org/opening-hours/';

test( 'a link leads to the quoted words, where the sidecar named them', () => {
	assert.equal( linkOf( { url: PAGE, fragment_url: `${ PAGE }#:~:text=We%20open.` } ), `${ PAGE }#:~:text=We%20open.` );
	assert.equal( linkOf( { url: PAGE } ), PAGE );
} );

test( 'only http and https become links', () => {
	const refused = [ 'javascript:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', '//example.org', '/page', 'https:', 'http:///x', '', null, undefined ];
	for ( const url of refused ) {
		assert.equal( linkOf( { url } ), null, String( url ) );
		assert.equal( linkOf( { url: PAGE, fragment_url: url ?? '' } ), null, String( url ) );
	}
	assert.equal( linkOf( { url: 'HTTPS://example.org' } ), 'HTTPS://example.org' );
} );

test( 'a source names the page of a PDF before the heading', () => {
	assert.equal( placeOf( { url: 'https://example.org/rules.pdf#page=3', heading: 'Quiet hours' }, TEXTS ), 'page 3, Quiet hours' );
	assert.equal( placeOf( { url: 'https://example.org/rules.pdf', heading: '' }, TEXTS ), '' );
	assert.equal( placeOf( { url: PAGE, heading: 'Shop' }, TEXTS ), 'Shop' );
	assert.equal( placeOf( { url: '', heading: '', kind: 'note' }, TEXTS ), 'Note of the site' );
} );
