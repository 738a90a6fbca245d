import assert from 'node:assert/strict';
import { test } from 'node:test';

import { QUESTION, STREAM, useBox } from './box-fixture.mjs';
import { accessibilityProblems, ask, outcome } from './browser.mjs';
import { TEXTS, contract, streamOf, streamOfAnswer } from './fake-site.mjs';

const fixture = useBox();
const button = ( name ) => fixture.part( 'rating' ).getByRole( 'button', { name } );
const pressed = () => Promise.all( [ 'Yes', 'No' ].map( async ( name ) => ( await button( name ).getAttribute( 'aria-pressed' ) ) === 'true' ) );

test( 'an answer can be rated, and rated anew', async () => {
	await ask( fixture.box, QUESTION );
	assert.equal( await outcome( fixture.box ), 'answered' );
	assert.deepEqual( await pressed(), [ false, false ] );
	for ( const [ name, rating, state ] of [ [ 'Yes', 'up', [ true, false ] ], [ 'No', 'down', [ false, true ] ] ] ) {
		const sent = fixture.page.waitForResponse( /feedback$/ );
		await button( name ).click();
		assert.equal( ( await sent ).status(), 204 );
		assert.deepEqual( await pressed(), state );
		assert.equal( await fixture.part( 'why' ).isVisible(), rating === 'down' );
		await fixture.part( 'rating' ).getByText( TEXTS.thanks ).waitFor();
		const { answer_id } = contract( 'feedback-request' );
		assert.deepEqual( fixture.site.feedback.at( -1 ), { answer_id, rating, authorization: 'Bearer token-1' } );
	}
	assert.deepEqual( await accessibilityProblems( fixture.page, '.rag-ask' ), [] );
} );

test( 'a rating that does not arrive is taken back', async () => {
	fixture.site.refusesFeedback = true;
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	await button( 'Yes' ).click();
	await fixture.page.waitForFunction( () => document.querySelector( '.rag-ask__yes' ).ariaPressed === 'false' );
	assert.equal( fixture.site.feedback.length, 1 );
} );

test( 'only what is an answer can be rated, each answer for itself', async () => {
	assert.equal( await fixture.part( 'rating' ).isVisible(), false );
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	await button( 'Yes' ).click();
	fixture.site.answer = streamOf( STREAM.slice( 0, STREAM.indexOf( 'event: answer' ) ), true );
	await ask( fixture.box, 'Another one' );
	await fixture.box.locator( '[data-state="streaming"]' ).waitFor();
	assert.equal( await fixture.part( 'rating' ).isVisible(), false );
	fixture.site.answer = streamOf( STREAM );
	await ask( fixture.box, 'A third one' );
	await outcome( fixture.box );
	assert.deepEqual( await pressed(), [ false, false ] );
	for ( const change of [ { outcome: 'abstained' }, { answer_id: undefined } ] ) {
		fixture.site.answer = streamOfAnswer( change );
		await ask( fixture.box, QUESTION );
		await outcome( fixture.box );
		assert.equal( await fixture.part( 'rating' ).isVisible(), false );
	}
} );

test( 'a no may say why', async () => {
	await ask( fixture.box, QUESTION );
	await outcome( fixture.box );
	await button( 'No' ).click();
	const why = fixture.part( 'why' );
	await why.getByLabel( 'It is wrong.' ).check();
	await why.getByRole( 'textbox' ).fill( 'Sundays are missing.' );
	assert.deepEqual( await accessibilityProblems( fixture.page, '.rag-ask' ), [] );
	await why.getByRole( 'button', { name: 'Send' } ).click();
	await why.waitFor( { state: 'hidden' } );
	const { answer_id } = contract( 'feedback-request' );
	assert.deepEqual( fixture.site.feedback.at( -1 ), { answer_id, rating: 'down', comment: 'It is wrong. Sundays are missing.', authorization: 'Bearer token-1' } );
} );
