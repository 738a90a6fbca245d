/**
 * The owner's and the authors' side on the local site: compare, reindex, Site Health, the list of posts, the editor panel.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { DESKTOP, accessibilityProblems, launch, takeScreenshots } from './browser.mjs';
import { SITE_URL, logIn, openEditor } from './local-site.mjs';

const SETTINGS = `${ SITE_URL }/wp-admin/options-general.php?page=rag-ask`;
const JOB_TIMEOUT_MS = 240_000;

let browser;
let owner;

before( async () => {
	browser = await launch();
	owner = await logIn( browser, { viewport: DESKTOP } );
} );
after( () => browser.close() );

/** Press a button of the panel; returns the notice that follows. */
async function press( name ) {
	await owner.getByRole( 'button', { name, exact: true } ).first().click();
	return owner.locator( '.notice, .settings-error' ).first().innerText();
}

/** Wait until the page has no bar of a job any more. The page renews itself; a look at it starts WordPress's cron. */
async function waitForJobs() {
	await owner.waitForFunction( () => document.readyState === 'complete' && ! document.querySelector( '.rag-ask-progress' ), null, { timeout: JOB_TIMEOUT_MS } );
}

test( 'both sides are compared, and the page says that all is current', async () => {
	await owner.goto( SETTINGS );
	assert.match( await press( 'Check the connection' ), /The sidecar answers/ );
	assert.match( await press( 'Compare with the site now' ), /The comparison has started/ );
	await waitForJobs();
	assert.match( await owner.locator( '.rag-ask-state__summary.is-good' ).innerText(), /All \d+ documents current as of/ );
	await takeScreenshots( owner, 'settings' );
	assert.deepEqual( await accessibilityProblems( owner, '.rag-ask-state' ), [] );
} );

test( 'a question is tried on the spot', async () => {
	await owner.goto( SETTINGS );
	await owner.getByLabel( 'A question as a visitor would ask it' ).fill( 'Is there bread without gluten?' );
	await owner.getByRole( 'button', { name: 'Ask', exact: true } ).click();
	await owner.locator( '.rag-ask-try__answer', { hasText: 'buckwheat' } ).waitFor();
	assert.ok( await owner.locator( '.rag-ask-try__result a' ).count() );
	await takeScreenshots( owner, 'tried' );
	assert.deepEqual( await accessibilityProblems( owner, '.rag-ask-admin' ), [] );
} );

test( 'every tab fits a phone and breaks no rule of accessibility', async () => {
	for ( const tab of [ 'content', 'box', 'advanced' ] ) {
		await owner.goto( `${ SETTINGS }&tab=${ tab }` );
		await takeScreenshots( owner, `tab-${ tab }`, async () => {
			const overflow = await owner.evaluate( () => document.documentElement.scrollWidth - document.documentElement.clientWidth );
			assert.ok( overflow <= 0, `${ tab }: ${ overflow } px too wide` );
		} );
		assert.deepEqual( await accessibilityProblems( owner, '.rag-ask-admin' ), [] );
	}
} );

test( 'a reindex shows what it comes to, moves by itself and ends', async () => {
	await owner.goto( `${ SETTINGS }&tab=advanced` );
	assert.match( await owner.locator( '.rag-ask-state__reindex' ).innerText(), /\d+ posts, at most [\d,]+ tokens, free/ );
	assert.match( await press( 'Reindex: Everything' ), /The reindex has started/ );
	await takeScreenshots( owner, 'reindex' );
	await waitForJobs();
	assert.match( await owner.locator( '.rag-ask-state' ).innerText(), /The last one sent \d+ posts/ );
} );

test( 'Site Health has its tests and no secret', async () => {
	await owner.goto( `${ SITE_URL }/wp-admin/site-health.php` );
	await owner.locator( '.site-health-view-passed, .health-check-accordion-trigger' ).first().waitFor();
	await owner.locator( '.site-health-view-passed' ).click();
	await owner.getByText( 'RAG Ask follows the site' ).waitFor();
	await owner.getByText( /RAG Ask (checks|cannot check) what guests see/ ).waitFor();
	await owner.getByText( /RAG Ask reaches its sidecar/ ).waitFor( { timeout: JOB_TIMEOUT_MS } );
	await owner.getByRole( 'button', { name: /RAG Ask follows the site/ } ).click();
	await owner.getByText( /documents current as of/ ).scrollIntoViewIfNeeded();
	await takeScreenshots( owner, 'site-health' );
} );

