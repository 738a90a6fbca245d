import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BEGINNING, QUESTION, STREAM, useBox } from './box-fixture.mjs';
import { PHONE, accessibilityProblems, ask, keepScreenshot, outcome } from './browser.mjs';
import { TEXTS, contract, errorOf, streamOf, streamOfAnswer } from './fake-site.mjs';

const fixture = useBox();
const hasFocus = ( locator ) => locator.evaluate( ( element ) => element === document.activeElement );
const isOpen = () => fixture.part( 'dialog' ).evaluate( ( dialog ) => dialog.open );

test( 'the panel: opened by its button, kept inside, closed by Esc, the focus given back', async () => {
	await fixture.open( '?form=panel' );
	assert.equal( await isOpen(), false );
	await fixture.part( 'open' ).press( 'Enter' );
	assert.ok( await hasFocus( fixture.part( 'input' ) ) );
	for ( let presses = 0; presses < 8; presses++ ) {
		await fixture.page.keyboard.press( 'Tab' );
		assert.ok( await fixture.page.evaluate( () => document.activeElement === document.body || Boolean( document.activeElement.closest( 'dialog' ) ) ) );
	}
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.deepEqual( await accessibilityProblems( fixture.page, '.rag-ask' ), [] );
	await keepScreenshot( fixture.page, 'panel', { width: 1000, height: 700 } );
	await fixture.page.keyboard.press( 'Escape' );
	assert.equal( await isOpen(), false );
	assert.ok( await hasFocus( fixture.part( 'open' ) ) );

	await fixture.page.goto( `${ fixture.site.url }/elsewhere?form=panel` );
	await fixture.part( 'open' ).click();
	assert.equal( await fixture.text(), 'The shop opens at seven1.', 'one conversation on all pages' );
	await fixture.part( 'close' ).click();
	assert.equal( await isOpen(), false );
	await fixture.part( 'open' ).click();
	await fixture.page.mouse.click( 5, 5 );
	assert.equal( await isOpen(), false, 'a click beside it closes it' );
} );

test( 'Esc first stops the answer, then closes the panel', async () => {
	await fixture.open( '?form=panel' );
	await fixture.part( 'open' ).click();
	fixture.site.answer = streamOf( BEGINNING, true );
	await ask( fixture.box, QUESTION );
	await fixture.box.locator( '[data-state="streaming"]' ).waitFor();
	await fixture.page.keyboard.press( 'Escape' );
	assert.equal( await outcome( fixture.box ), 'stopped' );
	assert.equal( await isOpen(), true );
	await fixture.page.keyboard.press( 'Escape' );
	assert.equal( await isOpen(), false );
} );

test( 'the keys of the settings open it, and no others', async () => {
	await fixture.open( '?form=panel' );
	for ( const keys of [ 'k', '/', 'Control+j', 'Control+Shift+k' ] ) {
		await fixture.page.keyboard.press( keys );
		assert.equal( await isOpen(), false, keys );
	}
	await fixture.page.keyboard.press( 'Control+k' );
	assert.equal( await isOpen(), true );
} );

test( 'on a phone the panel is a sheet that scrolls inside', async () => {
	await fixture.page.setViewportSize( PHONE );
	await fixture.open( '?form=panel' );
	await fixture.part( 'open' ).click();
	fixture.site.answer = streamOfAnswer( { answer: Array( 40 ).fill( 'The shop opens at seven [1].' ).join( '\n\n' ) } );
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	assert.deepEqual( await fixture.part( 'dialog' ).boundingBox(), { x: 0, y: 0, ...PHONE } );
	const { y, height } = await fixture.part( 'input' ).boundingBox();
	assert.ok( y + height <= PHONE.height, 'the form stays in sight' );
	await keepScreenshot( fixture.page, 'panel-phone', PHONE );
	assert.equal( await fixture.page.evaluate( () => document.documentElement.scrollWidth ), PHONE.width );
} );

test( 'a search of three words is asked at once, one of two waits for the visitor', async () => {
	await fixture.open( '?form=search&ask=opening+hours' );
	assert.equal( fixture.site.tokens, 0 );
	assert.equal( fixture.site.requests.length, 0 );
	await fixture.open( '?form=search&ask=When+do+you+open' );
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.equal( fixture.site.requests[ 0 ].question, 'When do you open' );
	assert.deepEqual( await accessibilityProblems( fixture.page, '.rag-ask' ), [] );
	await keepScreenshot( fixture.page, 'search', { width: 760, height: 580 } );
	await fixture.page.reload();
	assert.equal( await fixture.text(), 'The shop opens at seven1.' );
	assert.equal( fixture.site.requests.length, 1, 'not asked again' );
} );

test( 'where the answer fails, the results of the search stand alone', async () => {
	fixture.site.answer = errorOf( 'database_unavailable' );
	const told = fixture.page.waitForEvent( 'console', ( message ) => message.text() === 'told' );
	await fixture.page.addInitScript( () => document.addEventListener( 'rag-ask:answer', () => console.log( 'told' ) ) );
	await fixture.open( '?form=search&ask=When+do+you+open' );
	await told;
	assert.equal( await fixture.part( 'log' ).isVisible(), false );
	assert.equal( await fixture.part( 'input' ).inputValue(), 'When do you open' );
	fixture.site.answer = streamOf( STREAM );
	await fixture.part( 'button' ).click();
	assert.equal( await outcome( fixture.box ), 'answered' );
} );

test( 'a search that finds no answer names no search results twice', async () => {
	fixture.site.answer = streamOfAnswer( contract( 'ask-abstained' ) );
	await fixture.open( '?form=search&ask=When+do+you+open' );
	assert.equal( await outcome( fixture.box ), 'abstained' );
	assert.equal( await fixture.status(), TEXTS.not_on_site );
	assert.deepEqual( fixture.site.searches, [] );
} );

for ( const form of [ 'page', 'panel', 'search' ] ) {
	test( `the form ${ form } keeps its edges in forced colours, in a theme of bricks and at 400 %`, async () => {
		await fixture.page.emulateMedia( { forcedColors: 'active', reducedMotion: 'reduce' } );
		await fixture.page.setViewportSize( { width: 320, height: 256 } );
		await fixture.open( `?form=${ form }&theme=bricks` );
		if ( form === 'panel' ) {
			await fixture.part( 'open' ).click();
		}
		await ask( fixture.box, QUESTION );
		await outcome( fixture.box );
		assert.equal( await fixture.page.evaluate( () => document.documentElement.scrollWidth ), 320 );
		assert.equal( await fixture.part( 'button' ).evaluate( ( button ) => getComputedStyle( button ).borderTopWidth ), '1px' );
		for ( const name of [ 'copy', 'yes', 'no' ] ) {
			const { width, height } = await fixture.part( name ).boundingBox();
			assert.ok( width >= 24 && height >= 24, `${ name }: ${ width } x ${ height }` );
		}
		assert.equal( await fixture.part( 'yes' ).evaluate( ( button ) => getComputedStyle( button ).textDecorationLine ), 'underline' );
		if ( form === 'page' ) {
			await keepScreenshot( fixture.page, 'forced-colours-phone', PHONE );
		}
		assert.deepEqual( await accessibilityProblems( fixture.page, '.rag-ask' ), [] );
	} );
}
