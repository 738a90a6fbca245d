/**
 * Asks as a visitor does, without cookies, on both ways to the sidecar, and reports what came of it.
 */

( ( { apiFetch } ) => {
	const TIMEOUT_MS = 15_000;
	/** The sidecar sends four pieces, 400 ms apart. */
	const GAP_MS = 150;
	/** Codes of the wire -> codes of the report (class-reach.php). */
	const CODES = {
		token_expired: 'clock',
		token_invalid: 'clock',
		key_unknown: 'clock',
		origin_not_allowed: 'origin_refused',
		busy: 'busy',
		rate_limited: 'busy',
		no_temp_folder: 'no_temp_folder',
		unreachable: 'unreachable',
		not_a_sidecar: 'not_a_sidecar',
	};
	const OWN_MACHINE = /^http:\/\/(localhost|[^/]*\.localhost|127\.[\d.]+|\[::1\])[:/]/;

	function post( url, headers ) {
		return fetch( url, { method: 'POST', credentials: 'omit', cache: 'no-store', headers, body: '{}', signal: AbortSignal.timeout( TIMEOUT_MS ) } );
	}

	async function tokenOf( url ) {
		try {
			return ( await ( await post( url, {} ) ).json() ).token;
		} catch {
			return undefined;
		}
	}

	/** Without CORS the answer cannot be read, but that there is one can be told. */
	async function answersAtAll( url ) {
		try {
			await fetch( url, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout( TIMEOUT_MS ) } );
			return true;
		} catch {
			return false;
		}
	}

	async function codeOfError( response, otherwise ) {
		const { error } = await response.json().catch( () => ( {} ) );
		return CODES[ error?.code ] ?? otherwise;
	}

	/** Whether the pieces came apart; null when it is no stream of a sidecar. */
	async function isApart( body ) {
		const reader = body.pipeThrough( new TextDecoderStream() ).getReader();
		let text = '';
		let longest = 0;
		for ( let last = 0, piece = await reader.read(); ! piece.done; piece = await reader.read() ) {
			longest = Math.max( longest, last && performance.now() - last );
			last = performance.now();
			text += piece.value;
		}
		return /^event: done$/m.test( text ) ? longest >= GAP_MS : null;
	}

	async function test( url, headers, otherwise ) {
		if ( window.location.protocol === 'https:' && url.startsWith( 'http:' ) && ! OWN_MACHINE.test( url ) ) {
			return 'mixed_content';
		}
		try {
			const response = await post( url, { Accept: 'text/event-stream', 'Content-Type': 'application/json', ...headers } );
			if ( ! response.ok ) {
				return await codeOfError( response, otherwise );
			}
			const isStreamed = await isApart( response.body );
			return isStreamed === null ? otherwise : isStreamed ? '' : 'buffered';
		} catch {
			return await answersAtAll( url ) ? 'cors' : 'unreachable';
		}
	}

	/** One way after the other: there is one place for probes through WordPress. */
	async function bothWays( { tokenUrl, straightUrl, wordpressUrl } ) {
		const token = await tokenOf( tokenUrl );
		if ( ! token ) {
			return { straight: 'token_refused', wordpress: 'token_refused' };
		}
		const straight = await test( straightUrl, { Authorization: `Bearer ${ token }` }, 'not_a_sidecar' );
		const wordpress = await test( wordpressUrl, { 'X-Rag-Ask-Token': token }, 'blocked' );
		return { straight, wordpress: wordpress === 'cors' ? 'blocked' : wordpress };
	}

	function show( list, lines ) {
		list.replaceChildren( ...lines.map( ( { text, is_open: isOpen } ) => {
			const item = document.createElement( 'li' );
			item.className = isOpen ? 'is-good' : 'is-bad';
			item.textContent = text;
			return item;
		} ) );
	}

	async function run( element ) {
		const list = element.querySelector( 'ul' );
		const status = element.querySelector( '[role="status"]' );
		const say = ( text ) => status && ( status.textContent = text );
		say( element.dataset.testing );
		try {
			const { lines, is_changed: isChanged } = await apiFetch( { path: '/rag-ask/v1/reach', method: 'POST', data: await bothWays( element.dataset ) } );
			say( '' );
			if ( list ) {
				show( list, lines );
			} else if ( isChanged && element.dataset.reloads ) {
				// What Site Health shows was made before.
				window.location.reload();
			}
		} catch {
			say( element.dataset.failed );
		}
	}

	for ( const element of document.querySelectorAll( '.rag-ask-reach' ) ) {
		const button = element.querySelector( 'button' );
		button?.addEventListener( 'click', async () => {
			button.disabled = true;
			await run( element );
			button.disabled = false;
		} );
		if ( element.dataset.isDue ) {
			run( element );
		}
	}
} )( window.wp );
