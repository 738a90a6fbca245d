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

	private const SEARCH = 'rag-ask-documents-search';

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
		self::notices();
		$list->views();
		self::search_form( $list );
		Task_Form::begin( 'rag-ask-documents' );
		printf( '<input type="hidden" name="list" value="%s">', esc_attr( http_build_query( Index_List::asked() ) ) );
		ob_start();
		$list->display();
		echo self::at_list( (string) ob_get_clean() ); // phpcs:ignore WordPress.Security.EscapeOutput -- core's list, whose cells are escaped.
		Task_Form::end();
	}

	/**
	 * The page of the settings with the list as it was.
	 *
	 * @param string $asked The hidden field of the form.
	 */
	public static function url( string $asked ): string {
		parse_str( $asked, $query );
		$query = array_intersect_key( array_filter( $query, 'is_string' ), array_flip( Index_List::ASKED ) );
		return add_query_arg( array_map( 'rawurlencode', $query ), Settings_Page::url( 'content' ) ) . '#documents';
	}

	/**
	 * Print beside the list what its tasks did: the top of the page, where core prints it, is far away.
	 */
	private static function notices(): void {
		foreach ( get_settings_errors( Settings::GROUP ) as $notice ) {
			$verb = explode( '-', str_replace( 'rag-ask-', '', $notice['code'] ) )[0];
			if ( isset( Index_Tasks::labels()[ $verb ] ) ) {
				wp_admin_notice(
					esc_html( $notice['message'] ),
					array(
						'type'               => $notice['type'],
						'additional_classes' => array( 'inline' ),
					)
				);
			}
		}
	}

	/**
	 * Print the form that searches. It keeps the state and the order, and the field with the number of the page belongs to it.
	 *
	 * @param Index_List $documents The list.
	 */
	private static function search_form( Index_List $documents ): void {
		$kept = array(
			'page' => Settings_Page::SLUG,
			'tab'  => 'content',
		) + array_diff_key( Index_List::asked(), array_flip( array( 's', 'paged' ) ) );
		printf( '<form method="get" id="%s" action="%s">', esc_attr( self::SEARCH ), esc_url( admin_url( 'options-general.php#documents' ) ) );
		foreach ( $kept as $name => $value ) {
			printf( '<input type="hidden" name="%s" value="%s">', esc_attr( $name ), esc_attr( $value ) );
		}
		$documents->search_box( __( 'Search titles', 'rag-ask' ), 'rag-ask-documents' );
		echo '</form>';
	}

	/**
	 * The list with links that lead back to it and not to the top of the page, and the field for a page number in the form that
	 * searches: Enter there would press the first button of the tasks.
	 *
	 * @param string $html Core's.
	 */
	private static function at_list( string $html ): string {
		$tags = new \WP_HTML_Tag_Processor( $html );
		while ( $tags->next_tag() ) {
			$url = (string) $tags->get_attribute( 'href' );
			if ( str_contains( $url, 'tab=content' ) ) {
				$tags->set_attribute( 'href', strtok( $url, '#' ) . '#documents' );
			} elseif ( $tags->has_class( 'current-page' ) ) {
				$tags->set_attribute( 'form', self::SEARCH );
			}
		}
		return $tags->get_updated_html();
	}
}
