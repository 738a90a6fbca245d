/**
 * The local site that scripts/up started: its administration, its editor, its sidecar's command line.
 */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const SITE_URL = `http://localhost:${ process.env.RAG_ASK_WP_PORT ?? 8888 }`;
const SITE_ID = 'crumb-and-kettle';
const COMMAND = fileURLToPath( new URL( '../../scripts/rag-ask', import.meta.url ) );
const INDEX_TIMEOUT_MS = 240_000;
const INDEX_INTERVAL_MS = 1500;

// PHP compiled to WebAssembly takes its time for the first pages.
const PAGE_TIMEOUT_MS = 240_000;

/** A page of an administrator. */
export async function logIn( browser, options ) {
	const context = await browser.newContext( options );
	context.setDefaultTimeout( PAGE_TIMEOUT_MS );
	const page = await context.newPage();
	await page.goto( `${ SITE_URL }/wp-login.php` );
	await page.fill( '#user_login', 'admin' );
	await page.fill( '#user_pass', 'password' );
	await page.click( '#wp-submit' );
	await page.waitForURL( '**/wp-admin/**' );
	return page;
}

/** A page of somebody who was never here before. */
export async function visit( browser, path = '/', options = {} ) {
	const context = await browser.newContext( options );
	context.setDefaultTimeout( PAGE_TIMEOUT_MS );
	const page = await context.newPage();
	await page.goto( `${ SITE_URL }${ path }` );
	return page;
}

/** Open the block editor; returns the frame that posts are written in. */
export async function openEditor( page, path ) {
	await page.goto( `${ SITE_URL }/wp-admin/${ path }` );
	await page.waitForFunction( () => window.wp?.data?.select( 'core/editor' )?.getCurrentPostId() );
	await page.evaluate( () => window.wp.data.dispatch( 'core/preferences' ).set( 'core/edit-post', 'welcomeGuide', false ) );
	const canvas = page.frameLocator( 'iframe[name="editor-canvas"]' );
	await canvas.locator( '.wp-block-post-title' ).waitFor();
	return canvas;
}

/** Press Publish, and once more in the panel that asks whether one is sure; returns the post's id and address. */
export async function publish( page ) {
	await page.getByRole( 'button', { name: 'Publish', exact: true } ).first().click();
	await page.locator( '.editor-post-publish-panel .editor-post-publish-button' ).click();
	await page.locator( '.post-publish-panel__postpublish' ).waitFor();
	return currentPost( page );
}

export function currentPost( page ) {
	return page.evaluate( () => {
		const { id, link } = window.wp.data.select( 'core/editor' ).getCurrentPost();
		return { id, link };
	} );
}

/** Delete posts with this title for good, such as those of a run that was interrupted. */
export async function deletePosts( page, type, title ) {
	await page.goto( `${ SITE_URL }/wp-admin/edit.php` );
	await page.evaluate( async ( [ restType, wanted ] ) => {
		const root = `/?rest_route=/wp/v2/${ restType }`;
		const headers = { 'X-WP-Nonce': await ( await fetch( '/wp-admin/admin-ajax.php?action=rest-nonce' ) ).text() };
		const found = await fetch( `${ root }&status=any,trash&per_page=50&search=${ encodeURIComponent( wanted ) }`, { headers } );
		for ( const { id, title: { rendered } } of await found.json() ) {
			if ( rendered === wanted ) {
				await fetch( `${ root }/${ id }&force=true`, { method: 'DELETE', headers } );
			}
		}
	}, [ type, title ] );
}

/** Wait until what a search for the question finds fulfils the condition. Not by the box: visitors' questions are counted. */
export async function waitForSearch( question, isAsExpected ) {
	const giveUpAt = Date.now() + INDEX_TIMEOUT_MS;
	for (;;) {
		// A visit runs WordPress's cron, which pushes where PHP cannot go on after its response.
		await ( await fetch( `${ SITE_URL }/wp-cron.php` ) ).text();
		const { stdout } = await promisify( execFile )( COMMAND, [ 'search', SITE_ID, question ] );
		if ( isAsExpected( stdout ) ) {
			return;
		}
		if ( Date.now() > giveUpAt ) {
			throw new Error( `The search for "${ question }" still finds:\n${ stdout }\nSee .state/logs/.` );
		}
		await new Promise( ( resolve ) => setTimeout( resolve, INDEX_INTERVAL_MS ) );
	}
}
