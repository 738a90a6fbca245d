/**
 * The panel of the block editor's sidebar: what the sidecar has indexed of this post, and the switch that excludes it.
 */

( ( { apiFetch, components, data, editor, element, i18n, plugins } ) => {
	const { Button, Modal, Notice, Spinner, TextControl, ToggleControl } = components;
	const { createElement, useEffect, useState } = element;
	const { useDispatch, useSelect } = data;
	const { __ } = i18n;

	/** The state of a post on the site and in the sidecar, fetched again after each save. */
	function useDocument( postId, saves ) {
		const [ found, setFound ] = useState( { isLoading: true } );
		useEffect( () => {
			const abort = new AbortController();
			setFound( ( before ) => ( { ...before, isLoading: true } ) );
			apiFetch( { path: `/rag-ask/v1/documents/${ postId }`, signal: abort.signal } )
				.then( ( value ) => setFound( { value } ) )
				.catch( ( error ) => abort.signal.aborted || setFound( { error: error.message || __( 'The site did not answer. Try again.', 'rag-ask' ) } ) );
			return () => abort.abort();
		}, [ postId, saves ] );
		return found;
	}

	/** How often the post was saved since the editor was opened. */
	function useSaves( isSaving ) {
		const [ count, setCount ] = useState( { saves: 0, wasSaving: false } );
		useEffect( () => {
			setCount( ( { saves, wasSaving } ) => ( { saves: wasSaving && ! isSaving ? saves + 1 : saves, wasSaving: isSaving } ) );
		}, [ isSaving ] );
		return count.saves;
	}

	function Text( { text } ) {
		const [ isOpen, setIsOpen ] = useState( false );
		return createElement(
			element.Fragment,
			null,
			createElement( Button, { variant: 'secondary', onClick: () => setIsOpen( true ) }, __( 'Indexed text', 'rag-ask' ) ),
			isOpen &&
				createElement(
					Modal,
					{ title: __( 'Indexed text', 'rag-ask' ), onRequestClose: () => setIsOpen( false ), size: 'large' },
					createElement( 'div', { className: 'rag-ask-text', dir: 'auto' }, text )
				)
		);
	}

	function AskPost( { postId, maxLength, asked: [ { question, isBusy, text }, setAsked ] } ) {
		const setAnswer = ( answer ) => setAsked( ( before ) => ( { ...before, isBusy: false, text: '', ...answer } ) );
		const ask = ( event ) => {
			event.preventDefault();
			setAnswer( { isBusy: true } );
			apiFetch( { path: `/rag-ask/v1/documents/${ postId }/ask`, method: 'POST', data: { question } } )
				.then( ( { answer } ) => setAnswer( { text: answer || __( 'This post has no answer to that.', 'rag-ask' ) } ) )
				.catch( ( error ) => setAnswer( { text: error.message || __( 'The site did not answer. Try again.', 'rag-ask' ) } ) );
		};
		return createElement(
			'form',
			{ className: 'rag-ask-try', onSubmit: ask },
			createElement( TextControl, {
				label: __( 'Ask this post', 'rag-ask' ),
				help: __( 'Answered from the indexed text alone.', 'rag-ask' ),
				value: question,
				maxLength,
				onChange: ( value ) => setAsked( ( before ) => ( { ...before, question: value } ) ),
				__next40pxDefaultSize: true,
				__nextHasNoMarginBottom: true,
			} ),
			createElement( Button, { variant: 'secondary', type: 'submit', isBusy, disabled: isBusy || ! question.trim(), accessibleWhenDisabled: true }, __( 'Ask', 'rag-ask' ) ),
			createElement( 'p', { 'aria-live': 'polite', className: 'rag-ask-try__answer', dir: 'auto' }, text )
		);
	}

	function Answer( { postId, value, asked } ) {
		return createElement(
			element.Fragment,
			null,
			createElement( 'p', null, createElement( 'span', { className: `rag-ask-badge is-${ value.state }` }, value.label ) ),
			value.reason && createElement( 'p', null, value.reason ),
			value.lines.map( ( line ) => createElement( 'p', { key: line, className: 'rag-ask-reason' }, line ) ),
			value.text && createElement( Text, { text: value.text } ),
			value.text && createElement( AskPost, { postId, asked, maxLength: value.max_question_characters } )
		);
	}

	function State( { postId, asked } ) {
		const isSaving = useSelect( ( select ) => select( 'core/editor' ).isSavingPost() && ! select( 'core/editor' ).isAutosavingPost(), [] );
		const { isLoading, error, value } = useDocument( postId, useSaves( isSaving ) );
		return createElement(
			'div',
			{ 'aria-live': 'polite', 'aria-busy': Boolean( isLoading ) },
			isLoading && ! value && createElement( Spinner ),
			error && createElement( Notice, { status: 'warning', isDismissible: false }, error ),
			value && createElement( Answer, { postId, value, asked } )
		);
	}

	function Panel() {
		const { editPost } = useDispatch( 'core/editor' );
		// Here and not in AskPost, which goes when the sidebar is closed.
		const asked = useState( { question: '' } );
		const { postId, isNew, isExcluded, hasNoPanel } = useSelect( ( select ) => {
			const { getCurrentPostId, getEditedPostAttribute, isEditedPostNew } = select( 'core/editor' );
			return { postId: getCurrentPostId(), isNew: isEditedPostNew(), isExcluded: getEditedPostAttribute( 'rag_ask_exclude' ) === true, hasNoPanel: getEditedPostAttribute( 'rag_ask_no_panel' ) === true };
		}, [] );
		return createElement(
			editor.PluginDocumentSettingPanel,
			{ name: 'rag-ask', title: __( 'RAG Ask', 'rag-ask' ), className: 'rag-ask-panel' },
			isNew ? createElement( 'p', null, __( 'It is indexed once it is published.', 'rag-ask' ) ) : createElement( State, { postId, asked } ),
			createElement( ToggleControl, {
				label: __( 'Exclude this post from answers', 'rag-ask' ),
				help: __( 'Takes effect when the post is saved.', 'rag-ask' ),
				checked: isExcluded,
				onChange: ( value ) => editPost( { rag_ask_exclude: value } ),
				__nextHasNoMarginBottom: true,
			} ),
			createElement( ToggleControl, {
				label: __( 'Hide the ask button on this page', 'rag-ask' ),
				checked: hasNoPanel,
				onChange: ( value ) => editPost( { rag_ask_no_panel: value } ),
				__nextHasNoMarginBottom: true,
			} )
		);
	}

	plugins.registerPlugin( 'rag-ask', { render: Panel, icon: null } );
} )( window.wp );
