import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const FOLDER = new URL( '../../../wordpress-plugin/blocks/ask/', import.meta.url );
const MAX_BYTES = 32_000;
const MAX_BYTES_COMPRESSED = 12_000;

test( 'a page with the box stays light', ( context ) => {
	const files = [ 'box.js', 'style.css' ];
	const contents = files.map( ( name ) => readFileSync( new URL( name, FOLDER ) ) );
	const bytes = Buffer.concat( contents ).length;
	const compressed = contents.reduce( ( sum, content ) => sum + gzipSync( content ).length, 0 );
	context.diagnostic( `${ files.join( ', ' ) }: ${ bytes } bytes, ${ compressed } compressed` );
	assert.ok( bytes < MAX_BYTES, `${ bytes } bytes` );
	assert.ok( compressed < MAX_BYTES_COMPRESSED, `${ compressed } bytes compressed` );
} );

test( 'so does a page outside WordPress', () => {
	const script = readFileSync( new URL( '../../../sidecar/rag_ask/api/rag-ask.js', FOLDER ) );
	assert.ok( gzipSync( script ).length < 1.2 * MAX_BYTES_COMPRESSED, `${ gzipSync( script ).length } bytes compressed` );
} );
