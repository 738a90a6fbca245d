/**
 * The test of the visitor's path, as the owner's browser makes it, against servers that stand in its way.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';

import { launch } from './browser.mjs';
import { contract, sendJson } from './fake-site.mjs';

const SCRIPT = readFileSync( new URL( '../../wordpress-plugin/assets/reach.js', import.meta.url ) );
const PIECES = contract( 'probe-stream' ).bytes.split( /(?<=\n\n)/ );
const GAP_MS = 400;

let browser;
let page;
let site;
let sidecar;

async function listen( handler ) {
	const server = createServer( handler );
	server.listen( 0, '127.0.0.1' );
	await once( server, 'listening' );
	return { server, url: `http://127.0.0.1:${ server.address().port }`, close: () => server.close() && server.closeAllConnections() };
}

/** As nothing in the way: the pieces come apart. */
async function stream( response ) {
	response.writeHead( 200, { 'Content-Type': 'text/event-stream' } );
	for ( const piece of PIECES ) {
		response.write( piece );
		await new Promise( ( resolve ) => setTimeout( resolve, GAP_MS ) );
	}
	response.end();
}

function heldBack( response ) {
	response.writeHead( 200, { 'Content-Type': 'text/event-stream' } ).end( PIECES.join( '' ) );
}

function pageOf( straightUrl ) {
	const apiFetch = 'window.reports = []; window.wp = { apiFetch: async ( sent ) => { window.reports.push( sent ); return { lines: [ { text: "Found.", is_open: true } ], is_changed: true }; } };';
	return `<!doctype html><title>Settings</title><link rel="icon" href="data:,">
		<div class="rag-ask-reach" data-token-url="/token" data-straight-url="${ straightUrl }" data-wordpress-url="/probe" data-is-due="1"
			data-testing="Testing" data-failed="Failed"><ul></ul><button>Test</button><span role="status"></span></div>
		<script>${ apiFetch }</script><script src="/reach.js"></script>`;
}

before( async () => {
	browser = await launch();
	sidecar = await listen( ( request, response ) => {
		sidecar.requests.push( request );
		if ( sidecar.origin ) {
			response.setHeader( 'Access-Control-Allow-Origin', sidecar.origin );
			response.setHeader( 'Access-Control-Allow-Headers', 'authorization, content-type' );
		}
		request.method === 'OPTIONS' ? response.writeHead( 204 ).end() : sidecar.answer( response );
	} );
	site = await listen( ( request, response ) => {
		site.requests.push( request );
		if ( request.url === '/reach.js' ) {
			response.end( SCRIPT );
		} else if ( request.url === '/token' ) {
			site.token ? sendJson( response, 200, { token: site.token } ) : sendJson( response, 401, { code: 'rest_forbidden' } );
		} else if ( request.url === '/probe' ) {
			site.answer( response );
		} else if ( request.url === '/site-health' ) {
			response.setHeader( 'Content-Type', 'text/html' );
			const isFirst = site.requests.filter( ( { url } ) => url === '/site-health' ).length === 1;
			// Afterwards the test is no longer due.
			response.end( isFirst ? pageOf( site.straightUrl ).replace( '<ul></ul>', '' ).replace( 'data-is-due', 'data-reloads="1" data-is-due' ) : '<h1>Loaded again</h1>' );
		} else {
			response.setHeader( 'Content-Type', 'text/html' );
			response.end( pageOf( site.straightUrl ) );
		}
	} );
	page = await browser.newPage();
	await page.context().addCookies( [ { name: 'wordpress_logged_in', value: 'owner', url: site.url } ] );
} );
after( async () => {
	await browser.close();
	site.close();
	sidecar.close();
} );
beforeEach( () => {
	Object.assign( site, { requests: [], token: 'a-token', answer: stream, straightUrl: `${ sidecar.url }/v1/probe` } );
	Object.assign( sidecar, { requests: [], origin: site.url, answer: stream } );
} );

/** What the browser reports of both ways. */
async function report() {
	await page.goto( site.url );
	await page.waitForFunction( () => window.reports.length > 0, null, { timeout: 60_000 } );
	const { path, data } = ( await page.evaluate( () => window.reports ) )[ 0 ];
	assert.equal( path, '/rag-ask/v1/reach' );
	return data;
}

test( 'both ways are open, and are tried without the cookies of the owner', async () => {
	assert.deepEqual( await report(), { straight: '', wordpress: '' } );
	assert.deepEqual( await page.locator( 'li' ).allTextContents(), [ 'Found.' ] );
	const [ asked ] = sidecar.requests.filter( ( { method } ) => method === 'POST' );
	assert.equal( asked.headers.authorization, 'Bearer a-token' );
	const probe = site.requests.find( ( { url } ) => url === '/probe' );
	assert.equal( probe.headers[ 'x-rag-ask-token' ], 'a-token' );
	for ( const { headers, url } of [ asked, probe, site.requests.find( ( request ) => request.url === '/token' ) ] ) {
		assert.equal( headers.cookie, undefined, url );
	}
} );

test( 'a stream that is held back', async () => {
	sidecar.answer = heldBack;
	site.answer = heldBack;
	assert.deepEqual( await report(), { straight: 'buffered', wordpress: 'buffered' } );
} );

test( 'no CORS headers, and a firewall of the site', async () => {
	sidecar.origin = '';
	site.answer = ( response ) => response.writeHead( 403 ).end( '<p>Blocked</p>' );
	assert.deepEqual( await report(), { straight: 'cors', wordpress: 'blocked' } );
} );

test( 'nobody there, and something else than a sidecar', async () => {
	site.straightUrl = 'http://127.0.0.1:9/v1/probe';
	site.answer = ( response ) => sendJson( response, 502, { error: { code: 'not_a_sidecar' } } );
	assert.deepEqual( await report(), { straight: 'unreachable', wordpress: 'not_a_sidecar' } );
} );

test( 'clocks that differ, and no place free', async () => {
	sidecar.answer = ( response ) => sendJson( response, 401, { error: { code: 'token_expired' } } );
	site.answer = ( response ) => sendJson( response, 503, { error: { code: 'busy' } } );
	assert.deepEqual( await report(), { straight: 'clock', wordpress: 'busy' } );
} );

test( 'guests get no token', async () => {
	site.token = '';
	assert.deepEqual( await report(), { straight: 'token_refused', wordpress: 'token_refused' } );
} );

test( 'Site Health shows what is new', async () => {
	await page.goto( `${ site.url }/site-health` );
	await page.getByText( 'Loaded again' ).waitFor( { timeout: 60_000 } );
} );

test( 'a page by HTTPS and a sidecar by HTTP', async () => {
	const https = await browser.newPage();
	site.straightUrl = 'http://ask.example/v1/probe';
	const held = { status: 200, contentType: 'text/event-stream', body: PIECES.join( '' ) };
	const answers = { '/reach.js': { body: SCRIPT }, '/token': { json: { token: 'a-token' } }, '/probe': held };
	await https.route( 'https://shop.example/**', ( route ) => {
		const { pathname } = new URL( route.request().url() );
		return route.fulfill( answers[ pathname ] ?? { contentType: 'text/html', body: pageOf( site.straightUrl ) } );
	} );
	await https.goto( 'https://shop.example/' );
	await https.waitForFunction( () => window.reports.length > 0 );
	assert.deepEqual( ( await https.evaluate( () => window.reports ) )[ 0 ].data, { straight: 'mixed_content', wordpress: 'buffered' } );
	await https.close();
} );
