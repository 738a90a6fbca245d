import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BEGINNING, QUESTION, STREAM, useBox } from './box-fixture.mjs';
import { accessibilityProblems, ask, keepScreenshot, outcome } from './browser.mjs';
import { TEXTS, contract, streamOf, streamOfAnswer } from './fake-site.mjs';

const fixture = useBox();
const questions = () => fixture.box.locator( '.rag-ask__question' ).allTextContents();

test( 'turns stay, each with its sources, until a new conversation', async () => {
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	fixture.site.answer = streamOfAnswer( contract( 'ask-quoted' ) );
	await ask( fixture.box, 'And on Sundays?' );
	assert.equal( await outcome( fixture.box ), 'quoted' );
	assert.deepEqual( await questions(), [ QUESTION, 'And on Sundays?' ] );
	assert.equal( await fixture.box.locator( '.rag-ask__source' ).count(), 2 );
	assert.equal( await fixture.part( 'input' ).getAttribute( 'placeholder' ), TEXTS.follow_up );
	assert.equal( await fixture.part( 'starters' ).isVisible(), false );

	await fixture.part( 'fresh' ).click();
	assert.deepEqual( await questions(), [] );
	assert.ok( await fixture.hasFocus( 'input' ) );
	await ask( fixture.box, 'A new one' );
	await outcome( fixture.box );
	assert.equal( fixture.site.requests.at( -1 ).conversation, '' );
	assert.deepEqual( await fixture.page.evaluate( () => [ localStorage.length, document.cookie ] ), [ 0, '' ] );
} );

test( 'it survives a look at a source, goes on, and does not outlive a logout', async () => {
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	await fixture.page.goto( `${ fixture.site.url }/elsewhere` );
	assert.deepEqual( await questions(), [], 'another page has another box' );
	await fixture.open();
	assert.deepEqual( await questions(), [ QUESTION ] );
	assert.equal( await fixture.text(), 'The shop opens at seven1.' );
	await ask( fixture.box, 'And on Sundays?' );
	await outcome( fixture.box );
	assert.equal( fixture.site.requests.at( -1 ).conversation, contract( 'ask-response' ).conversation );
	await fixture.open( '?theme=logged-in' );
	assert.deepEqual( await questions(), [] );
} );

test( 'the pages are named before the first word', async () => {
	fixture.site.answer = streamOf( STREAM.slice( 0, STREAM.indexOf( 'event: delta' ) ), true );
	await ask( fixture.box, QUESTION );
	await fixture.part( 'source' ).waitFor();
	assert.equal( await fixture.state(), 'waiting' );
	assert.equal( await fixture.part( 'sources' ).getAttribute( 'aria-label' ), TEXTS.reading );
	await fixture.part( 'source' ).locator( 'a' ).focus();
	fixture.site.requests[ 0 ].response.end( STREAM.slice( STREAM.indexOf( 'event: delta' ) ) );
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.equal( await fixture.part( 'sources' ).getAttribute( 'aria-label' ), TEXTS.sources );
	assert.ok( await fixture.part( 'source' ).locator( 'a' ).evaluate( ( link ) => link === document.activeElement ), 'the focus stays on its source' );
} );

for ( const [ how, press ] of [ [ 'the button', () => fixture.part( 'stop' ).click() ], [ 'Esc', () => fixture.page.keyboard.press( 'Escape' ) ] ] ) {
	test( `${ how } stops an answer, and it can be asked again`, async () => {
		fixture.site.answer = streamOf( BEGINNING, true );
		await ask( fixture.box, QUESTION );
		await fixture.box.locator( '[data-state="streaming"]' ).waitFor();
		const closed = new Promise( ( resolve ) => fixture.site.requests[ 0 ].response.on( 'close', resolve ) );
		await press();
		assert.equal( await outcome( fixture.box ), 'stopped' );
		assert.equal( await fixture.status(), TEXTS.error_stopped );
		assert.equal( await fixture.text(), 'The shop opens ' );
		assert.ok( await fixture.hasFocus( 'input' ) );
		await closed;
		fixture.site.answer = streamOf( STREAM );
		await fixture.part( 'retry' ).click();
		assert.equal( await outcome( fixture.box ), 'answered' );
		assert.deepEqual( await questions(), [ QUESTION ] );
	} );
}

