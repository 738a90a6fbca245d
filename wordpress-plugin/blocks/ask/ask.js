/**
 * Ask: a question -> the events of its answer, with a visitor token fetched when it is needed.
 */

import { canStream, readAnswer, send } from './way.js';

const TOTAL_TIMEOUT_MS = 75_000;
const IDLE_TIMEOUT_MS = 30_000;
const TOKEN_MARGIN_MS = 20_000;

/** Why there is no answer: a code of the wire, the seconds to wait before the next try, and the HTTP status, if there was one. */
export class AskError extends Error {
	constructor( code, retryAfter = 0, status = 0 ) {
		super( code );
		Object.assign( this, { code, retryAfter, status } );
	}
}

/** By route address, in memory only: the boxes of a page share a token, nothing is stored. */
const tokens = new Map();

/**
 * Yields the events of the answer to a body of `{ question, conversation }`. Throws AskError, or what `controller` was aborted with.
 */
export async function* ask( body, tokenUrl, controller ) {
	const stopAfter = ( ms ) => setTimeout( () => controller.abort( new AskError( 'timeout' ) ), ms );
	const askedAt = Date.now();
	const total = stopAfter( TOTAL_TIMEOUT_MS );
	let idle;
	// A whole answer arrives at once; only a stream that began can fall silent.
	const onPiece = () => {
		clearTimeout( idle );
		idle = stopAfter( IDLE_TIMEOUT_MS );
	};
	try {
		yield* readAnswer( await post( body, tokenUrl, controller.signal ), askedAt, onPiece );
	} finally {
		clearTimeout( total );
		clearTimeout( idle );
	}
}

async function post( body, tokenUrl, signal, isSecondTry = false ) {
	const token = await getToken( tokenUrl, signal );
	if ( body.question.length > token.max_question_characters ) {
		throw new AskError( 'question_too_long' );
	}
	const response = await send( token.ask_url, token, body, signal, canStream( token ) ? 'text/event-stream' : undefined );
	if ( response.status === 401 && ! isSecondTry ) {
		// The key may have changed since the token was made.
		tokens.delete( tokenUrl );
		return post( body, tokenUrl, signal, true );
	}
	try {
		return await refuseErrors( response );
	} catch ( error ) {
		if ( error.code !== 'conversation_invalid' || ! body.conversation ) {
			throw error;
		}
		// Too old, or the visitor's address changed: the question is asked as a first one.
		return post( { ...body, conversation: '' }, tokenUrl, signal );
	}
}

/** Sends a rating (tests/contract/feedback-request.json). */
export async function rate( body, tokenUrl ) {
	const token = await getToken( tokenUrl );
	await refuseErrors( await send( token.feedback_url, token, body ) );
}

/** Fetches the token while the visitor types. One that does not come is fetched again for the question. */
export function prepare( tokenUrl ) {
	getToken( tokenUrl ).catch( () => {} );
}

async function getToken( tokenUrl, signal ) {
	const known = tokens.get( tokenUrl );
	if ( known && Date.now() < known.staleAt ) {
		return unlessAborted( known.token, signal );
	}
	// Also while it is under way: one request serves the focus and the question.
	const entry = { token: fetchToken( tokenUrl ), staleAt: Infinity };
	tokens.set( tokenUrl, entry );
	entry.token.then(
		( { expires_in: life } ) => ( entry.staleAt = Date.now() + life * 1000 - TOKEN_MARGIN_MS ),
		() => tokens.delete( tokenUrl )
	);
	return unlessAborted( entry.token, signal );
}

async function fetchToken( tokenUrl ) {
	const signal = AbortSignal.timeout( TOTAL_TIMEOUT_MS );
	return ( await refuseErrors( await fetch( tokenUrl, { method: 'POST', cache: 'no-store', signal } ) ) ).json();
}

function unlessAborted( promise, signal ) {
	const aborted = new Promise( ( _resolve, reject ) => signal?.addEventListener( 'abort', () => reject( signal.reason ) ) );
	return Promise.race( [ promise, aborted ] );
}

async function refuseErrors( response ) {
	if ( response.ok ) {
		return response;
	}
	// The sidecar and WordPress have their code in different places.
	const { error, code = error?.code } = await response.json().catch( () => ( {} ) );
	throw new AskError( response.status === 429 ? 'rate_limited' : code, secondsOf( response.headers.get( 'Retry-After' ) ), response.status );
}

/** Retry-After is a number of seconds or a date. */
function secondsOf( header ) {
	const seconds = /\D/.test( header ) ? ( Date.parse( header ) - Date.now() ) / 1000 : header;
	return Math.max( 0, Math.ceil( seconds ) || 0 );
}
