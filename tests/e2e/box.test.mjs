import assert from 'node:assert/strict';
import { test } from 'node:test';

import { STREAM, BEGINNING, QUESTION, useBox } from './box-fixture.mjs';
import { accessibilityProblems, ask, keepScreenshot, outcome } from './browser.mjs';
import { TEXTS, contract, errorOf, streamOf, streamOfAnswer } from './fake-site.mjs';

const fixture = useBox();

test( 'an answer streams in and ends with its cited sources', async () => {
	fixture.site.answer = streamOf( BEGINNING, true );
	await ask( fixture.box, QUESTION );
	await fixture.box.locator( '[data-state="streaming"]' ).waitFor();
	assert.equal( await fixture.text(), 'The shop opens ' );
	assert.equal( await fixture.turn().getAttribute( 'aria-busy' ), 'true' );
	assert.equal( await fixture.part( 'log' ).getAttribute( 'aria-live' ), 'polite' );
	await keepScreenshot( fixture.page, 'streaming', { width: 760, height: 560 } );

	fixture.site.requests[ 0 ].response.end( STREAM.slice( BEGINNING.length ) );
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.equal( await fixture.turn().getAttribute( 'aria-busy' ), 'false' );
	assert.equal( await fixture.text(), 'The shop opens at seven1.' );
	assert.equal( await fixture.part( 'status' ).isVisible(), false );
	const href = 'http://localhost:8888/opening-hours/#:~:text=We%20open%20at%20seven.';
	assert.equal( await fixture.part( 'marker' ).locator( 'a' ).getAttribute( 'href' ), href );
	assert.equal( await fixture.part( 'source' ).locator( 'a' ).getAttribute( 'href' ), href );
	assert.deepEqual( await fixture.part( 'source' ).locator( '> *' ).allTextContents(), [ 'Opening hours', 'Shop', 'We open at seven.' ] );
	assert.ok( await fixture.hasFocus( 'input' ), 'the focus stayed' );
} );

test( 'the request is the one of the contract', async () => {
	await ask( fixture.box, `  ${ QUESTION } ` );
	await outcome( fixture.box );
	const { response, ...request } = fixture.site.requests[ 0 ];
	assert.ok( response.writableEnded );
	const { question, conversation } = contract( 'ask-request' );
	assert.deepEqual( request, { question, conversation, authorization: 'Bearer token-1', accept: 'text/event-stream', method: 'POST' } );
} );

test( 'only cited sources are listed, under their own numbers', async () => {
	const { sources } = contract( 'ask-response' );
	fixture.site.answer = streamOfAnswer( { answer: 'By bus [2].', citations: [ { ...sources[ 1 ], quote: '' } ] } );
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	assert.equal( await fixture.part( 'source' ).count(), 1 );
	assert.equal( await fixture.part( 'source' ).evaluate( ( item ) => item.value ), 2 );
	assert.equal( await fixture.part( 'source' ).textContent(), 'Find us' );
	assert.equal( await fixture.part( 'marker' ).textContent(), '2' );
} );

test( 'a cited section shows its image, of this site alone and of a size that is known before it loads', async () => {
	const [ image ] = contract( 'ask-response' ).images;
	const images = [ '/picture.gif', 'https://elsewhere.example/picture.gif', '/picture.gif.html' ].map( ( url ) => ( { ...image, url: new URL( url, fixture.site.url ).href } ) );
	fixture.site.answer = streamOfAnswer( { images } );
	const loaded = fixture.page.waitForResponse( /picture\.gif$/ );
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	assert.deepEqual( await fixture.part( 'image' ).evaluateAll( ( all ) => all.map( ( { alt, loading, width, height, clientWidth } ) => [ alt, loading, clientWidth > 60 && clientWidth < 130, width > height ] ) ).then( ( all ) => all[ 0 ] ), [ image.alt, 'lazy', true, true ] );
	await loaded;
	await fixture.page.waitForFunction( () => document.querySelectorAll( '.rag-ask__image' ).length === 1 );
	assert.deepEqual( await fixture.part( 'source' ).locator( '> *' ).first().getAttribute( 'src' ), images[ 0 ].url );
	assert.deepEqual( await accessibilityProblems( fixture.page, '.rag-ask' ), [] );
	await fixture.box.evaluate( ( element ) => delete element.dataset.images );
	await fixture.box.evaluate( ( element ) => element.after( element.cloneNode( true ) ) );
	const without = fixture.page.locator( '.rag-ask' ).nth( 1 );
	await ask( without, QUESTION );
	await outcome( without );
	assert.equal( await without.locator( '.rag-ask__answer:last-child img' ).count(), 0, 'switched off' );
} );

