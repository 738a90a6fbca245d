/**
 * The commands of admin/class-command-palette.php.
 */

( ( { data }, commands ) => {
	function post( url, fields ) {
		const form = document.createElement( 'form' );
		Object.assign( form, { method: 'post', action: url, hidden: true } );
		for ( const [ name, value ] of Object.entries( fields ) ) {
			const input = document.createElement( 'input' );
			Object.assign( input, { name, value } );
			form.append( input );
		}
		document.body.append( form );
		form.submit();
	}

	for ( const { name, label, url, fields } of commands ) {
		data.dispatch( 'core/commands' ).registerCommand( {
			name,
			label,
			callback: ( { close } ) => {
				close();
				if ( fields ) {
					post( url, fields );
				} else {
					window.location.assign( url );
				}
			},
		} );
	}
} )( window.wp, window.ragAskCommands );
