import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { readEvents, readPieces } from '../../../wordpress-plugin/blocks/ask/stream.js';

const contract = JSON.parse( readFileSync( new URL( '../../contract/ask-stream.json', import.meta.url ) ) );
const WIDE_STREAM = 'event: delta\ndata: {"text": "Brötchen, パン, 🥐"}\n\nevent: done\ndata: {}\n\n';

async function eventsOf( ...pieces ) {
	return collect( readEvents( pieces ) );
}

async function collect( iterable ) {
	const events = [];
	for await ( const event of iterable ) {
		events.push( event );
	}
	return events;
}

async function namesOf( ...pieces ) {
	return ( await eventsOf( ...pieces ) ).map( ( { event } ) => event );
}

test( 'the stream of the contract, cut in two at every byte', async () => {
	const bytes = new TextEncoder().encode( contract.bytes );
	const whole = await eventsOf( bytes );
	assert.deepEqual( whole.map( ( { event } ) => event ), contract.events );
	assert.equal( whole.at( -2 ).data.citations[ 0 ].quote, 'We open at seven.' );
	for ( let cut = 0; cut <= bytes.length; cut++ ) {
		assert.deepEqual( await eventsOf( bytes.slice( 0, cut ), bytes.slice( cut ) ), whole, `cut at byte ${ cut }` );
	}
} );

for ( const [ name, end ] of [ [ 'LF', '\n' ], [ 'CRLF', '\r\n' ], [ 'CR', '\r' ] ] ) {
	test( `lines that end with ${ name }, cut in two at every character and one by one`, async () => {
		const text = contract.bytes.replaceAll( '\n', end );
		const whole = await eventsOf( contract.bytes );
		for ( let cut = 0; cut <= text.length; cut++ ) {
			assert.deepEqual( await eventsOf( text.slice( 0, cut ), text.slice( cut ) ), whole, `cut at ${ cut }` );
		}
		assert.deepEqual( await eventsOf( ...text ), whole );
	} );
}

test( 'characters of several bytes, cut inside', async () => {
	const bytes = new TextEncoder().encode( WIDE_STREAM );
	for ( let cut = 0; cut <= bytes.length; cut++ ) {
		const [ delta ] = await eventsOf( bytes.slice( 0, cut ), bytes.slice( cut ) );
		assert.equal( delta.data.text, 'Brötchen, パン, 🥐', `cut at byte ${ cut }` );
	}
} );

test( 'a stream that stops anywhere before the end of done is truncated', async () => {
	const bytes = new TextEncoder().encode( contract.bytes );
	for ( let end = 0; end < bytes.length; end++ ) {
		const names = await namesOf( bytes.slice( 0, end ) );
		assert.equal( names.at( -1 ), 'truncated', `stopped at byte ${ end }` );
		assert.ok( ! names.includes( 'done' ), `stopped at byte ${ end }` );
	}
} );

test( 'an error event ends in truncated, because no done follows', async () => {
	const events = await eventsOf( contract.error_event );
	assert.equal( events[ 0 ].data.error.code, 'provider_unavailable' );
	assert.deepEqual( events.map( ( { event } ) => event ), [ 'error', 'truncated' ] );
} );

test( 'nothing is read after done', async () => {
	assert.deepEqual( await namesOf( 'event: done\ndata: {}\n\nevent: delta\ndata: {}\n\n' ), [ 'done' ] );
} );

test( 'data over several lines, without a space, with colons, with unknown fields and comments', async () => {
	const [ event ] = await eventsOf( ': hello\nid: 7\nretry: 10\nnothing\nevent:delta\ndata:{"text":\ndata: "a: b"}\n\n' );
	assert.deepEqual( event, { event: 'delta', data: { text: 'a: b' } } );
} );

test( 'blank lines and comments alone are no events', async () => {
	assert.deepEqual( await namesOf( '\n\n: one\n\n: two\n\n\nevent: done\ndata: {}\n\n' ), [ 'done' ] );
} );

test( 'an event without data is none, and its name does not stick to the next one', async () => {
	assert.deepEqual( await namesOf( 'event: done\n\ndata: {}\n\n' ), [ '', 'truncated' ] );
	assert.deepEqual( await namesOf( 'event: delta\ndata: {}\n\ndata: {}\n\n' ), [ 'delta', '', 'truncated' ] );
} );

test( 'unreadable data is a truncated stream', async () => {
	assert.deepEqual( await namesOf( 'event: delta\ndata: {"text":\n\nevent: done\ndata: {}\n\n' ), [ 'truncated' ] );
} );

test( 'a body is read piece by piece and given back when the reader loses interest', async () => {
	let isCancelled = false;
	let pieces = 0;
	const body = new ReadableStream( {
		pull: ( controller ) => controller.enqueue( new TextEncoder().encode( 'event: done\ndata: {}\n\n' ) ),
		cancel: () => ( isCancelled = true ),
	} );
	assert.deepEqual( await collect( readEvents( readPieces( body, () => pieces++ ) ) ), [ { event: 'done', data: {} } ] );
	assert.equal( pieces, 1 );
	assert.ok( isCancelled );
} );
