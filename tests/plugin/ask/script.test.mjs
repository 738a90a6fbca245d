import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL( '../../../', import.meta.url );
const FILES = [ 'box.js', 'style.css' ].map( ( name ) => new URL( `wordpress-plugin/blocks/ask/${ name }`, ROOT ) );

test( 'the script and the style of the box are made of their parts as they are', () => {
	const read = () => FILES.map( ( file ) => readFileSync( file, 'utf8' ) );
	const before = read();
	execFileSync( new URL( 'scripts/box-script', ROOT ).pathname );
	assert.deepEqual( read(), before, 'scripts/box-script makes them anew' );
	assert.doesNotMatch( before[ 0 ], /^(?:import|export) /m );
} );
