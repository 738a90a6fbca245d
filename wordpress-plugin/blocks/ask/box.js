/* Made by scripts/box-script of stream.js, way.js, ask.js, answer.js, view.js. */
( () => {
'use strict';

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
async function* readEvents( pieces ) {
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
async function* readPieces( body, onPiece ) {
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

const HELD_BACK_MS = 3000;
const TOGETHER_MS = 100;
const heldBack = new Set();
function canStream( { ask_url: url, streams = true } ) {
	return streams && ! heldBack.has( url );
}
function send( url, { token, way }, body, signal, accept = 'application/json' ) {
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
async function* readAnswer( response, askedAt, onPiece ) {
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

const TOTAL_TIMEOUT_MS = 75_000;
const IDLE_TIMEOUT_MS = 30_000;
const TOKEN_MARGIN_MS = 20_000;
class AskError extends Error {
	constructor( code, retryAfter = 0 ) {
		super( code );
		Object.assign( this, { code, retryAfter } );
	}
}
const tokens = new Map();
async function* ask( body, tokenUrl, controller ) {
	const stopAfter = ( ms ) => setTimeout( () => controller.abort( new AskError( 'timeout' ) ), ms );
	const askedAt = Date.now();
	const total = stopAfter( TOTAL_TIMEOUT_MS );
	let idle;
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
		tokens.delete( tokenUrl );
		return post( body, tokenUrl, signal, true );
	}
	try {
		return await refuseErrors( response );
	} catch ( error ) {
		if ( error.code !== 'conversation_invalid' || ! body.conversation ) {
			throw error;
		}
		return post( { ...body, conversation: '' }, tokenUrl, signal );
	}
}
async function rate( answerId, rating, tokenUrl ) {
	const token = await getToken( tokenUrl );
	await refuseErrors( await send( token.feedback_url, token, { answer_id: answerId, rating } ) );
}

async function getToken( tokenUrl, signal ) {
	let token = tokens.get( tokenUrl );
	if ( ! token || Date.now() > token.staleAt ) {
		const response = await fetch( tokenUrl, { method: 'POST', cache: 'no-store', signal } );
		token = await ( await refuseErrors( response ) ).json();
		token.staleAt = Date.now() + token.expires_in * 1000 - TOKEN_MARGIN_MS;
		tokens.set( tokenUrl, token );
	}
	return token;
}

async function refuseErrors( response ) {
	if ( response.ok ) {
		return response;
	}
	const { error } = await response.json().catch( () => ( {} ) );
	const code = response.status === 429 ? 'rate_limited' : error?.code;
	throw new AskError( code, secondsOf( response.headers.get( 'Retry-After' ) ) );
}
function secondsOf( header ) {
	const seconds = /\D/.test( header ) ? ( Date.parse( header ) - Date.now() ) / 1000 : header;
	return Math.max( 0, Math.ceil( seconds ) || 0 );
}

const MARKER = /\[(\d+)\]/;
function linkOf( { url, fragment_url: fragmentUrl = url } ) {
	return /^https?:\/\/[^/]/i.test( fragmentUrl ) ? fragmentUrl : null;
}
function showText( target, text, sources ) {
	const nodes = text.split( MARKER ).map( ( part, index, parts ) => {
		const sourceOf = ( number ) => sources.find( ( source ) => String( source.number ) === number );
		if ( index % 2 === 0 ) {
			return sourceOf( parts[ index + 1 ] ) ? part.trimEnd() : part;
		}
		return sourceOf( part ) ? marker( sourceOf( part ) ) : `[${ part }]`;
	} );
	target.replaceChildren( ...nodes );
}
function showExcerpts( target, excerpts, sources ) {
	target.replaceChildren( ...excerpts.map( ( { number, pieces } ) => {
		const excerpt = element( 'div', 'excerpt' );
		excerpt.dir = 'auto';
		excerpt.append( ...pieces.map( layout ) );
		const source = sources.find( ( one ) => one.number === number );
		if ( source ) {
			lastText( excerpt ).append( marker( source ) );
		}
		return excerpt;
	} ) );
}

const ITEM = /^(?:• |(\d{1,3})[.)] )/;

function layout( { kind, lines } ) {
	if ( kind === 'heading' ) {
		return element( 'p', 'piece-heading', lines[ 0 ] );
	}
	if ( kind === 'list' ) {
		return listOf( lines );
	}
	return ( kind === 'table' && tableOf( lines ) ) || paragraphsOf( lines );
}

function paragraphsOf( lines ) {
	const block = element( 'div', 'piece' );
	block.append( ...lines.map( ( line ) => element( 'p', 'line', line ) ) );
	return block;
}

function listOf( lines ) {
	const list = element( ITEM.exec( lines[ 0 ] )?.[ 1 ] ? 'ol' : 'ul', 'piece' );
	list.append( ...lines.map( ( line ) => {
		const item = element( 'li', 'line', line.replace( ITEM, '' ) );
		const number = ITEM.exec( line )?.[ 1 ];
		if ( number ) {
			item.value = number;
		}
		return item;
	} ) );
	return list;
}
function tableOf( lines ) {
	const rows = lines.map( ( line ) => line.split( '; ' ).map( ( cell ) => cell.split( /: (.*)/s ) ) );
	const names = rows[ 0 ].map( ( [ name ] ) => name );
	const isRow = ( row ) => row.length === names.length && row.every( ( [ name, value ], index ) => name === names[ index ] && value );
	if ( names.length < 2 || rows.length < 2 || ! rows.every( isRow ) ) {
		return null;
	}
	const table = element( 'table', 'piece' );
	table.createTHead().insertRow().append( ...names.map( ( name ) => element( 'th', 'name', name ) ) );
	for ( const row of rows ) {
		table.insertRow().append( ...row.map( ( [ , value ] ) => element( 'td', 'value', value ) ) );
	}
	return table;
}

function lastText( node ) {
	const texts = node.querySelectorAll( '.rag-ask__line, .rag-ask__value, .rag-ask__piece-heading' );
	return texts[ texts.length - 1 ] ?? node;
}
function placeOf( { url, heading }, pageText ) {
	const page = /#page=(\d+)$/.exec( url );
	return [ page ? pageText.replace( '%s', page[ 1 ] ) : '', heading ].filter( Boolean ).join( ', ' );
}
function showSources( list, citations, pageText ) {
	list.hidden = citations.length === 0;
	list.replaceChildren( ...citations.map( ( citation ) => {
		const item = element( 'li', 'source' );
		item.value = citation.number;
		item.dir = 'auto';
		item.append( link( citation, citation.title || citation.url ) );
		const place = placeOf( citation, pageText );
		if ( place ) {
			item.append( element( 'span', 'heading', place ) );
		}
		if ( citation.quote ) {
			item.append( element( 'q', 'quote', citation.quote ) );
		}
		return item;
	} ) );
}

function marker( source ) {
	const node = element( 'sup', 'marker' );
	node.append( link( source, source.number ) );
	node.title = source.title;
	return node;
}

function link( source, text ) {
	const href = linkOf( source );
	const node = element( href ? 'a' : 'span', 'link', text );
	if ( href ) {
		node.href = href;
	}
	return node;
}

function element( name, className, text = '' ) {
	const node = document.createElement( name );
	node.className = `rag-ask__${ className }`;
	node.textContent = text;
	return node;
}

const boxes = new WeakMap();
document.addEventListener( 'submit', ( event ) => {
	const element = event.target.closest( '.rag-ask' );
	if ( element ) {
		event.preventDefault();
		if ( ! boxes.has( element ) ) {
			boxes.set( element, boxOf( element ) );
		}
		submit( boxes.get( element ) );
	}
} );

document.addEventListener( 'click', ( { target } ) => {
	if ( target.matches( '.rag-ask__rating button' ) ) {
		const box = boxes.get( target.closest( '.rag-ask' ) );
		press( box, target );
		rate( box.answerId, target.value, box.tokenUrl ).catch( () => press( box ) );
	}
} );
function press( { rating }, button ) {
	for ( const each of rating.querySelectorAll( 'button' ) ) {
		each.ariaPressed = each === button;
	}
}

function boxOf( element ) {
	const box = { tokenUrl: element.dataset.tokenUrl, texts: JSON.parse( element.dataset.texts ), waitUntil: 0, conversation: '' };
	for ( const part of [ 'input', 'answer', 'status', 'retry', 'text', 'sources', 'suggestions', 'rating' ] ) {
		box[ part ] = element.querySelector( `.rag-ask__${ part }` );
	}
	return box;
}

async function submit( box ) {
	const controller = new AbortController();
	box.controller?.abort();
	box.controller = controller;
	clear( box );
	try {
		await showAnswer( box, checkedQuestion( box ), controller );
	} catch ( error ) {
		if ( box.controller === controller ) {
			showError( box, controller.signal.reason ?? error );
		}
	}
}

function clear( box ) {
	if ( document.activeElement === box.retry ) {
		box.input.focus();
	}
	box.input.scrollLeft = 0;
	clearInterval( box.clock );
	box.retry.hidden = true;
	box.text.replaceChildren();
	showSources( box.sources, [] );
	showSources( box.suggestions, [] );
	box.rating.hidden = true;
}

function checkedQuestion( { input, waitUntil } ) {
	const question = input.value.trim();
	if ( ! question ) {
		throw new AskError( 'question_empty' );
	}
	if ( Date.now() < waitUntil ) {
		throw new AskError( 'rate_limited', ( waitUntil - Date.now() ) / 1000 );
	}
	return question;
}

async function showAnswer( box, question, controller ) {
	let text = '';
	let sources = [];
	show( box, 'waiting', box.texts.thinking );
	const { conversation } = box;
	for await ( const { event, data } of ask( { question, conversation }, box.tokenUrl, controller ) ) {
		if ( event === 'sources' ) {
			sources = data.sources.map( ( { number, title } ) => ( { number, title } ) );
		} else if ( event === 'delta' ) {
			text += data.text;
			show( box, 'streaming' );
			showText( box.text, text, sources );
		} else if ( event === 'answer' ) {
			box.conversation = data.conversation;
			showOutcome( box, data );
		} else if ( event !== 'done' ) {
			throw new AskError( data?.error.code ?? event );
		}
	}
}

function showOutcome( box, { outcome, answer, citations, excerpts = [], suggestions = [], answer_id: answerId } ) {
	const { not_on_site: notOnSite, quoted_notice: quotedNotice, unsure_notice: unsureNotice } = box.texts;
	const state = outcome === 'budget_exhausted' ? 'quoted' : outcome;
	const notices = { answered: '', quoted: quotedNotice, unsure: unsureNotice };
	const hasAnswer = state in notices;
	if ( hasAnswer && excerpts.length ) {
		showExcerpts( box.text, excerpts, citations );
	} else {
		showText( box.text, hasAnswer ? answer : '', citations );
	}
	showSources( box.sources, hasAnswer ? citations : [], box.texts.page );
	showSources( box.suggestions, hasAnswer ? [] : suggestions, box.texts.page );
	box.answerId = answerId;
	box.rating.hidden = ! hasAnswer || ! answerId;
	press( box );
	show( box, state, notices[ state ] ?? notOnSite );
}

function showError( box, { code, retryAfter = 0 } ) {
	const { texts } = box;
	const isCut = code === 'truncated' || box.text.textContent !== '';
	show( box, 'error', isCut ? texts.truncated : texts[ `error_${ code }` ] ?? texts.error_unavailable );
	box.waitUntil = Date.now() + retryAfter * 1000;
	box.retry.hidden = /^question_/.test( code );
	if ( box.retry.hidden ) {
		box.input.focus();
	}
	box.clock = setInterval( tick, 500, box );
	tick( box );
}

function tick( { retry, waitUntil, clock } ) {
	const seconds = Math.ceil( ( waitUntil - Date.now() ) / 1000 );
	retry.disabled = seconds > 0;
	retry.dataset.wait = seconds > 0 ? seconds : '';
	if ( seconds <= 0 ) {
		clearInterval( clock );
	}
}
function show( { answer, status }, state, notice = '' ) {
	answer.hidden = false;
	answer.dataset.state = state;
	answer.ariaBusy = state === 'streaming';
	status.hidden = ! notice;
	status.textContent = notice;
}
} )();
