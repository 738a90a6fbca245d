import assert from 'node:assert/strict';
import { test } from 'node:test';

import { STREAM, BEGINNING, QUESTION, useBox } from './box-fixture.mjs';
import { DESKTOP, PHONE, accessibilityProblems, ask, keepScreenshot, outcome } from './browser.mjs';
import { contract, errorOf, streamOf, streamOfAnswer } from './fake-site.mjs';

const HOSTILE = '<img src=x onerror="window.isHurt = true"><script>window.isHurt = true</script>';
const fixture = useBox();

test( 'each line has the direction of its own words', async () => {
	await fixture.open( '?dir=rtl' );
	fixture.site.answer = streamOfAnswer( { answer: [ 'ساعات العمل', '', '| اليوم | Open |', '|---|---|', '| السبت | 7 to 12 |', '', '- Bread.' ].join( '\n' ) } );
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	const left = ( text, part ) => fixture.part( 'text' ).getByText( text, { exact: true } ).evaluate( ( element, wanted ) => {
		const range = document.createRange();
		range.setStart( element.firstChild, element.firstChild.data.indexOf( wanted ) );
		range.setEnd( element.firstChild, element.firstChild.data.indexOf( wanted ) + 1 );
		return range.getBoundingClientRect().left;
	}, part );
	assert.ok( await left( '7 to 12', '7' ) < await left( '7 to 12', '12' ) );
	assert.ok( await left( 'Bread.', 'B' ) < await left( 'Bread.', '.' ) );
	assert.ok( await left( 'Bread.', 'B' ) > DESKTOP.width / 2, 'beside its bullet' );
} );

test( 'the button of a box with a background of its own has the colours of the box', async () => {
	await fixture.open( '?theme=classic' );
	await fixture.box.evaluate( ( element ) => {
		element.classList.add( 'has-background' );
		element.style.cssText = 'background: #222; color: #fff';
	} );
	assert.deepEqual( await fixture.part( 'button' ).evaluate( ( button ) => [ 'color', 'backgroundColor', 'borderTopColor' ].map( ( name ) => getComputedStyle( button )[ name ] ) ), [ 'rgb(255, 255, 255)', 'rgba(0, 0, 0, 0)', 'rgb(255, 255, 255)' ] );
} );

test( 'two boxes on a page do not know of each other', async () => {
	await fixture.open( '?boxes=2' );
	const second = fixture.page.locator( '.rag-ask' ).nth( 1 );
	await ask( second, 'In the second box' );
	await outcome( second );
	assert.equal( await fixture.part( 'log' ).isVisible(), false );
	fixture.site.answer = streamOfAnswer( { outcome: 'abstained' } );
	await ask( fixture.box, 'In the first box' );
	assert.equal( await outcome( fixture.box ), 'abstained' );
	assert.equal( await fixture.part( 'text', second ).textContent(), 'The shop opens at seven1.' );
	assert.equal( fixture.site.tokens, 1 );
} );

test( 'a box that a script adds later works', async () => {
	await fixture.box.evaluate( ( element ) => element.after( element.cloneNode( true ) ) );
	const added = fixture.page.locator( '.rag-ask' ).nth( 1 );
	await ask( added, QUESTION );
	assert.equal( await outcome( added ), 'answered' );
} );

test( 'HTML and script addresses from a model or a post stay text', async () => {
	const source = { number: 1, title: HOSTILE, url: 'javascript:window.isHurt=true', heading: HOSTILE };
	fixture.site.answer = streamOfAnswer( { answer: `${ HOSTILE } [1] [9]`, sources: [ source ], citations: [ { ...source, quote: HOSTILE } ] } );
	await ask( fixture.box, HOSTILE );
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.equal( await fixture.text(), `${ HOSTILE }1 [9]` );
	assert.equal( await fixture.box.locator( 'a[href^="javascript" i], .rag-ask__text a, img, script' ).count(), 0 );
	assert.equal( await fixture.page.evaluate( () => window.isHurt ), undefined );
} );

for ( const query of [ '', '?theme=dark', '?dir=rtl' ] ) {
	test( `axe finds nothing on the page${ query }, in any state`, async () => {
		await fixture.open( query );
		await fixture.page.emulateMedia( { reducedMotion: 'reduce' } );
		const states = {
			none: null,
			waiting: () => {},
			streaming: streamOf( BEGINNING, true ),
			answered: streamOfAnswer( {} ),
			quoted: streamOfAnswer( { outcome: 'quoted' } ),
			abstained: streamOfAnswer( contract( 'ask-abstained' ) ),
			error: errorOf( 'rate_limited' ),
		};
		for ( const [ state, answer ] of Object.entries( states ) ) {
			if ( answer ) {
				fixture.site.answer = answer;
				await ask( fixture.box, QUESTION );
				await fixture.box.locator( `[data-state="${ state }"]:last-child` ).waitFor();
			}
			assert.deepEqual( await accessibilityProblems( fixture.page, '.rag-ask' ), [], state );
			if ( [ 'none', 'answered' ].includes( state ) ) {
				const look = query ? query.split( '=' )[ 1 ] : 'light';
				await keepScreenshot( fixture.page, `${ look }-${ state }-phone`, { width: PHONE.width, height: state === 'none' ? 420 : 860 } );
			}
		}
	} );
}

for ( const width of [ 320, PHONE.width, DESKTOP.width ] ) {
	test( `nothing sticks out at ${ width } px`, async () => {
		await fixture.page.setViewportSize( { width, height: 740 } );
		const endless = 'w'.repeat( 300 );
		const [ citation ] = contract( 'ask-response' ).citations;
		fixture.site.answer = streamOfAnswer( { answer: `${ endless } [1]`, citations: [ { ...citation, title: endless, heading: endless, quote: endless } ] } );
		await ask( fixture.box, QUESTION );
		await outcome( fixture.box );
		assert.equal( await fixture.page.evaluate( () => document.documentElement.scrollWidth ), width );
		const { x, width: buttonWidth } = await fixture.part( 'button' ).boundingBox();
		assert.ok( x + buttonWidth <= width );
	} );
}

test( 'the page below moves when the visitor asks, and not when a short answer comes', async () => {
	const asked = new Promise( ( resolve ) => ( fixture.site.answer = resolve ) );
	await ask( fixture.box, QUESTION );
	await fixture.box.locator( '[data-state="waiting"]' ).waitFor();
	const below = () => fixture.page.locator( '#below' ).boundingBox();
	const { y } = await below();
	streamOf( STREAM )( await asked );
	await outcome( fixture.box );
	assert.equal( ( await below() ).y, y );
} );

test( 'without JavaScript the form posts to its page', async () => {
	const context = await fixture.browser.newContext( { javaScriptEnabled: false } );
	const plain = await context.newPage();
	await plain.goto( fixture.site.url );
	const posted = plain.waitForRequest( ( request ) => request.method() === 'POST' );
	await ask( plain.locator( '.rag-ask' ), 'opening hours' );
	assert.equal( ( await posted ).postData(), 'rag_ask_question=opening+hours&rag_ask_box=rag-ask-1' );
	await context.close();
} );
