<?php
/**
 * Index panel: the list of documents on the tab Content.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Two forms: one searches, one holds the list and its tasks.
 */
final class Index_Panel {

	/**
	 * The list, made before the page is printed.
	 *
	 * @var Index_List|null
	 */
	private static ?Index_List $documents = null;

	/**
	 * Add the screen options of the list. Core reads its columns before the page is printed, so the list must be made by then.
	 */
	public static function add_screen_options(): void {
		if ( 'content' === Settings_Page::current_tab() ) {
			self::$documents = new Index_List();
			add_screen_option(
				'per_page',
				array(
					'label'   => __( 'Posts per page', 'rag-ask' ),
					'default' => 20,
					'option'  => Index_List::PER_PAGE,
				)
			);
		}
	}

	/**
	 * Save the screen option.
	 *
	 * @param mixed  $value  What core would save.
	 * @param string $option Name of the option.
	 * @param mixed  $typed  What the owner typed.
	 * @return mixed
	 */
	public static function save_screen_option( $value, string $option, $typed ) {
		return Index_List::PER_PAGE === $option ? max( 1, min( 200, (int) $typed ) ) : $value;
	}

	/**
	 * Print the list.
	 */
	public static function render(): void {
		$list = self::$documents ?? new Index_List();
		$list->prepare_items();
		echo '<h2 id="documents">' . esc_html__( 'Documents', 'rag-ask' ) . '</h2>';
		$list->views();
		printf( '<form method="get" action="%s"><input type="hidden" name="page" value="%s"><input type="hidden" name="tab" value="content">', esc_url( admin_url( 'options-general.php' ) ), esc_attr( Settings_Page::SLUG ) );
		$list->search_box( __( 'Search titles', 'rag-ask' ), 'rag-ask-documents' );
		echo '</form>';
		Task_Form::begin( 'rag-ask-documents' );
		$list->display();
		Task_Form::end();
	}
}