test( 'an answer is copied with its sources, and a link asks its question once', async () => {
	await fixture.page.context().grantPermissions( [ 'clipboard-read', 'clipboard-write' ] );
	const clipboard = () => fixture.page.evaluate( () => navigator.clipboard.readText() );
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	await fixture.part( 'copy' ).click();
	await fixture.page.getByText( TEXTS.copied ).waitFor();
	assert.equal( await clipboard(), 'The shop opens at seven [1].\n\n[1] Opening hours http://localhost:8888/opening-hours/' );
	await fixture.part( 'share' ).click();
	await fixture.page.waitForFunction( async () => ( await navigator.clipboard.readText() ).includes( '#rag-ask=' ) );
	const address = await clipboard();

	await fixture.part( 'fresh' ).click();
	await fixture.page.goto( 'about:blank' );
	await fixture.page.goto( address );
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.deepEqual( fixture.site.requests.map( ( { question } ) => question ), [ QUESTION, QUESTION ] );
	assert.ok( fixture.site.paths.every( ( path ) => ! path.includes( 'open' ) ) );
	await fixture.page.reload();
	assert.deepEqual( await questions(), [ QUESTION ] );
	assert.equal( fixture.site.requests.length, 2 );
	await fixture.page.evaluate( () => ( location.hash = '#rag-ask=And%20on%20Sundays%3F' ) );
	await fixture.page.getByText( 'And on Sundays?' ).waitFor();
} );

test( 'what another version of the script stored is forgotten', async () => {
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	await fixture.page.evaluate( () => {
		const key = sessionStorage.key( 0 );
		sessionStorage.setItem( key, JSON.stringify( { ...JSON.parse( sessionStorage.getItem( key ) ), turns: [ { question: 'Old', answer: { outcome: 'answered' } } ] } ) );
	} );
	await fixture.open();
	assert.deepEqual( await questions(), [] );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'answered' );
} );

test( 'a suggested question is asked by a press', async () => {
	await fixture.part( 'starter' ).last().click();
	await outcome( fixture.box );
	assert.equal( fixture.site.requests[ 0 ].question, 'Do you deliver?' );
} );

test( 'after an answer further questions are offered, of the newest turn alone', async () => {
	fixture.site.answer = streamOfAnswer( {} );
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	assert.deepEqual( await fixture.part( 'further' ).locator( 'button' ).allTextContents(), contract( 'ask-response' ).further_questions );
	await keepScreenshot( fixture.page, 'answered', { width: 760, height: 680 } );
	assert.deepEqual( await accessibilityProblems( fixture.page, '.rag-ask' ), [] );
	await fixture.part( 'further' ).locator( 'button' ).first().click();
	await outcome( fixture.box );
	assert.deepEqual( await questions(), [ QUESTION, contract( 'ask-response' ).further_questions[ 0 ] ] );
	assert.deepEqual( await fixture.box.locator( '.rag-ask__further' ).evaluateAll( ( lists ) => lists.map( ( list ) => list.checkVisibility() ) ), [ false, true ] );
} );

test( 'what a box is limited to goes along', async () => {
	const filter = { types: [ 'page' ], terms: [ { taxonomy: 'category', name: 'Visit us' } ] };
	await fixture.open( `?filter=${ encodeURIComponent( JSON.stringify( filter ) ) }` );
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	assert.deepEqual( fixture.site.requests[ 0 ].filter, filter );
} );

test( 'without an answer: what the site search finds, and a way to a human that takes the question along', async () => {
	fixture.site.found = [ { title: 'Find us', url: 'http://localhost:8888/find-us/' }, { title: 'Bread & <b>tea</b>', url: 'http://localhost:8888/tea/' } ];
	fixture.site.answer = streamOfAnswer( contract( 'ask-abstained' ) );
	await ask( fixture.box, QUESTION );
	await fixture.part( 'found' ).locator( 'a' ).waitFor();
	assert.deepEqual( await fixture.part( 'found' ).locator( 'a' ).allTextContents(), [ 'Bread & <b>tea</b>' ], 'no page twice' );
	assert.deepEqual( fixture.site.searches, [ QUESTION ] );
	await keepScreenshot( fixture.page, 'abstained', { width: 760, height: 620 } );
	assert.equal( await fixture.part( 'contact' ).locator( 'a' ).getAttribute( 'href' ), `mailto:help@example.org?body=${ encodeURIComponent( QUESTION ) }` );
	assert.deepEqual( await accessibilityProblems( fixture.page, '.rag-ask' ), [] );
} );

