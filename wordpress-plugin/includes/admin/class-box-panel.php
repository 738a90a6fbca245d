<?php
/**
 * Box panel: where visitors find the ask box, and a button that makes a page for it.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Part of the tab Box and of the setup checklist.
 */
final class Box_Panel {

	/**
	 * Print the panel.
	 */
	public static function render(): void {
		echo '<h2>' . esc_html__( 'Where visitors find the box', 'rag-ask' ) . '</h2>';
		$places = Box_Places::find();
		if ( $places ) {
			echo '<ul class="ul-disc">';
			foreach ( $places as $post ) {
				$url = get_edit_post_link( $post );
				printf( $url ? '<li><a href="%2$s">%1$s</a></li>' : '<li>%1$s</li>', esc_html( get_the_title( $post ) ), esc_url( (string) $url ) );
			}
			echo '</ul>';
		}
		self::render_button();
		Suggestion_Panel::render();
	}

	/**
	 * Print the buttons that bring the box to visitors.
	 */
	public static function render_button(): void {
		echo '<p>' . esc_html__( 'Put the block "Ask this site" or the shortcode [rag_ask] on a page, have a page made for it, or let a button in the corner of every page open it.', 'rag-ask' ) . '</p>';
		Task_Form::begin( 'rag-ask-box' );
		Task_Form::button( 'page', __( 'Publish a page with the box', 'rag-ask' ), ! Box_Places::find() );
		if ( ! Settings::get( 'panel' ) ) {
			Task_Form::button( 'panel', __( 'Show a button on every page', 'rag-ask' ) );
		}
		Task_Form::end();
	}
}
