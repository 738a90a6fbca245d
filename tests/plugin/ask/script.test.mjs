import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { answerTexts } from '../../../sidecar/outside/texts.js';

const ROOT = new URL( '../../../', import.meta.url );
const FILES = [ 'wordpress-plugin/blocks/ask/box.js', 'wordpress-plugin/blocks/ask/style.css', 'sidecar/rag_ask/api/rag-ask.js' ].map( ( path ) => new URL( path, ROOT ) );

test( 'the scripts and the style of the box are made of their parts as they are', () => {
	const read = () => FILES.map( ( file ) => readFileSync( file, 'utf8' ) );
	const before = read();
	execFileSync( new URL( 'scripts/box-script', ROOT ).pathname );
	assert.deepEqual( read(), before, 'scripts/box-script makes them anew' );
	assert.doesNotMatch( before[ 0 ], /^(?:import|export) /m );
} );

test( 'a box outside WordPress says what the box of WordPress says', () => {
	const [ , texts ] = readFileSync( new URL( 'tests/e2e/boxes/page.html', ROOT ), 'utf8' ).match( /data-texts="([^"]*)"/ );
	assert.deepEqual( answerTexts( 'en' ), JSON.parse( texts.replaceAll( '&quot;', '"' ).replaceAll( '&#039;', "'" ) ), 'correct sidecar/outside/texts.js' );
} );
