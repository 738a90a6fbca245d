<?php
/**
 * Setup checklist: the steps from activation to the first answer.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Shown until every step is done or the owner hides it.
 */
final class Setup_Checklist {

	public const OPTION = 'rag_ask_setup';

	/**
	 * Whether the list is still shown.
	 */
	public static function is_open(): bool {
		return empty( get_option( self::OPTION )['hidden_at'] );
	}

	/**
	 * Show it no more.
	 */
	public static function hide(): void {
		self::note( 'hidden_at' );
	}

	/**
	 * Note that an answer was tried.
	 */
	public static function tried(): void {
		self::note( 'tried_at' );
	}

	/**
	 * The step to do next; empty when all are done or the list is hidden.
	 */
	public static function next(): string {
		$open = self::is_open() ? array_filter( self::steps(), static fn( array $step ): bool => ! $step['is_done'] ) : array();
		return (string) array_key_first( $open );
	}

	/**
	 * Print the list.
	 */
	public static function render(): void {
		$next = self::next();
		if ( '' === $next ) {
			return;
		}
		echo '<section class="rag-ask-setup" aria-labelledby="rag-ask-setup"><h2 id="rag-ask-setup">' . esc_html__( 'Set up RAG Ask', 'rag-ask' ) . '</h2><ol>';
		foreach ( self::steps() as $name => $step ) {
			self::step( $step, $name === $next );
		}
		echo '</ol>';
		Task_Form::begin( '' );
		Task_Form::button( 'hide', __( 'Hide this list', 'rag-ask' ) );
		Task_Form::end();
		echo '</section>';
	}

	/**
	 * The steps, in their order.
	 *
	 * @return array<string, array{title: string, is_done: bool, render: callable}>
	 */
	private static function steps(): array {
		$is_connected = Connection::current() && (bool) Sidecar_Status::stored()['status'];
		$index        = Progress::of( 'index' );
		$is_tried     = ! empty( get_option( self::OPTION )['tried_at'] );
		return array(
			'connect' => array(
				'title'   => __( 'Connect this site', 'rag-ask' ),
				'is_done' => (bool) $is_connected,
				'render'  => array( Connection_Panel::class, 'render_short' ),
			),
			'content' => array(
				'title'   => __( 'Choose what answers are made of', 'rag-ask' ),
				'is_done' => $is_connected && array() !== Settings::get( 'post_types' ),
				'render'  => array( self::class, 'render_content' ),
			),
			'index'   => array(
				'title'   => __( 'Have the site read', 'rag-ask' ),
				'is_done' => $is_tried || ( $is_connected && ! $index['is_running'] && $index['total'] > 0 ),
				'render'  => array( self::class, 'render_index' ),
			),
			'try'     => array(
				'title'   => __( 'Try a question', 'rag-ask' ),
				'is_done' => $is_tried,
				'render'  => array( Try_Panel::class, 'render_form' ),
			),
			'box'     => array(
				'title'   => __( 'Show the box to visitors', 'rag-ask' ),
				'is_done' => Settings::get( 'panel' ) || Box_Places::find(),
				'render'  => array( Box_Panel::class, 'render_button' ),
			),
		);
	}

	private static function step( array $step, bool $is_next ): void {
		printf(
			'<li class="%s"%s><strong>%s</strong> <span class="rag-ask-badge is-%s">%s</span>',
			$step['is_done'] ? 'is-done' : 'is-open',
			$is_next ? ' aria-current="step"' : '',
			esc_html( $step['title'] ),
			$step['is_done'] ? 'good' : 'off',
			$step['is_done'] ? esc_html__( 'Done', 'rag-ask' ) : esc_html__( 'To do', 'rag-ask' )
		);
		if ( $is_next ) {
			$step['render']();
		}
		echo '</li>';
	}

	/**
	 * Print the step in which content is chosen.
	 */
	public static function render_content(): void {
		printf(
			'<p>%s <a href="%s">%s</a></p>',
			esc_html__( 'No post type is chosen, so there is nothing to answer from.', 'rag-ask' ),
			esc_url( Settings_Page::url( 'content' ) ),
			esc_html__( 'Choose post types', 'rag-ask' )
		);
	}

	/**
	 * Print the progress of the first indexing.
	 */
	public static function render_index(): void {
		printf( '<p>%s <a href="%s">%s</a></p>', esc_html__( 'This runs in the background. You may leave this page.', 'rag-ask' ), esc_url( Settings_Page::url( 'content' ) ), esc_html__( 'Choose other content', 'rag-ask' ) );
		Progress::render( 'index' );
	}

	private static function note( string $what ): void {
		update_option( self::OPTION, array( $what => time() ) + (array) get_option( self::OPTION, array() ), false );
	}
}
