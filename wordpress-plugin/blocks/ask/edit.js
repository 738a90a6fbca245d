/**
 * The block in the editor: its texts are typed where they stand, the rest is in the sidebar. An empty text is the setting's.
 */

( ( { blockEditor, blocks, components, element, i18n } ) => {
	const { createElement, Fragment } = element;
	const { InspectorControls, RichText, useBlockProps } = blockEditor;
	const { PanelBody, SelectControl, TextControl, TextareaControl } = components;
	const { __ } = i18n;

	function Sidebar( { attributes, setAttributes } ) {
		const control = ( kind, name, label, more ) =>
			createElement( kind, {
				label,
				value: attributes[ name ],
				onChange: ( value ) => setAttributes( { [ name ]: value } ),
				__next40pxDefaultSize: true,
				__nextHasNoMarginBottom: true,
				...more,
			} );
		return createElement(
			InspectorControls,
			null,
			createElement(
				PanelBody,
				{ title: __( 'Box', 'rag-ask' ) },
				control( SelectControl, 'form', __( 'Form', 'rag-ask' ), {
					options: [
						{ value: 'page', label: __( 'In the page', 'rag-ask' ) },
						{ value: 'panel', label: __( 'Button in the corner', 'rag-ask' ) },
						{ value: 'search', label: __( 'Answer on a search page', 'rag-ask' ) },
					],
				} ),
				control( TextareaControl, 'suggestions', __( 'Suggested questions', 'rag-ask' ), { help: __( 'One a line. Empty: those of the settings.', 'rag-ask' ) } )
			),
			createElement(
				PanelBody,
				{ title: __( 'Answers only from', 'rag-ask' ), initialOpen: false },
				control( TextControl, 'post_type', __( 'Post types', 'rag-ask' ), { help: __( 'Names with commas between, such as page, post.', 'rag-ask' ) } ),
				control( TextControl, 'term', __( 'Categories or terms', 'rag-ask' ), { help: __( 'A category, or taxonomy:name.', 'rag-ask' ) } )
			)
		);
	}

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

		const box = createElement(
			'div',
			useBlockProps( { className: 'rag-ask' } ),
			createElement( RichText, {
				tagName: 'h2',
				className: 'rag-ask__title',
				allowedFormats: [],
				withoutInteractiveFormatting: true,
				'aria-label': __( 'Title', 'rag-ask' ),
				placeholder: __( 'Title, if you like', 'rag-ask' ),
				value: attributes.title,
				onChange: ( title ) => setAttributes( { title } ),
			} ),
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
		return createElement( Fragment, null, createElement( Sidebar, { attributes, setAttributes } ), box );
	}

	blocks.registerBlockType( 'rag-ask/ask', { edit: Edit } );
} )( window.wp );
