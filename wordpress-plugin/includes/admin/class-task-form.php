<?php
/**
 * Task form: a form whose buttons are tasks of Admin_Actions.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Plain form posts, so that the page works without JavaScript.
 */
final class Task_Form {

	/**
	 * Print the beginning of a form.
	 *
	 * @param string $css_class Class of the form.
	 */
	public static function begin( string $css_class ): void {
		echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '" class="' . esc_attr( $css_class ) . '">';
		echo '<input type="hidden" name="action" value="' . esc_attr( Admin_Actions::ACTION ) . '">';
		echo '<input type="hidden" name="tab" value="' . esc_attr( Settings_Page::current_tab() ) . '">';
		// Not by wp_nonce_field(): a page has several forms, and an id only once.
		echo '<input type="hidden" name="_wpnonce" value="' . esc_attr( wp_create_nonce( Admin_Actions::ACTION ) ) . '">';
	}

	/**
	 * Print a button.
	 *
	 * @param string $task       The task of Admin_Actions.
	 * @param string $label      Its text.
	 * @param bool   $is_primary Whether it is the next thing to do.
	 */
	public static function button( string $task, string $label, bool $is_primary = false ): void {
		printf( '<button type="submit" class="button%s" name="task" value="%s">%s</button> ', $is_primary ? ' button-primary' : '', esc_attr( $task ), esc_html( $label ) );
	}

	/**
	 * Print the end of the form.
	 */
	public static function end(): void {
		echo '</form>';
	}
}
