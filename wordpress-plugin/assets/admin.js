/**
 * Settings > RAG Ask: updates the progress bars of running jobs. Without it, a reload does.
 */

( ( { apiFetch } ) => {
	const INTERVAL_MS = 2000;
	const MAX_FAILURES = 10;
	const bars = [ ...document.querySelectorAll( '.rag-ask-progress' ) ];
	let failures = 0;

	function show( bar, { done, total, text } ) {
		if ( total ) {
			Object.assign( bar.querySelector( 'progress' ), { max: total, value: done } );
		}
		bar.querySelector( 'p' ).textContent = text;
	}

	async function renew() {
		try {
			const jobs = await apiFetch( { path: '/rag-ask/v1/progress' } );
			failures = 0;
			bars.forEach( ( bar ) => show( bar, jobs[ bar.dataset.job ] ) );
			if ( bars.some( ( bar ) => ! jobs[ bar.dataset.job ].is_running ) ) {
				// The rest of the page has changed with it.
				window.location.reload();
				return;
			}
		} catch {
			failures++;
		}
		if ( failures < MAX_FAILURES ) {
			setTimeout( renew, INTERVAL_MS * ( failures + 1 ) );
		}
	}

	if ( bars.length ) {
		setTimeout( renew, INTERVAL_MS );
	}
} )( window.wp );
