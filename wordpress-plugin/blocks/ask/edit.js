/**
 * The block in the editor: its three texts are typed where they stand. An empty one is the setting's.
 */

( ( { blockEditor, blocks, element, i18n } ) => {
	const { createElement } = element;
	const { RichText, useBlockProps } = blockEditor;
	const { __ } = i18n;

	function Edit( { attributes, setAttributes } ) {
		const defaults = window.ragAskTexts;
		const plainText = ( name, className, title ) =>
			createElement( RichText, {
				tagName: 'span',
				className,
				allowedFormats: [],
				withoutInteractiveFormatting: true,
				'aria-label': title,
				placeholder: defaults[ name ],
				value: attributes[ name ],
				onChange: ( value ) => setAttributes( { [ name ]: value } ),
			} );

		return createElement(
			'div',
			useBlockProps( { className: 'rag-ask' } ),
			plainText( 'label', 'rag-ask__label', __( 'Label', 'rag-ask' ) ),
			createElement(
				'div',
				{ className: 'rag-ask__row' },
				createElement( 'input', {
					className: 'rag-ask__input',
					type: 'text',
					'aria-label': __( 'Placeholder', 'rag-ask' ),
					placeholder: defaults.placeholder,
					value: attributes.placeholder,
					onChange: ( event ) => setAttributes( { placeholder: event.target.value } ),
				} ),
				plainText( 'button', 'rag-ask__button wp-element-button', __( 'Button', 'rag-ask' ) )
			)
		);
	}

	blocks.registerBlockType( 'rag-ask/ask', { edit: Edit } );
} )( window.wp );
