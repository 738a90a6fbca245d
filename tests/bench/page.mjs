/**
 * Measure what the box costs a page: requests, bytes, layout shift and long tasks, for each form.
 *
 * Usage: scripts/bench page
 *
 * "asked" is a search page whose question is asked as soon as it is there, with one more request for the token.
 * A small site serves the box; its sidecar sends the sources after 0.7 s, and then ten words a second, so that no shift hides behind the
 * half second after an input that CLS leaves out. Bytes are those of the box's own files, compressed by gzip.
 */

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { PHONE, ask, launch, outcome } from '../e2e/browser.mjs';
import { contract, eventText, startFakeSite } from '../e2e/fake-site.mjs';

const FOLDER = new URL( '../../wordpress-plugin/blocks/ask/', import.meta.url );
const FIRST_MS = 700;
const WORD_MS = 100;
const WORDS = 'The shop opens at seven on weekdays, and an hour later on Sundays [1].'.split( /(?<= )/ );

const compressed = ( path ) => gzipSync( readFileSync( new URL( `.${ path }`, FOLDER ) ) ).length;

/** Stream an answer slowly. */
function slowly( response ) {
	const answer = { ...contract( 'ask-response' ), answer: WORDS.join( '' ) };
	const events = [
		eventText( 'sources', { sources: answer.sources } ),
		...WORDS.map( ( text ) => eventText( 'delta', { text } ) ),
		eventText( 'answer', answer ) + eventText( 'done', {} ),
	];
	response.writeHead( 200, { 'Content-Type': 'text/event-stream' } );
	setTimeout( function next() {
		response.write( events.shift() );
		events.length ? setTimeout( next, WORD_MS ) : response.end();
	}, FIRST_MS );
}

/** Count shifts and long tasks from the start of the page on. */
function observe() {
	window.measured = { shift: 0, longTasks: 0 };
	new PerformanceObserver( ( list ) => list.getEntries().forEach( ( { value, hadRecentInput } ) => ( window.measured.shift += hadRecentInput ? 0 : value ) ) ).observe( { type: 'layout-shift', buffered: true } );
	new PerformanceObserver( ( list ) => ( window.measured.longTasks += list.getEntries().length ) ).observe( { type: 'longtask', buffered: true } );
}

async function measure( browser, site, form ) {
	const page = await browser.newPage( { viewport: PHONE } );
	await page.addInitScript( observe );
	site.paths.length = 0;
	await page.goto( `${ site.url }/?form=${ form === 'asked' ? 'search&ask=When+do+you+open' : form }`, { waitUntil: form === 'asked' ? 'load' : 'networkidle' } );
	const requests = site.paths.filter( ( path ) => path !== '/' );
	const files = requests.filter( ( path ) => /\.(js|css)$/.test( path ) );
	const loaded = await page.evaluate( () => ( { ...window.measured } ) );
	const box = page.locator( '.rag-ask' );
	if ( form === 'panel' ) {
		await box.locator( '.rag-ask__open' ).click();
	}
	if ( form !== 'asked' ) {
		await ask( box, 'When do you open?' );
	}
	await outcome( box );
	const answered = await page.evaluate( () => window.measured );
	await page.close();
	return [ form, requests.length, ( files.reduce( ( sum, path ) => sum + compressed( path ), 0 ) / 1000 ).toFixed( 1 ), loaded.shift.toFixed( 3 ), loaded.longTasks, answered.shift.toFixed( 3 ), answered.longTasks - loaded.longTasks ];
}

const browser = await launch();
const site = await startFakeSite();
site.answer = slowly;
console.log( 'form    requests   kB   CLS, long tasks: loading | while it answers' );
for ( const form of [ 'page', 'panel', 'search', 'asked' ] ) {
	const [ name, requests, kB, ...rest ] = await measure( browser, site, form );
	console.log( `${ name.padEnd( 7 ) } ${ String( requests ).padStart( 8 ) } ${ kB.padStart( 4 ) }   ${ rest.slice( 0, 2 ).join( ', ' ) } | ${ rest.slice( 2 ).join( ', ' ) }` );
}
await browser.close();
site.stop();
