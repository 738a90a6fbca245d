/**
 * One open page with a box, and the small site behind it, for each test of a file.
 */

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';

import { DESKTOP, launch } from './browser.mjs';
import { contract, startFakeSite } from './fake-site.mjs';

export const STREAM = contract( 'ask-stream' ).bytes;
/** The stream up to its second delta. */
export const BEGINNING = STREAM.slice( 0, STREAM.indexOf( 'event: delta', STREAM.indexOf( 'event: delta' ) + 1 ) );
export const QUESTION = contract( 'ask-request' ).question;

const FORM_PARTS = [ 'input', 'button', 'note', 'log', 'starters', 'starter', 'fresh', 'open', 'close', 'dialog' ];

/** What a test holds: `{ browser, site, page, box }` and ways to read the box. */
export function useBox() {
	const fixture = {
		open: async ( query = '' ) => {
			await fixture.page.goto( `${ fixture.site.url }/${ query }` );
			fixture.box = fixture.page.locator( '.rag-ask' ).first();
		},
		/** The newest question with its answer. */
		turn: ( box = fixture.box ) => box.locator( '.rag-ask__answer' ).last(),
		/** A part of the form, or of the newest turn. */
		part: ( name, box = fixture.box ) => ( FORM_PARTS.includes( name ) ? box : fixture.turn( box ) ).locator( `.rag-ask__${ name }` ),
		state: () => fixture.turn().getAttribute( 'data-state' ),
		note: () => fixture.part( 'note' ).textContent(),
		status: () => fixture.part( 'status' ).textContent(),
		text: () => fixture.part( 'text' ).textContent(),
		hasFocus: ( name ) => fixture.part( name ).evaluate( ( element ) => element === document.activeElement ),
	};
	let problems;

	before( async () => {
		fixture.browser = await launch();
	} );
	after( () => fixture.browser.close() );
	beforeEach( async () => {
		problems = [];
		fixture.site = await startFakeSite();
		fixture.page = await fixture.browser.newPage( { viewport: DESKTOP } );
		fixture.page.setDefaultTimeout( 10_000 );
		fixture.page.on( 'pageerror', ( error ) => problems.push( String( error ) ) );
		await fixture.open();
	} );
	afterEach( async () => {
		await fixture.page.close();
		fixture.site.stop();
		assert.deepEqual( problems, [], 'no uncaught error in the page' );
	} );
	return fixture;
}
