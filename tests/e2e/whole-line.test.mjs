/**
 * Publish a post, ask the site, get a cited answer: everything is real but the visitor.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { DESKTOP, ask, launch, outcome } from './browser.mjs';
import { currentPost, deletePosts, logIn, openEditor, publish, visit, waitForSearch } from './local-site.mjs';

const TITLE = 'The yellow submarine';
const QUESTION = 'How deep can the yellow submarine dive?';
const OPTIONS = { viewport: DESKTOP };

let browser;
let author;
let post;

before( async () => {
	browser = await launch();
	author = await logIn( browser, OPTIONS );
	await deletePosts( author, 'posts', TITLE );
} );
after( async () => {
	await deletePosts( author, 'posts', TITLE );
	await browser.close();
} );

/** What a new visitor of the front page sees after asking. */
async function askAsVisitor() {
	const page = await visit( browser, '/', OPTIONS );
	assert.deepEqual( await page.context().cookies(), [] );
	const box = page.locator( '.rag-ask' ).first();
	await ask( box, QUESTION );
	const state = await outcome( box );
	return { page, box, state, text: await box.locator( '.rag-ask__answer' ).innerText() };
}

test( 'a published post answers, and its citation leads to it', async () => {
	const canvas = await openEditor( author, 'post-new.php' );
	await canvas.locator( '.wp-block-post-title' ).fill( TITLE );
	await author.keyboard.press( 'Enter' );
	await author.keyboard.type( 'Our yellow submarine can dive 37 metres deep. It has room for five guests and a teapot.' );
	post = await publish( author );
	await waitForSearch( QUESTION, ( found ) => found.includes( '37 metres' ) );

	const { page, box, state, text } = await askAsVisitor();
	assert.match( state, /^(quoted|answered)$/, text );
	assert.match( text, /37 metres/ );
	await box.locator( '.rag-ask__marker a' ).first().click();
	await page.waitForURL( ( url ) => url.href.startsWith( post.link ) );
	assert.match( await page.locator( 'main' ).innerText(), /37 metres deep/ );
	await page.context().close();
} );

test( 'a changed post answers anew', async () => {
	const canvas = await openEditor( author, `post.php?post=${ post.id }&action=edit` );
	await canvas.locator( 'p.wp-block-paragraph, p[data-type="core/paragraph"]' ).first().click();
	await author.keyboard.press( 'ControlOrMeta+a' );
	await author.keyboard.type( 'Our yellow submarine can dive 52 metres deep. It has room for five guests and a teapot.' );
	await author.getByRole( 'button', { name: 'Save', exact: true } ).click();
	await author.waitForFunction( () => ! window.wp.data.select( 'core/editor' ).isEditedPostDirty() );
	assert.equal( ( await currentPost( author ) ).id, post.id );
	await waitForSearch( QUESTION, ( found ) => found.includes( '52 metres' ) );

	const { page, text } = await askAsVisitor();
	assert.match( text, /52 metres/ );
	assert.doesNotMatch( text, /37 metres/ );
	await page.context().close();
} );

test( 'a trashed post is not on this site', async () => {
	await author.goto( new URL( '/wp-admin/edit.php', author.url() ).href );
	await author.locator( `#post-${ post.id }` ).hover();
	await author.locator( `#post-${ post.id } .submitdelete` ).click();
	await author.locator( '#message' ).waitFor();
	await waitForSearch( QUESTION, ( found ) => ! found.includes( 'submarine' ) );

	const { page, state, text } = await askAsVisitor();
	assert.equal( state, 'abstained' );
	assert.match( text, /could not find that on this site/ );
	assert.doesNotMatch( text, /52/ );
	await page.context().close();
} );
