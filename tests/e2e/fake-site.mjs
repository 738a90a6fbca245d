/**
 * A small site: a page with boxes, the token route, and on another origin a sidecar that speaks the contract.
 */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const MODULES = new URL( '../../wordpress-plugin/blocks/ask/', import.meta.url );
/** The style of the classic theme that tests/plugin/ask/AskPlacesTest.php runs. */
const CLASSIC = new URL( '../plugin/fakes/themes/classic/style.css', import.meta.url );
const TYPES = { js: 'text/javascript', css: 'text/css' };
const PAGE = readFileSync( new URL( 'box.html', import.meta.url ), 'utf8' );

const GIF = Buffer.from( 'R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64' );

export const contract = ( name ) => JSON.parse( readFileSync( new URL( `../contract/${ name }.json`, import.meta.url ) ) );

export const MAX_QUESTION_CHARACTERS = contract( 'token-route' ).max_question_characters;

/** The boxes as PHP prints them: tests/plugin/ask/AskBoxTest.php keeps them current. */
const boxHtml = ( form ) => readFileSync( new URL( `boxes/${ form }.html`, import.meta.url ), 'utf8' );

/** What a box says, by name. */
export const TEXTS = JSON.parse( boxHtml( 'page' ).match( /data-texts="([^"]*)"/ )[ 1 ].replaceAll( '&quot;', '"' ).replaceAll( '&#039;', "'" ) );

async function listen( handler ) {
	const server = createServer( handler );
	server.listen( 0, '127.0.0.1' );
	await once( server, 'listening' );
	return { server, url: `http://127.0.0.1:${ server.address().port }` };
}

function htmlPage( { boxes = '1', theme = '', dir = 'ltr', form = 'page', ask = '', filter = '' } ) {
	const box = boxHtml( form )
		.replace( 'data-form=', `${ filter && `data-filter="${ filter.replaceAll( '"', '&quot;' ) }" ` }${ ask && `data-ask="${ ask }" ` }data-form=` )
		.replaceAll( /(aria-live="polite"|data-do="fresh") hidden/g, ask ? '$1' : '$&' );
	const all = Array.from( { length: Number( boxes ) }, ( _, index ) => box.replaceAll( '{{id}}', `rag-ask-${ index + 1 }` ) );
	return PAGE.replace( '{{boxes}}', () => all.join( '' ) )
		.replace( '{{theme}}', theme === 'classic' ? '<link rel="stylesheet" href="/classic.css">' : '' )
		.replace( '<html lang="en">', `<html lang="en" dir="${ dir }">` )
		.replace( '<body>', `<body class="${ theme }">` );
}

async function bodyOf( request ) {
	let body = '';
	for await ( const piece of request ) {
		body += piece;
	}
	return body;
}

/**
 * Start both servers. `site.answer` is what the sidecar does with a question: `( response, { question, conversation, authorization } )`.
 */
export async function startFakeSite() {
	const site = { answer: streamOf( contract( 'ask-stream' ).bytes ), requests: [], feedback: [], tokens: 0, tokenRoute: null, found: [], searches: [], paths: [], failures: [] };

	const sidecar = await listen( async ( request, response ) => {
		response.setHeader( 'Access-Control-Allow-Origin', '*' );
		response.setHeader( 'Access-Control-Expose-Headers', 'Retry-After' );
		if ( request.method === 'OPTIONS' ) {
			response.setHeader( 'Access-Control-Allow-Headers', 'authorization, content-type, x-rag-ask-token' );
			response.writeHead( 204 ).end();
			return;
		}
		const { authorization, accept } = request.headers;
		const body = JSON.parse( await bodyOf( request ) );
		if ( request.url === '/v1/feedback' ) {
			site.feedback.push( { ...body, authorization } );
			site.refusesFeedback ? errorOf( 'answer_unknown' )( response ) : response.writeHead( 204 ).end();
			return;
		}
		const { question, conversation } = body;
		site.requests.push( { ...body, authorization, accept, method: request.method, response } );
		site.answer( response, { question, conversation, authorization } );
	} );

	const pages = await listen( ( request, response ) => {
		const { pathname, searchParams } = new URL( request.url, 'http://site' );
		site.paths.push( pathname );
		if ( pathname === '/found' ) {
			bodyOf( request ).then( ( question ) => {
				site.searches.push( question );
				sendJson( response, 200, site.found );
			} );
		} else if ( pathname === '/picture.gif' ) {
			response.setHeader( 'Content-Type', 'image/gif' );
			response.end( GIF );
		} else if ( pathname === '/failure' ) {
			bodyOf( request ).then( ( code ) => {
				site.failures.push( code );
				response.writeHead( 204 ).end();
				pages.server.emit( 'failure' );
			} );
		} else if ( pathname === '/token' ) {
			site.tokens++;
			site.tokenRoute ? site.tokenRoute( response ) : sendJson( response, 200, tokenOf( site ) );
		} else if ( /^\/[a-z]+\.(js|css)$/.test( pathname ) ) {
			response.setHeader( 'Content-Type', TYPES[ pathname.split( '.' ).pop() ] );
			response.end( readFileSync( pathname === '/classic.css' ? CLASSIC : new URL( `.${ pathname }`, MODULES ) ) );
		} else {
			response.setHeader( 'Content-Type', 'text/html' );
			response.setHeader( 'Content-Security-Policy', "script-src 'self'" );
			response.setHeader( 'Cache-Control', 'public, max-age=3600' );
			response.end( htmlPage( Object.fromEntries( searchParams ) ) );
		}
	} );

	site.url = pages.url;
	/** Wait until the box has reported as many failures. */
	site.reported = async ( count ) => {
		while ( site.failures.length < count ) {
			await once( pages.server, 'failure' );
		}
		return site.failures;
	};
	site.routes = { ask_url: `${ sidecar.url }/v1/ask`, feedback_url: `${ sidecar.url }/v1/feedback` };
	site.stop = () => [ pages, sidecar ].forEach( ( { server } ) => server.close() && server.closeAllConnections() );
	return site;
}

function tokenOf( site ) {
	return { ...contract( 'token-route' ), token: `token-${ site.tokens }`, ...site.routes };
}

export function sendJson( response, status, body, headers = {} ) {
	response.writeHead( status, { 'Content-Type': 'application/json', ...headers } );
	response.end( JSON.stringify( body ) );
}

/** An error of the contract, with the status that belongs to its code. */
export function errorOf( code, headers ) {
	return ( response ) => sendJson( response, contract( 'errors' ).status_by_code[ code ], { error: { code, message: 'Not shown.' } }, headers );
}

/** Server-sent events from text. With `isOpen` the connection stays open after them. */
export function streamOf( text, isOpen = false ) {
	return ( response ) => {
		response.writeHead( 200, { 'Content-Type': 'text/event-stream' } );
		response.write( text );
		if ( ! isOpen ) {
			response.end();
		}
	};
}

/** The text of one event. */
export function eventText( event, data ) {
	return `event: ${ event }\ndata: ${ JSON.stringify( data ) }\n\n`;
}

/** A complete stream with this answer, in place of the contract's own. */
export function streamOfAnswer( change ) {
	const answer = { ...contract( 'ask-response' ), ...change };
	return streamOf( eventText( 'sources', { sources: answer.sources } ) + eventText( 'delta', { text: answer.answer } ) + eventText( 'answer', answer ) + eventText( 'done', {} ) );
}
