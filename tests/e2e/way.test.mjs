/**
 * The other way to the sidecar, and an answer that comes as a whole.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useBox, QUESTION } from './box-fixture.mjs';
import { ask, outcome } from './browser.mjs';
import { contract, sendJson } from './fake-site.mjs';

const fixture = useBox();

test( 'a site whose streams are held back shows whole answers, through WordPress', async () => {
	const { site } = fixture;
	Object.assign( site.routes, { way: 'wordpress', streams: false } );
	site.answer = ( response ) => sendJson( response, 200, contract( 'ask-response' ) );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.match( await fixture.box.innerText(), /The shop opens at seven/ );
	assert.deepEqual( site.requests.map( ( { accept, authorization } ) => [ accept, authorization ] ), [ [ 'application/json', undefined ] ] );
} );
