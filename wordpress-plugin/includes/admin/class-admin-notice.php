<?php
/**
 * Admin notice: shown when the index does not follow the site.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Only on the screens where a site owner looks for notices, and only problems that do not fix themselves.
 */
final class Admin_Notice {

	private const SCREENS = array( 'dashboard', 'plugins', 'edit-post', 'edit-page' );
	private const CODES   = array( Address::CODE, 'key_refused', 'unwritten', 'guests_refused', 'push_late', 'failed', 'drift', 'budget_exhausted' );

	/**
	 * Print the notice for the most serious problem.
	 */
	public static function render(): void {
		$screen = get_current_screen();
		if ( ! $screen || ! in_array( $screen->id, self::SCREENS, true ) || ! current_user_can( Settings_Page::CAPABILITY ) ) {
			return;
		}
		$problems = array_intersect_key( Health::problems(), array_flip( self::CODES ) );
		if ( ! $problems ) {
			return;
		}
		printf(
			'<div class="notice notice-warning"><p><strong>%s</strong> %s</p><p><a href="%s">%s</a></p></div>',
			esc_html__( 'RAG Ask:', 'rag-ask' ),
			esc_html( reset( $problems ) ),
			esc_url( Settings_Page::url() ),
			esc_html__( 'Show the status', 'rag-ask' )
		);
	}
}
