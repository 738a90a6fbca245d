<?php
/**
 * Ask panel: the box above every page, opened by a floating button or by keys.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Off until the settings say otherwise. A page that has it switched off, or that has a panel of its own, gets none.
 */
final class Ask_Panel {

	public const META_KEY = '_rag_ask_no_panel';

	/**
	 * The forms that the page has already.
	 *
	 * @var string[]
	 */
	private static array $forms = array();

	/**
	 * Note that a box was rendered.
	 *
	 * @param string $form page, panel or search.
	 */
	public static function rendered( string $form ): void {
		self::$forms[] = $form;
	}

	/**
	 * Print the script and the style in time.
	 */
	public static function enqueue(): void {
		if ( self::is_wanted() ) {
			Ask_Box::enqueue();
		}
	}

	/**
	 * Print the panel at the end of the page.
	 */
	public static function render(): void {
		// A button above a page that has a box would only cover it.
		$has_button = Settings::get( 'panel' ) && ! self::$forms;
		if ( self::is_wanted() && ! in_array( 'panel', self::$forms, true ) && ( $has_button || '' !== Settings::get( 'shortcut' ) ) ) {
			// phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- render() escapes.
			echo Ask_Box::render( array( 'form' => 'panel' ), $has_button ? 'class="rag-ask"' : 'class="rag-ask rag-ask--keys"' );
		}
	}

	/**
	 * Whether this page gets the panel.
	 */
	private static function is_wanted(): bool {
		$is_on     = Settings::get( 'panel' ) || '' !== Settings::get( 'shortcut' );
		$is_wanted = $is_on && ! is_embed() && ! ( is_singular() && get_post_meta( get_queried_object_id(), self::META_KEY, true ) );

		/**
		 * Filters whether this page gets the panel.
		 *
		 * @param bool $is_wanted As the settings and the page say.
		 */
		return (bool) apply_filters( 'rag_ask_panel', $is_wanted );
	}
}
