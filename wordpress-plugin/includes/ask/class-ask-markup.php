<?php
/**
 * Ask markup: the parts of a box.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A turn is printed once as a template, which the script copies for each question; without JavaScript it is filled here.
 */
final class Ask_Markup {

	/**
	 * A box in the page.
	 *
	 * @param string                $id         Unique on the page.
	 * @param array<string, string> $attributes Of the block or the shortcode.
	 * @param array<string, string> $texts      Of Ask_Texts::of_box().
	 */
	public static function page( string $id, array $attributes, array $texts ): string {
		$title = '' === $attributes['title'] ? '' : sprintf( '<h2 class="rag-ask__title">%s</h2>', esc_html( $attributes['title'] ) );
		return $title . self::inner( $id, $attributes, $texts );
	}

	/**
	 * A button that opens a box above the page. The script shows it, because without JavaScript it does nothing.
	 *
	 * @param string                $id         Unique on the page.
	 * @param array<string, string> $attributes Of the block or the shortcode.
	 * @param array<string, string> $texts      Of Ask_Texts::of_box().
	 */
	public static function dialog( string $id, array $attributes, array $texts ): string {
		$title = '' === $attributes['title'] ? $texts['label'] : $attributes['title'];
		return sprintf(
			'<button class="rag-ask__open wp-element-button" type="button" data-do="open" aria-haspopup="dialog" hidden>%2$s</button>
			<dialog class="rag-ask__dialog" aria-labelledby="%1$s-title">
				<div class="rag-ask__bar">
					<h2 class="rag-ask__title" id="%1$s-title">%2$s</h2>
					<button class="rag-ask__action rag-ask__close" type="button" data-do="close" aria-label="%3$s">×</button>
				</div>
				%4$s
			</dialog>',
			esc_attr( $id ),
			esc_html( $title ),
			esc_attr__( 'Close', 'rag-ask' ),
			self::inner( $id, $attributes, $texts )
		);
	}

	private static function inner( string $id, array $attributes, array $texts ): string {
		$answered = Ask_Plain::turn( $id, $attributes );
		// An empty one keeps the room of an answer that is asked for at once.
		$is_shown = '' !== $answered || '' !== Ask_Search::question( $attributes['form'] );
		return sprintf(
			'<div class="rag-ask__log" id="%7$s-log" role="log" aria-label="%1$s" aria-live="polite"%2$s>%3$s</div>%4$s%6$s<template class="rag-ask__template">%5$s</template>',
			esc_attr__( 'Answers', 'rag-ask' ),
			$is_shown ? '' : ' hidden',
			$answered,
			self::form( $id, $attributes, $texts ),
			self::turn(),
			self::notice(),
			esc_attr( $id )
		);
	}

	/**
	 * The notice of the settings, if there is one.
	 */
	private static function notice(): string {
		$text = (string) Settings::get( 'text_notice' );
		return '' === $text ? '' : '<p class="rag-ask__notice">' . esc_html( $text ) . '</p>';
	}

	/**
	 * The question form. Without JavaScript it posts to the page, which answers it.
	 *
	 * @param string                $id         Unique on the page.
	 * @param array<string, string> $attributes Of the block or the shortcode.
	 * @param array<string, string> $texts      The label, placeholder and button.
	 */
	private static function form( string $id, array $attributes, array $texts ): string {
		return sprintf(
			'<form class="rag-ask__form" method="post" action="#%1$s-log">
				<label class="rag-ask__label" for="%1$s">%2$s</label>
				<div class="rag-ask__row">
					<input class="rag-ask__input" id="%1$s" name="%3$s" type="text" value="%4$s" maxlength="%5$d" required autocomplete="off" enterkeyhint="send" dir="auto" placeholder="%6$s">
					<button class="rag-ask__button wp-element-button" type="submit">%7$s</button>
				</div>
				<input type="hidden" name="%8$s" value="%1$s">
				<p class="rag-ask__note" role="alert" hidden></p>
				%9$s<button class="rag-ask__action rag-ask__fresh" type="button" data-do="fresh"%11$s>%10$s</button>
			</form>',
			esc_attr( $id ),
			esc_html( $texts['label'] ),
			esc_attr( Ask_Plain::QUESTION ),
			esc_attr( 'search' === $attributes['form'] ? get_search_query( false ) : '' ),
			Token_Route::MAX_QUESTION_CHARACTERS,
			esc_attr( $texts['placeholder'] ),
			esc_html( $texts['button'] ),
			esc_attr( Ask_Plain::BOX ),
			self::starters( 'search' === $attributes['form'] ? array() : Ask_Texts::suggestions( $attributes ) ),
			esc_html__( 'New conversation', 'rag-ask' ),
			'' === Ask_Search::question( $attributes['form'] ) ? ' hidden' : ''
		);
	}

