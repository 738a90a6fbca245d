/**
 * From a visitor's question that nobody answers to a post of that title, on the local site.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { DESKTOP, accessibilityProblems, ask, launch, outcome, takeScreenshots } from './browser.mjs';
import { SITE_URL, logIn, openEditor, visit } from './local-site.mjs';

const UNANSWERED = 'How many moons does Jupiter have?';
const ANSWERED = 'How much is the sourdough course and when is it?';
const TAB = `${ SITE_URL }/wp-admin/options-general.php?page=rag-ask&tab=questions`;

let browser;

before( async () => {
	browser = await launch();
} );
after( () => browser.close() );

test( 'a question without an answer becomes a post, and a rating is counted', async () => {
	const visitor = await visit( browser, '/', { viewport: DESKTOP } );
	const box = visitor.locator( '.rag-ask' ).first();
	await ask( box, UNANSWERED );
	assert.equal( await outcome( box ), 'abstained' );
	await ask( box, ANSWERED );
	assert.equal( await outcome( box ), 'quoted' );
	const rated = visitor.waitForResponse( /\/v1\/feedback$/ );
	await box.getByRole( 'button', { name: 'Yes' } ).click();
	assert.equal( ( await rated ).status(), 204 );
	await takeScreenshots( visitor, 'rated', () => box.scrollIntoViewIfNeeded() );

	const owner = await logIn( browser, { viewport: DESKTOP } );
	await owner.goto( TAB );
	await owner.getByRole( 'button', { name: 'Fetch now' } ).click();
	const gap = owner.locator( '.rag-ask-questions__list > li' ).filter( { hasText: UNANSWERED } );
	await gap.waitFor();
	assert.match( await owner.locator( '.rag-ask-questions__numbers' ).innerText(), /[1-9]\d* yes/ );
	assert.match( await owner.locator( '.rag-ask-questions__top' ).innerText(), /sourdough course/ );
	assert.deepEqual( await accessibilityProblems( owner, '.rag-ask-questions' ), [] );
	assert.ok( await owner.getByRole( 'img', { name: /Questions per day/ } ).isVisible() );
	await takeScreenshots( owner, 'questions', async () => {
		const overflow = await owner.evaluate( () => document.documentElement.scrollWidth - document.documentElement.clientWidth );
		assert.ok( overflow <= 0, `${ overflow } px too wide` );
	} );
	const path = new URL( await gap.getByRole( 'link', { name: /Write a post/ } ).getAttribute( 'href' ) );
	const canvas = await openEditor( owner, `post-new.php${ path.search }` );
	assert.equal( await canvas.locator( '.wp-block-post-title' ).innerText(), UNANSWERED );
	assert.equal( await canvas.locator( 'ul li' ).first().innerText(), UNANSWERED );
} );

test( 'the owner writes the answer, and the visitor gets it as a note of the site', async () => {
	const owner = await logIn( browser, { viewport: DESKTOP } );
	await owner.goto( TAB );
	const gap = owner.locator( '.rag-ask-questions__list > li' ).filter( { hasText: UNANSWERED } );
	await gap.getByRole( 'link', { name: /Write the answer/ } ).click();
	assert.equal( await owner.getByRole( 'textbox', { name: 'The question', exact: true } ).inputValue(), UNANSWERED );
	await owner.getByRole( 'button', { name: 'Code', exact: true } ).click();
	await owner.locator( '#content' ).fill( 'Ninety-seven. We counted them twice.' );
	await owner.getByRole( 'textbox', { name: 'Other wordings of the question' } ).fill( 'Jupiter moons count' );
	await takeScreenshots( owner, 'note', () => fits( owner ) );
	assert.deepEqual( await accessibilityProblems( owner, '#rag-ask-wordings, #rag-ask-page' ), [] );
	await owner.getByRole( 'button', { name: 'Publish', exact: true } ).click();
	await owner.getByText( 'Visitors who ask this get your answer' ).waitFor();
	await owner.goto( `${ SITE_URL }/wp-admin/edit.php?post_type=rag_ask_note` );
	await owner.locator( 'tr', { hasText: UNANSWERED } ).getByText( 'We counted them twice' ).waitFor();
	await takeScreenshots( owner, 'notes' );

	const visitor = await visit( browser, '/', { viewport: DESKTOP } );
	const box = visitor.locator( '.rag-ask' ).first();
	for ( let tries = 0; ; tries++ ) {
		await ask( box, 'how many moons does jupiter have' );
		await outcome( box );
		if ( ( await box.locator( '.rag-ask__sources' ).last().innerText() ).includes( 'Note of the site' ) ) {
			break;
		}
		assert.ok( tries < 20, 'the note was not indexed' );
		await visitor.waitForTimeout( 3000 );
	}
	const turn = box.locator( '.rag-ask__answer' ).last();
	assert.match( await turn.innerText(), /Ninety-seven\. We counted them twice/ );
	assert.equal( await turn.locator( '.rag-ask__sources a' ).count(), 0, 'no page, no link' );
	await takeScreenshots( visitor, 'answered-by-note', () => box.scrollIntoViewIfNeeded() );

	await owner.goto( TAB );
	await owner.getByRole( 'button', { name: 'Fetch now' } ).click();
	await gap.getByText( 'answered now, by you' ).waitFor();
	await gap.getByRole( 'link', { name: /Edit your answer/ } ).waitFor();
	await takeScreenshots( owner, 'questions-answered', () => fits( owner ) );
	assert.deepEqual( await accessibilityProblems( owner, '.rag-ask-questions' ), [] );
} );

async function fits( page ) {
	const overflow = await page.evaluate( () => document.documentElement.scrollWidth - document.documentElement.clientWidth );
	assert.ok( overflow <= 0, `${ overflow } px too wide` );
}
