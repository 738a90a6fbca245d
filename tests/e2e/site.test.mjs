/**
 * The box in a real theme, the block in the real editor, the settings page: how they look and that they fit.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { BEGINNING, QUESTION } from './box-fixture.mjs';
import { DESKTOP, PHONE, accessibilityProblems, ask, launch, outcome, takeScreenshots } from './browser.mjs';
import { contract, errorOf, startFakeSite, streamOf } from './fake-site.mjs';
import { deletePosts, logIn, openEditor, publish, visit } from './local-site.mjs';

const SAMPLE_QUESTION = 'How much is the sourdough course and when is it?';
const PAGE_TITLE = 'A page with the block';

let browser;
let fake;

before( async () => {
	browser = await launch();
	fake = await startFakeSite();
} );
after( async () => {
	await browser.close();
	fake.stop();
} );

/** The front page of the real site; its questions go to the fake sidecar. */
async function visitWithFakeSidecar() {
	const page = await visit( browser, '/', { viewport: DESKTOP } );
	const token = { ...contract( 'token-route' ), ...fake.routes };
	await page.route( /rag-ask(\/|%2F)v1(\/|%2F)token/, ( route ) => route.fulfill( { json: token } ) );
	return { page, box: page.locator( '.rag-ask' ).first() };
}

async function assertFits( page ) {
	const original = page.viewportSize();
	for ( const width of [ 320, PHONE.width, DESKTOP.width ] ) {
		await page.setViewportSize( { width, height: original.height } );
		assert.equal( await page.evaluate( () => document.documentElement.scrollWidth ), width );
	}
	await page.setViewportSize( original );
}

test( 'the shortcode answers, with JavaScript and without', async () => {
	for ( const javaScriptEnabled of [ true, false ] ) {
		const page = await visit( browser, '/ask/', { viewport: PHONE, javaScriptEnabled } );
		const box = page.locator( '.rag-ask' );
		await ask( box, SAMPLE_QUESTION );
		assert.match( await outcome( box ), /^(quoted|answered)$/ );
		assert.match( await box.locator( '.rag-ask__text' ).innerText(), /£\d+/ );
		assert.equal( await box.locator( '.rag-ask__source a' ).first().isVisible(), true );
		await page.context().close();
	}
} );

test( 'a page without the box loads nothing of it, and a page with it holds no secret', async () => {
	const page = await visit( browser, '/opening-hours/' );
	assert.doesNotMatch( await page.content(), /rag-ask\/blocks|rag-ask__/ );
	const response = await page.goto( new URL( '/', page.url() ).href );
	assert.match( await response.text(), /rag-ask__input/ );
	assert.doesNotMatch( await response.text(), /Bearer|nonce|eyJ|127\.0\.0\.1:\d+/ );
	await page.context().close();
} );

test( 'the box before and while it answers, and when it cannot', async () => {
	const { page, box } = await visitWithFakeSidecar();
	await takeScreenshots( page, 'box' );
	assert.deepEqual( await accessibilityProblems( page, '.rag-ask' ), [] );

	fake.answer = streamOf( BEGINNING, true );
	await ask( box, QUESTION );
	await box.locator( '[data-state="streaming"]' ).waitFor();
	await takeScreenshots( page, 'streaming' );
	await assertFits( page );

	fake.answer = () => {};
	await ask( box, QUESTION );
	await box.locator( '[data-state="waiting"]' ).waitFor();
	await takeScreenshots( page, 'waiting' );

	fake.answer = errorOf( 'rate_limited', { 'Retry-After': '42' } );
	await ask( box, QUESTION );
	assert.equal( await outcome( box ), 'error' );
	await takeScreenshots( page, 'error' );
	assert.deepEqual( await accessibilityProblems( page, '.rag-ask' ), [] );
	await assertFits( page );
	await page.context().close();
} );

test( 'a real answer with its sources', async () => {
	const page = await visit( browser, '/', { viewport: DESKTOP } );
	const box = page.locator( '.rag-ask' ).first();
	await ask( box, SAMPLE_QUESTION );
	assert.match( await outcome( box ), /^(quoted|answered)$/ );
	assert.match( await box.innerText(), /£\d+/ );
	await takeScreenshots( page, 'answer', () => box.locator( '.rag-ask__sources' ).scrollIntoViewIfNeeded() );
	assert.deepEqual( await accessibilityProblems( page, '.rag-ask' ), [] );
	await assertFits( page );
	await page.context().close();
} );

test( 'the block in the editor takes texts of its own', async () => {
	const page = await logIn( browser, { viewport: DESKTOP } );
	const messages = [];
	page.on( 'console', ( message ) => messages.push( message.text() ) );
	await deletePosts( page, 'pages', PAGE_TITLE );
	const canvas = await openEditor( page, 'post-new.php?post_type=page' );
	await page.keyboard.press( 'Escape' );
	await canvas.locator( '.wp-block-post-title' ).fill( PAGE_TITLE );
	await page.evaluate( () => {
		const { blocks, data } = window.wp;
		data.dispatch( 'core/block-editor' ).insertBlock( blocks.createBlock( 'rag-ask/ask' ) );
	} );
	const block = canvas.locator( '.wp-block-rag-ask-ask' );
	await block.locator( '.rag-ask__label' ).click();
	await page.keyboard.type( 'Bread & tea?' );
	await block.locator( '.rag-ask__input' ).fill( 'Ask away "now"' );
	await takeScreenshots( page, 'editor' );
	const { link } = await publish( page );

	const visitor = await visit( browser, new URL( link ).pathname );
	assert.equal( await visitor.locator( '.rag-ask__label' ).textContent(), 'Bread & tea?' );
	assert.equal( await visitor.locator( '.rag-ask__input' ).getAttribute( 'placeholder' ), 'Ask away "now"' );
	assert.equal( await visitor.locator( '.rag-ask__button' ).textContent(), 'Ask' );
	assert.deepEqual( messages.filter( ( text ) => /rag-ask|Block validation/.test( text ) ), [] );
	await deletePosts( page, 'pages', PAGE_TITLE );
	await Promise.all( [ page, visitor ].map( ( each ) => each.context().close() ) );
} );

test( 'the settings page', async () => {
	const page = await logIn( browser, { viewport: DESKTOP } );
	await page.goto( new URL( '/wp-admin/options-general.php?page=rag-ask', page.url() ).href );
	await page.locator( '.wrap form' ).first().waitFor();
	await takeScreenshots( page, 'settings' );
	assert.deepEqual( await accessibilityProblems( page, '.wrap' ), [] );
	await page.context().close();
} );
