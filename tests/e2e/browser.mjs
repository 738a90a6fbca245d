/**
 * Headless Chromium, and what the browser tests look at in it.
 */

import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 740 };

const SIZES = { phone: PHONE, desktop: DESKTOP };
/** Of the real site, in Twenty Twenty-Five. */
const SHOWN = [ 'answer', 'tab-box', 'questions' ];

const AXE = readFileSync( fileURLToPath( import.meta.resolve( 'axe-core/axe.min.js' ) ), 'utf8' );
const SCREENSHOTS = fileURLToPath( new URL( '../../.state/screenshots/', import.meta.url ) );
const KEPT = fileURLToPath( new URL( 'screenshots/', import.meta.url ) );
const KEEPS = Boolean( process.env.RAG_ASK_UPDATE_SCREENSHOTS );

export function launch() {
	return chromium.launch( { executablePath: process.env.RAG_ASK_CHROMIUM ?? '/usr/bin/chromium', args: FLAGS } );
}

/** Type a question into the box and send it by the keyboard. */
export async function ask( box, question ) {
	await box.locator( '.rag-ask__input' ).fill( question );
	await box.locator( '.rag-ask__input' ).press( 'Enter' );
}

/** Wait until the box says how it ended, and return what it says: answered, quoted, abstained or error. */
export async function outcome( box, timeout = 60_000 ) {
	await box.locator( '.rag-ask__answer:last-child:not([data-state="waiting"], [data-state="streaming"])' ).waitFor( { timeout } );
	return box.locator( '.rag-ask__answer' ).last().getAttribute( 'data-state' );
}

/** The rules of accessibility that a part of the page breaks, one line each. */
export async function accessibilityProblems( page, selector ) {
	await page.evaluate( AXE );
	const { violations } = await page.evaluate( ( within ) => window.axe.run( within ), selector );
	return violations.flatMap( ( { id, nodes } ) => nodes.map( ( { html, failureSummary } ) => `${ id }: ${ html } ${ failureSummary }` ) );
}

/** Renew `tests/e2e/screenshots/NAME.png`, of the newest turn alone, where RAG_ASK_UPDATE_SCREENSHOTS says so. */
export async function keepScreenshot( page, name, size = { width: 760, height: 480 } ) {
	if ( ! KEEPS ) {
		return;
	}
	const before = page.viewportSize();
	await page.setViewportSize( size );
	await page.screenshot( { path: `${ KEPT }${ name }.png`, animations: 'disabled', style: '.rag-ask__answer:not(:last-child) { display: none }' } );
	await page.setViewportSize( before );
}

/** Save `.state/screenshots/NAME-phone.png` and `NAME-desktop.png`. Those that show the plugin in WordPress are kept too. */
export async function takeScreenshots( page, name, prepare = async () => {} ) {
	mkdirSync( SCREENSHOTS, { recursive: true } );
	const before = page.viewportSize();
	const pathOf = ( device ) => `${ SCREENSHOTS }${ name }-${ device }.png`;
	for ( const [ device, size ] of Object.entries( SIZES ) ) {
		await page.setViewportSize( size );
		await prepare();
		await page.screenshot( { path: pathOf( device ) } );
	}
	await page.setViewportSize( before );
	if ( KEEPS && SHOWN.includes( name ) ) {
		Object.keys( SIZES ).forEach( ( device ) => copyFileSync( pathOf( device ), `${ KEPT }site-${ name }-${ device }.png` ) );
	}
}
