import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL( '../../../', import.meta.url );
const SCRIPT = new URL( 'wordpress-plugin/blocks/ask/box.js', ROOT );

test( 'the script of the box is made of its modules as they are', () => {
	const before = readFileSync( SCRIPT, 'utf8' );
	execFileSync( new URL( 'scripts/box-script', ROOT ).pathname );
	assert.equal( readFileSync( SCRIPT, 'utf8' ), before, 'scripts/box-script makes it anew' );
	assert.doesNotMatch( before, /^(?:import|export) /m );
} );
