<?php
/**
 * Admin notice: shown until the site is connected, and when the index does not follow the site.
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
		$problems = Health::problems();
		$shown    = array_intersect_key( $problems, array_flip( self::CODES ) );
		if ( isset( $problems['not_connected'] ) && Setup_Checklist::is_open() ) {
			self::notice( 'info', __( 'It is active. Two minutes of setup, and visitors can ask.', 'rag-ask' ), __( 'Set up RAG Ask', 'rag-ask' ) );
		} elseif ( $shown ) {
			self::notice( 'warning', reset( $shown ), __( 'Show the status', 'rag-ask' ) );
		}
	}

	private static function notice( string $type, string $text, string $link ): void {
		printf(
			'<div class="notice notice-%s"><p><strong>%s</strong> %s</p><p><a href="%s">%s</a></p></div>',
			esc_attr( $type ),
			esc_html__( 'RAG Ask:', 'rag-ask' ),
			esc_html( $text ),
			esc_url( Settings_Page::url() ),
			esc_html( $link )
		);
	}
}
