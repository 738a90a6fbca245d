import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const FOLDER = new URL( '../../wordpress-plugin/blocks/ask/', import.meta.url );
const MAX_BYTES = 14_000;

test( 'a page with the box stays light', ( context ) => {
	const files = readdirSync( FOLDER ).filter( ( name ) => /\.(js|css)$/.test( name ) && name !== 'edit.js' );
	const bytes = files.reduce( ( sum, name ) => sum + readFileSync( new URL( name, FOLDER ) ).length, 0 );
	context.diagnostic( `${ files.join( ', ' ) }: ${ bytes } bytes uncompressed` );
	assert.ok( files.includes( 'view.js' ) && files.includes( 'style.css' ) );
	assert.ok( bytes < MAX_BYTES, `${ bytes } bytes, at most ${ MAX_BYTES }` );
} );
