import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BEGINNING, QUESTION, STREAM, useBox } from './box-fixture.mjs';
import { DESKTOP, PHONE, accessibilityProblems, ask, keepScreenshot, outcome } from './browser.mjs';
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

test( 'a classic theme makes no bricks of small buttons and hides no words: fields and panel take the colours of the page', async () => {
	await fixture.open( '?form=panel&theme=classic' );
	await fixture.part( 'open' ).click();
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	const colours = ( locator ) => locator.evaluate( ( element ) => [ 'color', 'backgroundColor' ].map( ( name ) => getComputedStyle( element )[ name ] ) );
	const [ text, none ] = [ 'rgb(40, 48, 61)', 'rgba(0, 0, 0, 0)' ];
	assert.deepEqual( await colours( fixture.part( 'dialog' ) ), [ text, 'rgb(209, 228, 221)' ] );
	for ( const part of [ fixture.part( 'input' ), fixture.part( 'yes' ), fixture.part( 'close' ), fixture.part( 'source' ).locator( 'a' ) ] ) {
		assert.deepEqual( await colours( part ), [ text, none ] );
	}
	await fixture.part( 'marker' ).locator( 'a' ).hover();
	assert.deepEqual( await colours( fixture.page.locator( '.rag-ask__card' ) ), [ text, 'rgb(209, 228, 221)' ] );
} );

test( 'an answer is copied on a page by HTTP too, from the open panel', async () => {
	await fixture.open( '?form=panel' );
	await fixture.page.evaluate( () => {
		Object.defineProperty( navigator, 'clipboard', { value: undefined } );
		document.addEventListener( 'copy', () => ( window.copied = document.activeElement.value ) );
	} );
	await fixture.part( 'open' ).click();
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	await fixture.part( 'copy' ).click();
	await fixture.page.getByText( TEXTS.copied ).waitFor();
	assert.match( await fixture.page.evaluate( () => window.copied ), /^The shop opens at seven \[1\]\.\n\n\[1\] Opening hours http/ );
	assert.ok( await hasFocus( fixture.part( 'copy' ) ) );
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

/** The shifts of the page's layout from its beginning on. */
async function watchShifts() {
	await fixture.page.addInitScript( () => {
		window.shift = 0;
		new PerformanceObserver( ( list ) => list.getEntries().forEach( ( { value } ) => ( window.shift += value ) ) ).observe( { type: 'layout-shift', buffered: true } );
	} );
}

test( 'a search that is a question is asked at once, and moves nothing, however long its answer', async () => {
	const asked = new Promise( ( resolve ) => ( fixture.site.answer = resolve ) );
	await watchShifts();
	await fixture.open( '?form=search&ask=When+do+you+open' );
	await fixture.box.locator( '[data-state="waiting"]' ).waitFor();
	assert.equal( await fixture.page.evaluate( () => new Promise( ( resolve ) => requestAnimationFrame( () => setTimeout( () => resolve( window.shift ) ) ) ) ), 0 );
	const below = () => fixture.page.locator( '#below' ).boundingBox();
	const { y } = await below();
	assert.ok( y < DESKTOP.height, 'the results are in sight' );
	streamOfAnswer( { answer: Array( 40 ).fill( 'The shop opens at seven [1].' ).join( '\n\n' ) } )( await asked );
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.equal( ( await below() ).y, y );
	await fixture.part( 'fresh' ).click();
	fixture.site.answer = streamOf( STREAM );
	await fixture.open( '?form=search' );
	assert.equal( fixture.site.requests.length, 1, 'a search of few words waits for the visitor' );
	await fixture.open( '?form=search&ask=When+do+you+open' );
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.equal( fixture.site.requests[ 0 ].question, 'When do you open' );
	assert.deepEqual( await accessibilityProblems( fixture.page, '.rag-ask' ), [] );
	await keepScreenshot( fixture.page, 'search', { width: 760, height: 580 } );
	await fixture.page.reload();
	assert.equal( await fixture.text(), 'The shop opens at seven1.' );
	assert.equal( fixture.site.requests.length, 2, 'not asked again' );
} );

test( 'above a loop that starts at the edges of the window, the box makes a column of its own', async () => {
	const left = async () => ( await fixture.part( 'input' ).boundingBox() ).x;
	await fixture.open( '?form=search&theme=classic' );
	const inColumn = await left();
	assert.equal( inColumn, ( await fixture.page.locator( '#below' ).boundingBox() ).x );
	await fixture.page.evaluate( () => ( document.body.style.cssText = 'max-width: none; padding: 0' ) );
	assert.equal( await left(), ( DESKTOP.width - 640 ) / 2 );
	await fixture.page.setViewportSize( PHONE );
	assert.equal( await left(), 16 );
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
	test( `the form ${ form } keeps its edges in forced colours, in a classic theme and at 400 %`, async () => {
		await fixture.page.emulateMedia( { forcedColors: 'active', reducedMotion: 'reduce' } );
		await fixture.page.setViewportSize( { width: 320, height: 256 } );
		await fixture.open( `?form=${ form }&theme=classic` );
		if ( form === 'panel' ) {
			await fixture.part( 'open' ).click();
		}
		await ask( fixture.box, QUESTION );
		await outcome( fixture.box );
		assert.equal( await fixture.page.evaluate( () => document.documentElement.scrollWidth ), 320 );
		await fixture.part( 'no' ).click( { timeout: 10_000 } );
		assert.equal( await fixture.part( 'why' ).isVisible(), true, 'what stands in the answer can be reached' );
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