test( 'a model\'s text is laid out, and stays text', async () => {
	const answer = [ '# Courses', 'We have **two [1]** and `x < 1`:', '', '- Rye [1]', '', '- Wheat', '3. Knead', '4. Bake', '| Day | Open |', '|---|---|', '| Sunday | 8 [1] |', '```', '<b>1</b>', '```', 'The **end, *only* 2 * 3*4 *' ].join( '\n' );
	fixture.site.answer = streamOfAnswer( { answer } );
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	const text = fixture.part( 'text' );
	assert.equal( await text.locator( '> .rag-ask__piece-heading' ).textContent(), 'Courses' );
	assert.equal( await text.locator( 'strong' ).textContent(), 'two1' );
	assert.deepEqual( await text.locator( 'ul > li' ).allTextContents(), [ 'Rye1', 'Wheat' ] );
	assert.deepEqual( await text.locator( 'ol > li' ).evaluateAll( ( items ) => items.map( ( { value } ) => value ) ), [ 3, 4 ] );
	assert.deepEqual( await text.locator( 'th, td' ).allTextContents(), [ 'Day', 'Open', 'Sunday', '81' ] );
	assert.deepEqual( await text.locator( 'code' ).allTextContents(), [ 'x < 1', '<b>1</b>' ] );
	assert.equal( await text.locator( '> :last-child' ).textContent(), 'The **end, only 2 * 3*4 *' );
	assert.equal( await text.locator( 'em' ).textContent(), 'only' );
	assert.deepEqual( await accessibilityProblems( fixture.page, '.rag-ask' ), [] );
} );

test( 'a citation shows its quote on hover, on focus and on the first tap', async () => {
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	const card = fixture.page.locator( '.rag-ask__card' );
	const marker = fixture.part( 'marker' ).locator( 'a' );
	const isTarget = await marker.evaluate( ( link ) => {
		const { left, top, width, height } = link.getBoundingClientRect();
		return [ -11, 11 ].every( ( by ) => link === document.elementFromPoint( left + width / 2 + by, top + height / 2 + by ) );
	} );
	assert.ok( isTarget, '24 px each way' );
	await marker.hover();
	assert.equal( await card.innerText(), 'Opening hours\nWe open at seven.' );
	await card.hover();
	await card.waitFor();
	await fixture.page.keyboard.press( 'Escape' );
	await card.waitFor( { state: 'detached' } );
	await marker.focus();
	await card.waitFor();
	assert.equal( await marker.getAttribute( 'aria-describedby' ), await card.getAttribute( 'id' ) );
	assert.deepEqual( await accessibilityProblems( fixture.page, '.rag-ask' ), [] );
	await fixture.part( 'input' ).focus();
	await card.waitFor( { state: 'detached' } );
} );

test( 'on a phone the first tap quotes, the second one leads there', async () => {
	const context = await fixture.browser.newContext( { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } } );
	const phone = await context.newPage();
	await phone.goto( fixture.site.url );
	const box = phone.locator( '.rag-ask' );
	fixture.site.answer = streamOfAnswer( { citations: [ { ...contract( 'ask-response' ).citations[ 0 ], fragment_url: `${ fixture.site.url }/elsewhere` } ] } );
	await ask( box, QUESTION );
	await outcome( box );
	await box.locator( '.rag-ask__marker a' ).tap();
	await phone.locator( '.rag-ask__card' ).waitFor();
	assert.doesNotMatch( phone.url(), /elsewhere/ );
	await box.locator( '.rag-ask__marker a' ).tap();
	await phone.waitForURL( /elsewhere/ );
	await context.close();
} );

test( 'the page is told of questions, answers and ratings, without their texts', async () => {
	await fixture.page.evaluate( () => {
		window.told = [];
		for ( const name of [ 'question', 'answer', 'feedback' ] ) {
			document.addEventListener( `rag-ask:${ name }`, ( { type, detail } ) => window.told.push( [ type, { ...detail, milliseconds: undefined } ] ) );
		}
	} );
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	await fixture.part( 'yes' ).click();
	await fixture.page.waitForFunction( () => window.told.length === 3 );
	assert.deepEqual( await fixture.page.evaluate( () => JSON.parse( JSON.stringify( window.told ) ) ), [
		[ 'rag-ask:question', { form: 'page' } ],
		[ 'rag-ask:answer', { form: 'page', outcome: 'answered' } ],
		[ 'rag-ask:feedback', { form: 'page', rating: 'up' } ],
	] );
} );

test( 'no request before a visitor touches the box, and its token on the first touch', async () => {
	await fixture.page.waitForLoadState( 'networkidle' );
	assert.deepEqual( fixture.site.paths.filter( ( path ) => path !== '/' ), [ '/style.css', '/box.js' ] );
	const token = fixture.page.waitForResponse( /token/ );
	await fixture.part( 'input' ).focus();
	await token;
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	assert.equal( fixture.site.tokens, 1 );
} );
