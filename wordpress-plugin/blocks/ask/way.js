/**
 * Way: sends a request as the site's token says, and reads the answer whether it is streamed or whole.
 */

import { readEvents, readPieces } from './stream.js';

const HELD_BACK_MS = 3000;
const TOGETHER_MS = 100;

/** Addresses whose streams arrive only at their end, in memory: there the next answer is asked for as a whole. */
const heldBack = new Set();

/** Whether the answers of this address are worth asking for as streams. */
export function canStream( { ask_url: url, streams = true } ) {
	return streams && ! heldBack.has( url );
}

/** Posts JSON to the sidecar. Through WordPress the token has a header of its own, because Authorization is read on the way. */
export function send( url, { token, way }, body, signal, accept = 'application/json' ) {
	return fetch( url, {
		method: 'POST',
		credentials: 'omit',
		headers: {
			Accept: accept,
			'Content-Type': 'application/json',
			...( way === 'wordpress' ? { 'X-Rag-Ask-Token': token } : { Authorization: `Bearer ${ token }` } ),
		},
		body: JSON.stringify( body ),
		signal,
	} );
}

/** Yields the events of a response as `readEvents` does. `onPiece` is called for each piece of a stream. */
export async function* readAnswer( response, askedAt, onPiece ) {
	if ( ! response.headers.get( 'Content-Type' )?.startsWith( 'text/event-stream' ) ) {
		yield* eventsOfWhole( await response.json().catch( () => null ) );
		return;
	}
	let firstAt = 0;
	const pieces = readPieces( response.body, () => {
		firstAt ||= Date.now();
		onPiece();
	} );
	for await ( const event of readEvents( pieces ) ) {
		if ( event.event === 'done' && firstAt - askedAt > HELD_BACK_MS && Date.now() - firstAt < TOGETHER_MS ) {
			heldBack.add( response.url );
		}
		yield event;
	}
}

function* eventsOfWhole( answer ) {
	if ( ! answer?.outcome ) {
		yield { event: 'truncated' };
		return;
	}
	yield { event: 'sources', data: { sources: answer.sources } };
	yield { event: 'answer', data: answer };
	yield { event: 'done', data: {} };
}
