import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, test } from 'node:test';

import { DESKTOP, launch } from './browser.mjs';
import { contract } from './fake-site.mjs';

const SPACE = '<p style="height: 4000px">Something else.</p>';
let browser;
let server;
let html;

before( async () => {
	browser = await launch();
	server = createServer( ( _request, response ) => {
		response.writeHead( 200, { 'Content-Type': 'text/html; charset=utf-8' } );
		response.end( `<!doctype html>${ SPACE }${ html }${ SPACE }` );
	} ).listen( 0, '127.0.0.1' );
	await once( server, 'listening' );
} );

after( async () => {
	await browser.close();
	server.close();
} );

for ( const { fragment, quote, html: page } of contract( 'fragments' ) ) {
	test( `the browser scrolls to “${ quote.slice( 0, 40 ) }”`, async () => {
		html = page;
		const tab = await browser.newPage( { viewport: DESKTOP } );
		await tab.goto( `http://127.0.0.1:${ server.address().port }/#:~:text=${ fragment }` );
		await tab.waitForFunction( () => window.scrollY > 3000 );
		// Without the words on it, a page stays at its top.
		html = '<p>Nothing of the kind.</p>';
		await tab.goto( `http://127.0.0.1:${ server.address().port }/other#:~:text=${ fragment }` );
		assert.equal( await tab.evaluate( () => window.scrollY ), 0 );
		await tab.close();
	} );
}