test( 'a quoted answer says that it is one', async () => {
	fixture.site.answer = streamOfAnswer( { outcome: 'quoted' } );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'quoted' );
	assert.equal( await fixture.status(), TEXTS.quoted_notice );
	assert.equal( await fixture.part( 'source' ).count(), 1 );
} );

test( 'an answer of the owner is cited as a note, without a link where no page was chosen', async () => {
	fixture.site.answer = streamOfAnswer( contract( 'ask-note' ) );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'quoted' );
	const sources = fixture.box.locator( '.rag-ask__sources' );
	assert.match( await sources.innerText(), /Do you deliver on Saturdays\?.*Note of the site/s );
	assert.equal( await sources.locator( 'a' ).count(), 0 );
	assert.equal( await fixture.box.locator( '.rag-ask__marker a' ).count(), 0 );
} );

test( 'a quoted answer is laid out as on its page', async () => {
	fixture.site.answer = streamOfAnswer( contract( 'ask-quoted' ) );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'quoted' );
	const excerpt = fixture.part( 'excerpt' );
	assert.equal( await excerpt.count(), 1 );
	assert.equal( await fixture.part( 'piece-heading' ).textContent(), 'Shop' );
	assert.deepEqual( await excerpt.locator( 'ul > li' ).allTextContents(), [ 'Bread from seven', 'Cakes from nine' ] );
	assert.deepEqual( await excerpt.locator( 'th' ).allTextContents(), [ 'Day', 'Open' ] );
	assert.deepEqual( await excerpt.locator( 'td' ).allTextContents(), [ 'Saturday', '7 to 12', 'Sunday', '8 to 111' ] );
	assert.equal( await excerpt.locator( 'sup a' ).count(), 1 );
	await keepScreenshot( fixture.page, 'quoted', { width: 760, height: 800 } );
	assert.equal( await fixture.part( 'source' ).count(), 1 );
} );

test( 'numbers of steps are kept, and rows that do not match are lines', async () => {
	const pieces = [
		{ kind: 'list', lines: [ '3. Knead.', '4. Bake.' ] },
		{ kind: 'table', lines: [ 'Day: Monday; Open: 9 to 12', 'Note: closed; On: holidays' ] },
		{ kind: 'paragraph', lines: [ '<b>Bold</b>' ] },
	];
	fixture.site.answer = streamOfAnswer( { ...contract( 'ask-quoted' ), excerpts: [ { number: 1, pieces } ] } );
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	assert.deepEqual( await fixture.part( 'excerpt' ).locator( 'ol > li' ).evaluateAll( ( items ) => items.map( ( item ) => item.value ) ), [ 3, 4 ] );
	assert.equal( await fixture.part( 'excerpt' ).locator( 'table' ).count(), 0 );
	assert.match( await fixture.text(), /Note: closed; On: holidays.*<b>Bold<\/b>1/s );
} );

test( 'what may help is no answer, and says so', async () => {
	fixture.site.answer = streamOfAnswer( contract( 'ask-unsure' ) );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'unsure' );
	assert.equal( await fixture.status(), TEXTS.unsure_notice );
	await keepScreenshot( fixture.page, 'unsure', { width: 760, height: 860 } );
	assert.equal( await fixture.part( 'excerpt' ).count(), 1 );
	assert.equal( await fixture.part( 'source' ).count(), 1 );
} );

