/**
 * A page that no WordPress makes, of another origin and under a strict policy, asks the real sidecar.
 */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { DESKTOP, accessibilityProblems, ask, launch, outcome } from './browser.mjs';

const SIDECAR = `http://127.0.0.1:${ process.env.RAG_ASK_PORT ?? 8787 }`;
const COMMAND = fileURLToPath( new URL( '../../scripts/rag-ask', import.meta.url ) );
const QUESTION = 'How much is the sourdough course and when is it?';
const SITE = 'crumb-and-kettle';
// Nothing of the page's own, nothing inline, no HTML from strings.
const POLICY = `default-src 'none'; img-src data:; script-src ${ SIDECAR }; connect-src ${ SIDECAR }; require-trusted-types-for 'script'`;
const sites = ( ...words ) => execFileSync( COMMAND, [ 'sites', ...words ], { encoding: 'utf8' } );

let browser;
let server;
let page;
let html;
let headers;
const problems = [];

before( async () => {
	browser = await launch();
	server = createServer( ( request, response ) => response.writeHead( 200, { 'Content-Type': 'text/html', ...headers } ).end( html ) );
	server.listen( 0, '127.0.0.1' );
	await once( server, 'listening' );
} );
after( async () => {
	sites( 'outside', SITE, 'off' );
	sites( 'origins', SITE, 'remove', addressOfPage() );
	await browser.close();
	server.close();
} );
beforeEach( async () => {
	headers = { 'Content-Security-Policy': POLICY, 'Cross-Origin-Embedder-Policy': 'require-corp' };
	problems.length = 0;
	page = await browser.newPage( { viewport: DESKTOP } );
	page.on( 'pageerror', ( error ) => problems.push( String( error ) ) );
	page.on( 'console', ( message ) => /policy/i.test( message.text() ) && problems.push( message.text() ) );
} );
afterEach( () => page.close() );

const addressOfPage = ( host = '127.0.0.1' ) => `http://${ host }:${ server.address().port }`;

async function open( attributes = '', { host, language = 'en' } = {} ) {
	html = `<!doctype html><html lang="${ language }"><title>Handbook</title><link rel="icon" href="data:,"><main><h1>Handbook</h1>
		<script src="${ SIDECAR }/rag-ask.js" data-site="${ SITE }" ${ attributes }></script></main></html>`;
	await page.goto( addressOfPage( host ) );
	return page.locator( '.rag-ask' );
}

test( 'a page of a registered origin is answered with sources', async () => {
	sites( 'origins', SITE, 'add', addressOfPage() );
	assert.match( sites( 'outside', SITE, 'on' ), new RegExp( `src="${ SIDECAR }/rag-ask.js" data-site="${ SITE }"` ) );
	const box = await open();
	assert.equal( await page.locator( 'main > .rag-ask' ).count(), 1, 'the box stands where the tag stands' );
	await ask( box, QUESTION );
	assert.match( await outcome( box ), /^(quoted|answered)$/ );
	assert.match( await box.locator( '.rag-ask__text' ).innerText(), /£\d+/ );
	assert.match( await box.locator( '.rag-ask__source a' ).first().getAttribute( 'href' ), /^http/ );
	assert.equal( await box.locator( '.rag-ask__text' ).evaluate( ( text ) => getComputedStyle( text.closest( '.rag-ask' ) ).overflowWrap ), 'anywhere', 'it has its styles' );
	assert.deepEqual( problems, [] );
	assert.deepEqual( await accessibilityProblemsWithoutPolicy(), [] );
} );

/** axe is a script of the test, which the policy would refuse. */
async function accessibilityProblemsWithoutPolicy() {
	headers = {};
	await page.reload();
	await page.locator( '.rag-ask__source' ).first().waitFor();
	return accessibilityProblems( page, '.rag-ask' );
}

test( 'a page of another origin is refused, and says so', async () => {
	const box = await open( '', { host: 'localhost' } );
	await ask( box, QUESTION );
	assert.equal( await outcome( box ), 'error' );
	assert.equal( await box.locator( '.rag-ask__text' ).innerText(), '' );
	assert.match( await box.locator( '.rag-ask__status' ).innerText(), /not available|refused/ );
} );

test( 'the box is that of WordPress, in the language of the page', async () => {
	const attributes = 'data-contact="help@example.org" data-suggestions="When do you open?|Do you deliver?"';
	const blank = await browser.newPage();
	for ( const form of [ 'page', 'panel' ] ) {
		const box = await open( `${ attributes } data-form="${ form }"` );
		const shapes = [ await box.evaluate( ( element ) => element.outerHTML ), fixture( form ) ];
		const [ made, printed ] = await Promise.all( shapes.map( ( shape ) => blank.evaluate( shapeOf, shape ) ) );
		assert.equal( made, printed );
	}
	const german = await open( '', { language: 'de-AT' } );
	assert.equal( await german.locator( '.rag-ask__button' ).innerText(), 'Fragen' );
	assert.deepEqual( problems, [] );
	await blank.close();
} );

const fixture = ( form ) => readFileSync( new URL( `boxes/${ form }.html`, import.meta.url ), 'utf8' ).replaceAll( '{{id}}', 'rag-ask-1' );

/** Runs in a page: the elements, attributes and texts of a box, without where it asks and what the site's owner sets for it. */
function shapeOf( source ) {
	const own = [ 'data-token-url', 'data-found-url', 'data-failure-url', 'data-shortcut', 'data-images' ];
	const attributesOf = ( element ) => element.getAttributeNames().filter( ( name ) => ! own.includes( name ) ).sort()
		.map( ( name ) => `${ name }=${ name === 'data-texts' ? JSON.stringify( JSON.parse( element.getAttribute( name ) ) ) : element.getAttribute( name ) }` );
	const walk = ( node ) => node.nodeType === Node.TEXT_NODE
		? node.data.trim()
		: [ node.localName, ...attributesOf( node ), ...Array.from( ( node.content ?? node ).childNodes, walk ).filter( ( part ) => part !== '' ) ];
	const box = new DOMParser().parseFromString( source, 'text/html' ).body.firstElementChild;
	// The script has shown it.
	box.querySelector( '.rag-ask__open' )?.removeAttribute( 'hidden' );
	return JSON.stringify( walk( box ), null, 1 );
}