	private static function starters( array $questions ): string {
		if ( ! $questions ) {
			return '';
		}
		$items = array_map( static fn( string $question ): string => sprintf( '<li><button class="rag-ask__starter" type="submit" name="%s" value="%s" formnovalidate data-do="starter" dir="auto">%s</button></li>', esc_attr( Ask_Plain::QUESTION ), esc_attr( $question ), esc_html( $question ) ), $questions );
		return sprintf( '<ul class="rag-ask__starters" aria-label="%s">%s</ul>', esc_attr__( 'Suggested questions', 'rag-ask' ), implode( '', $items ) );
	}

	/**
	 * A turn: empty as a template, or filled.
	 *
	 * @param array{state?: string, question?: string, status?: string, text?: string, sources?: string, suggestions?: string, found?: string, further?: string, has_contact?: bool} $parts Text of the
	 *        question and the status, escaped HTML of the others.
	 */
	public static function turn( array $parts = array() ): string {
		$list = static fn( string $tag, string $name, string $label ): string => sprintf(
			'<%1$s class="rag-ask__%2$s" aria-label="%3$s"%4$s>%5$s</%1$s>',
			$tag,
			$name,
			esc_attr( $label ),
			'' === ( $parts[ $name ] ?? '' ) ? ' hidden' : '',
			$parts[ $name ] ?? ''
		);
		return sprintf(
			'<article class="rag-ask__answer" data-state="%s" aria-busy="false"><p class="rag-ask__question" dir="auto">%s</p><p class="rag-ask__status">%s</p><div class="rag-ask__text" dir="auto">%s</div>',
			esc_attr( $parts['state'] ?? '' ),
			esc_html( $parts['question'] ?? '' ),
			esc_html( $parts['status'] ?? '' ),
			$parts['text'] ?? ''
		)
			. $list( 'ol', 'sources', __( 'Sources', 'rag-ask' ) )
			. $list( 'ul', 'suggestions', __( 'Perhaps these pages help', 'rag-ask' ) )
			. $list( 'ul', 'found', __( 'Found by the search of this site', 'rag-ask' ) )
			. sprintf( '<div class="rag-ask__contact"%s>%s</div>', empty( $parts['has_contact'] ) ? ' hidden' : '', self::contact() )
			. ( $parts ? '' : self::actions() . self::rating() )
			. $list( 'ul', 'further', __( 'Ask further', 'rag-ask' ) )
			. '</article>';
	}

	private static function actions(): string {
		$button = static fn( string $name, string $label ): string => sprintf( '<button class="rag-ask__action rag-ask__%1$s" type="button" data-do="%1$s" hidden>%2$s</button>', $name, esc_html( $label ) );
		return '<div class="rag-ask__actions" aria-live="off">'
			. $button( 'stop', __( 'Stop', 'rag-ask' ) )
			. $button( 'retry', __( 'Try again', 'rag-ask' ) )
			. $button( 'copy', __( 'Copy with sources', 'rag-ask' ) )
			. $button( 'share', __( 'Copy a link to this question', 'rag-ask' ) )
			. '</div>';
	}

	private static function rating(): string {
		$reasons = array( __( 'It is wrong.', 'rag-ask' ), __( 'Something is missing.', 'rag-ask' ), __( 'It is out of date.', 'rag-ask' ), __( 'It is not what I asked.', 'rag-ask' ) );
		return sprintf(
			'<div class="rag-ask__rating" aria-live="off" hidden>
				<p>%1$s <button class="rag-ask__action rag-ask__yes" type="button" data-do="yes" value="up">%2$s</button> <button class="rag-ask__action rag-ask__no" type="button" data-do="no" value="down">%3$s</button> <span class="rag-ask__thanks" role="status"></span></p>
				<form class="rag-ask__why" hidden><fieldset><legend>%4$s</legend>%5$s</fieldset><label>%6$s<textarea rows="2" maxlength="300" dir="auto"></textarea></label><button class="rag-ask__send wp-element-button" type="submit">%7$s</button></form>
			</div>',
			esc_html__( 'Did this help?', 'rag-ask' ),
			esc_html__( 'Yes', 'rag-ask' ),
			esc_html__( 'No', 'rag-ask' ),
			esc_html__( 'What was wrong?', 'rag-ask' ),
			implode( '', array_map( static fn( string $reason ): string => sprintf( '<label><input type="checkbox" value="%1$s"> %1$s</label>', esc_attr( $reason ) ), $reasons ) ),
			esc_html__( 'In your words, if you like', 'rag-ask' ),
			esc_html__( 'Send', 'rag-ask' )
		);
	}

	/**
	 * The way to a human: a link to the page or the mail address of the settings.
	 */
	private static function contact(): string {
		$contact = (string) Settings::get( 'contact' );
		$href    = is_email( $contact ) ? 'mailto:' . antispambot( $contact ) : esc_url( $contact );
		$html    = '' === $contact ? '' : sprintf( '<a href="%s">%s</a>', $href, esc_html__( 'Ask a person', 'rag-ask' ) );

		/**
		 * Filters what stands below "not on this site": any HTML, such as a contact form. A field with the attribute
		 * data-rag-ask-question is filled with the question, and goes along when the visitor sends the form.
		 *
		 * @param string $html A link to the page or the mail address of the settings, or empty.
		 */
		return (string) apply_filters( 'rag_ask_contact', $html );
	}
}
