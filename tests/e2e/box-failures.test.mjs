import assert from 'node:assert/strict';
import { test } from 'node:test';

import { STREAM, BEGINNING, QUESTION, useBox } from './box-fixture.mjs';
import { ask, keepScreenshot, outcome } from './browser.mjs';
import { MAX_QUESTION_CHARACTERS, TEXTS, contract, errorOf, eventText, sendJson, streamOf } from './fake-site.mjs';

const fixture = useBox();

test( 'a stream that breaks off keeps its words and says so', async () => {
	fixture.site.answer = streamOf( BEGINNING );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'error' );
	assert.equal( await fixture.status(), TEXTS.truncated );
	await keepScreenshot( fixture.page, 'error-truncated' );
	assert.equal( await fixture.text(), 'The shop opens ' );
	fixture.site.answer = streamOf( STREAM );
	await fixture.part( 'retry' ).click();
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.equal( await fixture.part( 'retry' ).isVisible(), false );
	assert.ok( await fixture.hasFocus( 'input' ), 'the focus is not lost' );
} );

test( 'a connection that dies in the middle is a truncated answer', async () => {
	fixture.site.answer = streamOf( BEGINNING, true );
	await ask( fixture.box, QUESTION );
	await fixture.box.locator( '[data-state="streaming"]' ).waitFor();
	fixture.site.requests[ 0 ].response.destroy();
	assert.equal( await outcome( fixture.box ), 'error' );
	assert.equal( await fixture.status(), TEXTS.truncated );
} );

test( 'an error inside the stream is told in our words', async () => {
	fixture.site.answer = streamOf( contract( 'ask-stream' ).error_event );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'error' );
	assert.equal( await fixture.status(), TEXTS.error_provider_unavailable );
} );

test( 'too many questions: no further request until Retry-After is over', async () => {
	await fixture.page.clock.install();
	await fixture.open();
	fixture.site.answer = errorOf( 'rate_limited', { 'Retry-After': '20' } );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'error' );
	assert.equal( await fixture.status(), TEXTS.error_rate_limited );
	assert.deepEqual( await fixture.site.reported( 1 ), [ 'rate_limited' ] );
	await keepScreenshot( fixture.page, 'error-limit' );
	assert.equal( await fixture.part( 'retry' ).isDisabled(), true );
	assert.match( await fixture.part( 'retry' ).getAttribute( 'data-wait' ), /^(19|20)$/ );

	await ask( fixture.box, 'Another one' );
	assert.equal( await fixture.note(), TEXTS.error_rate_limited );
	assert.equal( await fixture.part( 'input' ).inputValue(), 'Another one', 'what was typed stays' );
	assert.equal( fixture.site.requests.length, 1 );

	fixture.site.answer = streamOf( STREAM );
	await fixture.page.clock.fastForward( 21_000 );
	await fixture.part( 'retry' ).click();
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.equal( fixture.site.requests.length, 2 );
} );

const SAID = {
	busy: 'busy',
	database_unavailable: 'unavailable',
	internal_error: 'unavailable',
	provider_unavailable: 'provider_unavailable',
	provider_rejected: 'provider_rejected',
	origin_not_allowed: 'refused',
};
for ( const [ code, said ] of Object.entries( SAID ) ) {
	test( `${ code } is told plainly, and the server's words are not shown`, async () => {
		fixture.site.answer = errorOf( code, { 'Retry-After': new Date( Date.now() + 9000 ).toUTCString() } );
		await ask( fixture.box, QUESTION );
		assert.equal( await outcome( fixture.box ), 'error' );
		assert.equal( await fixture.status(), TEXTS[ `error_${ said }` ] );
		assert.equal( await fixture.part( 'retry' ).isDisabled(), true );
		assert.doesNotMatch( await fixture.box.innerText(), /Not shown/ );
		await keepScreenshot( fixture.page, `error-${ said.split( '_' )[ 0 ] }` );
		assert.deepEqual( await fixture.site.reported( 1 ), [ said ], 'the owner learns of it' );
	} );
}

test( 'a sidecar that cannot be reached is "not available"', async () => {
	fixture.site.tokenRoute = ( response ) => sendJson( response, 200, { token: 't', expires_in: 300, ask_url: 'http://127.0.0.1:9/v1/ask' } );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'error' );
	assert.equal( await fixture.status(), TEXTS.error_unavailable );
} );