test( 'an abstained answer is "not on this site", whatever else it holds', async () => {
	fixture.site.answer = streamOfAnswer( { outcome: 'abstained' } );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'abstained' );
	assert.equal( await fixture.status(), TEXTS.not_on_site );
	assert.equal( await fixture.text(), '' );
	assert.equal( await fixture.part( 'sources' ).isVisible(), false );
} );

test( 'without an answer the nearest pages are named, until the next question', async () => {
	fixture.site.answer = streamOfAnswer( contract( 'ask-abstained' ) );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'abstained' );
	const links = fixture.part( 'suggestions' ).locator( 'a' );
	assert.deepEqual( await links.allTextContents(), [ 'Opening hours', 'Find us' ] );
	assert.equal( await links.first().getAttribute( 'href' ), 'http://localhost:8888/opening-hours/' );
	assert.equal( await fixture.part( 'sources' ).isVisible(), false );

	fixture.site.answer = streamOf( STREAM );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.equal( await fixture.part( 'suggestions' ).isVisible(), false );
} );

test( 'past the daily budget the answer is quoted', async () => {
	fixture.site.answer = streamOfAnswer( { outcome: 'budget_exhausted' } );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'quoted' );
	assert.equal( await fixture.status(), TEXTS.quoted_notice );
	assert.equal( await fixture.part( 'source' ).count(), 1 );
} );

test( 'the conversation goes along with the next question, and is dropped when it is refused', async () => {
	const { conversation } = contract( 'ask-response' );
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	await ask( fixture.box, 'And on Sundays?' );
	await outcome( fixture.box );
	fixture.site.answer = ( response, { conversation: sent } ) => ( sent ? errorOf( 'conversation_invalid' ) : streamOf( STREAM ) )( response );
	await ask( fixture.box, 'And on Mondays?' );
	assert.equal( await outcome( fixture.box ), 'answered' );
	const sent = fixture.site.requests.map( ( request ) => [ request.question, request.conversation ] );
	assert.deepEqual( sent, [
		[ QUESTION, '' ],
		[ 'And on Sundays?', conversation ],
		[ 'And on Mondays?', conversation ],
		[ 'And on Mondays?', '' ],
	] );
} );

test( 'a new question takes the place of the one under way', async () => {
	fixture.site.answer = streamOf( BEGINNING, true );
	await ask( fixture.box, 'An old question' );
	await fixture.box.locator( '[data-state="streaming"]' ).waitFor();
	const closed = new Promise( ( resolve ) => fixture.site.requests[ 0 ].response.on( 'close', resolve ) );
	fixture.site.answer = streamOf( STREAM );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.equal( await fixture.text(), 'The shop opens at seven1.' );
	await closed;
} );

test( 'a page from a cache works: it holds no token, and one token serves several questions', async () => {
	const html = await ( await fetch( fixture.site.url ) ).text();
	assert.doesNotMatch( html, /Bearer|token-\d|nonce|eyJ/ );
	await fixture.page.clock.install();
	await fixture.open();
	assert.equal( fixture.site.tokens, 0 );
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	await ask( fixture.box, 'Another one' );
	await outcome( fixture.box );
	assert.equal( fixture.site.tokens, 1 );
	await fixture.page.clock.fastForward( 281_000 );
	await ask( fixture.box, 'After 281 of 300 seconds' );
	await outcome( fixture.box );
	assert.deepEqual( fixture.site.requests.map( ( { authorization } ) => authorization ), [ 'Bearer token-1', 'Bearer token-1', 'Bearer token-2' ] );
	assert.deepEqual( await fixture.page.evaluate( () => [ localStorage.length, document.cookie ] ), [ 0, '' ] );
} );
