/**
 * Reads documents as JSON and prints what a guest sees on the pages of each: its title and its content.
 */

import { readFileSync } from 'node:fs';

import { chromium } from 'playwright-core';

// What docs/owners/content.md says is not read.
const LEFT_OUT = 'input, select, textarea, button, form label, nav, .post-nav-links, iframe, script, style, .screen-reader-text, sup:has(a), del, s, strike, [style*=line-through]';

function seen( leftOut ) {
	const content = document.querySelector( '.entry-content' );
	if ( ! content ) {
		return ''; // A theme shows no box for an empty post.
	}
	content.querySelectorAll( 'details' ).forEach( ( fold ) => ( fold.open = true ) );
	content.querySelectorAll( leftOut ).forEach( ( element ) => element.remove() );
	return content.innerText;
}

const documents = JSON.parse( readFileSync( 0 ) );
const browser = await chromium.launch( {
	executablePath: process.env.RAG_ASK_CHROMIUM ?? '/usr/bin/chromium',
	args: [ '--no-sandbox', '--disable-gpu', `--host-resolver-rules=MAP shop.test 127.0.0.1:${ process.env.PORT }, MAP * ~NOTFOUND` ],
} );
const page = await browser.newPage();
// PHP answers one request at a time.
await page.route( '**', ( route ) => ( route.request().resourceType() === 'document' && route.request().frame() === page.mainFrame() ? route.continue() : route.abort() ) );
const texts = [];
for ( const { title, url, page_urls: more } of documents ) {
	const parts = [ title ];
	for ( const address of [ url, ...more ] ) {
		const answer = await page.goto( address, { waitUntil: 'domcontentloaded', timeout: 60_000 } );
		if ( ! answer.ok() ) {
			throw new Error( `${ address } answers ${ answer.status() }` );
		}
		parts.push( await page.evaluate( seen, LEFT_OUT ) );
	}
	texts.push( parts.join( '\n' ) );
}
await browser.close();
process.stdout.write( JSON.stringify( texts ) );