test( 'a site that waits for consent says what to do', async () => {
	fixture.site.tokenRoute = ( response ) => sendJson( response, 403, { code: 'consent_missing', message: 'Not shown.', data: { status: 403 } } );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'error' );
	assert.equal( await fixture.status(), TEXTS.error_consent_missing );
	assert.deepEqual( fixture.site.failures, [] );
} );

test( 'a token route that refuses or talks nonsense is "not available"', async () => {
	fixture.site.tokenRoute = ( response ) => sendJson( response, 503, { code: 'rag_ask_not_connected', message: 'Not shown.' } );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'error' );
	assert.equal( await fixture.status(), TEXTS.error_unavailable );
	fixture.site.tokenRoute = ( response ) => response.end( '<p>A page of a proxy</p>' );
	await fixture.part( 'retry' ).click();
	await fixture.page.waitForFunction( () => document.querySelector( '.rag-ask__answer' ).dataset.state === 'error' );
	assert.ok( fixture.site.tokens >= 2 );
	assert.equal( fixture.site.requests.length, 0 );
} );

test( 'silence for half a minute ends the wait, a comment now and then keeps it', async () => {
	await fixture.page.clock.install();
	await fixture.open();
	fixture.site.answer = streamOf( BEGINNING, true );
	await ask( fixture.box, QUESTION );
	await fixture.box.locator( '[data-state="streaming"]' ).waitFor();
	await fixture.page.clock.fastForward( 25_000 );
	fixture.site.requests[ 0 ].response.write( ': keep-alive\n\nevent: delta\ndata: {"text": "early"}\n\n' );
	await fixture.page.getByText( 'The shop opens early' ).waitFor();
	await fixture.page.clock.fastForward( 25_000 );
	assert.equal( await fixture.state(), 'streaming' );
	await fixture.page.clock.fastForward( 6_000 );
	assert.equal( await outcome( fixture.box ), 'error' );
	assert.equal( await fixture.status(), TEXTS.truncated );
} );

test( 'no answer takes longer than 75 seconds', async () => {
	await fixture.page.clock.install();
	await fixture.open();
	fixture.site.answer = streamOf( BEGINNING, true );
	await ask( fixture.box, QUESTION );
	await fixture.box.locator( '[data-state="streaming"]' ).waitFor();
	for ( const word of [ 'one', 'two', 'three' ] ) {
		await fixture.page.clock.fastForward( 20_000 );
		fixture.site.requests[ 0 ].response.write( eventText( 'delta', { text: word } ) );
		await fixture.page.getByText( word ).waitFor();
	}
	await fixture.page.clock.fastForward( 16_000 );
	assert.equal( await outcome( fixture.box ), 'error' );
} );

test( 'a refused token is fetched anew, once', async () => {
	fixture.site.answer = ( response, { authorization } ) =>
		authorization === 'Bearer token-1' ? errorOf( 'token_expired' )( response ) : streamOf( STREAM )( response );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.equal( fixture.site.tokens, 2 );

	fixture.site.answer = errorOf( 'token_invalid' );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'error' );
	assert.equal( fixture.site.requests.length, 4 );
} );

test( 'a question of blanks or with more characters than the token message allows is not sent', async () => {
	await ask( fixture.box, '   ' );
	assert.equal( await fixture.note(), TEXTS.error_question_empty );
	await fixture.part( 'input' ).evaluate( ( input, count ) => ( input.value = 'x'.repeat( count ) ), MAX_QUESTION_CHARACTERS + 1 );
	await fixture.part( 'input' ).press( 'Enter' );
	await fixture.page.getByText( TEXTS.error_question_too_long ).waitFor();
	assert.equal( await fixture.hasFocus( 'input' ), true );
	assert.equal( await fixture.part( 'log' ).isVisible(), false, 'no hole for an answer' );
	assert.equal( fixture.site.requests.length, 0 );
} );

test( 'without a network the box says that, and nothing of help that needs one', async () => {
	await fixture.page.context().setOffline( true );
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'error' );
	assert.equal( await fixture.status(), TEXTS.error_offline );
	await keepScreenshot( fixture.page, 'error-offline' );
	assert.equal( await fixture.part( 'contact' ).isVisible(), false );
	await fixture.page.context().setOffline( false );
	assert.deepEqual( await fixture.site.reported( 1 ), [ 'offline' ], 'reported once there is a network' );
	await fixture.part( 'retry' ).click();
	assert.equal( await outcome( fixture.box ), 'answered' );
} );