test( 'the list of pages says where each stands', async () => {
	await owner.goto( `${ SITE_URL }/wp-admin/edit.php?post_type=page` );
	await owner.locator( '.column-rag_ask .rag-ask-badge.is-indexed' ).first().waitFor();
	await takeScreenshots( owner, 'pages' );
} );

test( 'the editor shows what the assistant reads and leaves a page out', async () => {
	await owner.goto( `${ SITE_URL }/wp-admin/edit.php?post_type=page` );
	const href = await owner.getByRole( 'link', { name: 'Allergens' } ).first().getAttribute( 'href' );
	const id = Number( new URL( href ).searchParams.get( 'post' ) );
	await openEditor( owner, `post.php?post=${ id }&action=edit` );
	await owner.evaluate( () => window.wp.data.dispatch( 'core/edit-post' ).openGeneralSidebar( 'edit-post/document' ) );
	const title = owner.getByRole( 'button', { name: 'RAG Ask', exact: true } );
	await title.scrollIntoViewIfNeeded();
	if ( ( await title.getAttribute( 'aria-expanded' ) ) === 'false' ) {
		await title.click();
	}
	const panel = owner.locator( '.rag-ask-panel' );
	await panel.locator( '.rag-ask-badge.is-indexed' ).waitFor();
	const showPanel = async () => {
		// A phone has no room for the sidebar beside the text, and closes it.
		await owner.evaluate( () => window.wp.data.dispatch( 'core/edit-post' ).openGeneralSidebar( 'edit-post/document' ) );
		await panel.locator( '.rag-ask-badge.is-indexed' ).waitFor();
		await panel.getByLabel( 'Exclude this post from answers' ).scrollIntoViewIfNeeded();
	};
	await takeScreenshots( owner, 'editor', showPanel );
	const [ exclude, hide ] = await panel.locator( '.components-toggle-control' ).evaluateAll( ( switches ) => switches.map( ( one ) => one.getBoundingClientRect() ).map( ( { top, bottom } ) => ( { top, bottom } ) ) );
	assert.ok( hide.top - exclude.bottom >= 8, 'the switches do not touch' );
	assert.deepEqual( await accessibilityProblems( owner, '.rag-ask-panel' ), [] );
	const closeText = () => owner.locator( '.components-modal__header button' ).click();
	await takeScreenshots( owner, 'editor-text', async () => {
		if ( await owner.locator( '.rag-ask-text' ).isVisible() ) {
			await closeText();
		}
		await showPanel();
		await panel.getByRole( 'button', { name: 'Indexed text' } ).click();
		assert.match( await owner.locator( '.rag-ask-text' ).innerText(), /coeliac/ );
	} );
	await closeText();

	await panel.getByLabel( 'Ask this post' ).fill( 'Is there bread without gluten?' );
	await panel.getByRole( 'button', { name: 'Ask', exact: true } ).click();
	await panel.locator( '.rag-ask-try__answer', { hasText: 'buckwheat' } ).waitFor();
	await owner.evaluate( () => window.wp.data.dispatch( 'core/edit-post' ).closeGeneralSidebar() );
	await panel.waitFor( { state: 'detached' } );
	await takeScreenshots( owner, 'editor-ask', async () => {
		await showPanel();
		assert.equal( await panel.getByLabel( 'Ask this post' ).inputValue(), 'Is there bread without gluten?', 'closing the sidebar loses nothing' );
		await panel.locator( '.rag-ask-try__answer', { hasText: 'buckwheat' } ).waitFor();
		await panel.locator( '.rag-ask-try__answer' ).scrollIntoViewIfNeeded();
	} );

	for ( const [ isOut, state ] of [ [ true, /Excluded|Waiting|Deleted/ ], [ false, /Waiting|Being indexed|Indexed/ ] ] ) {
		await panel.getByLabel( 'Exclude this post from answers' ).setChecked( isOut );
		await owner.getByRole( 'button', { name: 'Save', exact: true } ).click();
		await owner.waitForFunction( () => ! window.wp.data.select( 'core/editor' ).isEditedPostDirty() && ! window.wp.data.select( 'core/editor' ).isSavingPost() );
		await owner.waitForFunction( ( source ) => new RegExp( source ).test( document.querySelector( '.rag-ask-panel .rag-ask-badge' ).textContent ), state.source );
		const stored = await owner.evaluate( ( post ) => window.wp.apiFetch( { path: `/wp/v2/pages/${ post }?context=edit` } ), id );
		assert.equal( stored.rag_ask_exclude, isOut );
	}
} );
