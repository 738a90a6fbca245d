/**
 * Stream: the bytes of an answer -> its events.
 */

// A carriage return at the very end may be the first half of CRLF: it waits for the next piece.
const LINE_END = /\r\n|\n|\r(?!$)/;

async function* readLines( pieces ) {
	const decoder = new TextDecoder();
	let rest = '';
	for await ( const piece of pieces ) {
		rest += typeof piece === 'string' ? piece : decoder.decode( piece, { stream: true } );
		const lines = rest.split( LINE_END );
		rest = lines.pop();
		yield* lines;
	}
	if ( rest.endsWith( '\r' ) ) {
		yield rest.slice( 0, -1 );
	}
}

async function* readMessages( pieces ) {
	let event = '';
	let data = [];
	for await ( const line of readLines( pieces ) ) {
		const [ , name, value ] = line.match( /^([^:]*):? ?(.*)$/s );
		if ( name === 'event' ) {
			event = value;
		} else if ( name === 'data' ) {
			data.push( value );
		} else if ( line === '' ) {
			if ( data.length > 0 ) {
				yield { event, json: data.join( '\n' ) };
			}
			event = '';
			data = [];
		}
	}
}

/**
 * Server-sent events from bytes or strings that are cut anywhere.
 *
 * Yields `{ event, data }` with the data parsed, up to and with `done`. A stream that ends
 * without `done`, or holds something unreadable, ends with `{ event: 'truncated' }`.
 */
export async function* readEvents( pieces ) {
	for await ( const { event, json } of readMessages( pieces ) ) {
		const data = parse( json );
		if ( ! data ) {
			break;
		}
		yield { event, data };
		if ( event === 'done' ) {
			return;
		}
	}
	yield { event: 'truncated' };
}

function parse( json ) {
	try {
		return JSON.parse( json );
	} catch {
		return null;
	}
}

/**
 * The pieces of a response body. Not every browser can iterate a ReadableStream.
 */
export async function* readPieces( body, onPiece ) {
	const reader = body.getReader();
	try {
		for ( let piece = await reader.read(); ! piece.done; piece = await reader.read() ) {
			onPiece();
			yield piece.value;
		}
	} finally {
		reader.cancel().catch( () => {} );
	}
}
