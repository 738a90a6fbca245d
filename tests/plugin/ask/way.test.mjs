import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, mock, test } from 'node:test';

import { canStream, readAnswer, send } from '../../../wordpress-plugin/blocks/ask/way.js';

const contract = ( name ) => JSON.parse( readFileSync( new URL( `../../contract/${ name }.json`, import.meta.url ) ) );
const STREAM = contract( 'ask-stream' );
const TOKEN = contract( 'token-route' );

afterEach( () => mock.reset() );

async function namesOf( response, askedAt = Date.now() ) {
	const names = [];
	for await ( const { event } of readAnswer( response, askedAt, () => {} ) ) {
		names.push( event );
	}
	return names;
}

function streamed( url, body = STREAM.bytes ) {
	const response = new Response( body, { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } } );
	Object.defineProperty( response, 'url', { value: url } );
	return response;
}

async function headersOf( token ) {
	const sent = mock.method( globalThis, 'fetch', async () => new Response() );
	await send( token.ask_url, token, {}, undefined );
	return sent.mock.calls[ 0 ].arguments[ 1 ];
}

test( 'through WordPress the token is in a header that nothing on the way reads', async () => {
	const { headers, credentials } = await headersOf( { ...TOKEN, way: 'wordpress' } );
	assert.equal( headers[ 'X-Rag-Ask-Token' ], TOKEN.token );
	assert.equal( headers.Authorization, undefined );
	assert.equal( credentials, 'omit' );
	assert.equal( ( await headersOf( TOKEN ) ).headers.Authorization, `Bearer ${ TOKEN.token }` );
} );

test( 'a stream and a whole answer bring the same last events', async () => {
	assert.deepEqual( await namesOf( streamed( TOKEN.ask_url ) ), STREAM.events );
	assert.deepEqual( await namesOf( Response.json( contract( 'ask-response' ) ) ), [ 'sources', 'answer', 'done' ] );
} );

test( 'what is no answer is truncated', async () => {
	for ( const response of [ Response.json( {} ), new Response( '<p>Blocked</p>' ), streamed( TOKEN.ask_url, 'event: sources\n' ) ] ) {
		assert.equal( ( await namesOf( response ) ).at( -1 ), 'truncated' );
	}
} );

test( 'where a stream came late and all at once, the next answer is asked for as a whole', async () => {
	const other = { ...TOKEN, ask_url: 'https://held.example/v1/ask' };
	assert.ok( canStream( other ) );
	await namesOf( streamed( other.ask_url ) );
	assert.ok( canStream( other ), 'a quick answer in one piece is none that was held back' );
	await namesOf( streamed( other.ask_url ), Date.now() - 60_000 );
	assert.ok( ! canStream( other ) );
	assert.ok( canStream( TOKEN ), 'another address is another way' );
	assert.ok( ! canStream( { ...TOKEN, streams: false } ), 'the site knows it already' );
} );
