<?php
/**
 * Reindex panel: the buttons with their estimates, or the progress.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Part of the tab Advanced.
 */
final class Reindex_Panel {

	/**
	 * Print the progress of a running reindex, or the buttons that start one.
	 */
	public static function render(): void {
		echo '<h2>' . esc_html__( 'Reindex', 'rag-ask' ) . '</h2>';
		Task_Form::begin( 'rag-ask-state' );
		if ( Reindex::is_running() ) {
			Progress::render( 'reindex' );
			Task_Form::button( 'stop', __( 'Stop', 'rag-ask' ) );
		} else {
			self::choices();
		}
		Task_Form::end();
	}

	private static function choices(): void {
		echo '<p>' . esc_html__( 'Sends posts again, in the background and behind every edit. Only needed after a change that the plugin cannot detect, such as a theme that alters texts.', 'rag-ask' ) . '</p>';
		$by_type = Estimate::by_type();
		$price   = Estimate::price();
		echo '<ul class="rag-ask-state__reindex">';
		self::item( __( 'Everything', 'rag-ask' ), array_sum( array_column( $by_type, 'posts' ) ), array_sum( array_column( $by_type, 'tokens' ) ), $price, 'reindex' );
		foreach ( count( $by_type ) > 1 ? $by_type : array() as $type => $estimate ) {
			self::item( get_post_type_object( $type )->labels->name ?? $type, $estimate['posts'], $estimate['tokens'], $price, 'reindex-' . $type );
		}
		echo '</ul>';
		self::last();
	}

	private static function item( string $name, int $posts, int $tokens, ?float $price, string $task ): void {
		printf(
			'<li><div><strong>%s</strong><br>%s</div><button type="submit" class="button" name="task" value="%s" aria-label="%s">%s</button></li>',
			esc_html( $name ),
			esc_html( self::estimate( $posts, $tokens, $price ) ),
			esc_attr( $task ),
			/* translators: %s: name of a post type, or "Everything". */
			esc_attr( sprintf( __( 'Reindex: %s', 'rag-ask' ), $name ) ),
			esc_html__( 'Reindex', 'rag-ask' )
		);
	}

	/**
	 * The estimate in one line.
	 *
	 * @param int        $posts  Number of posts to push.
	 * @param int        $tokens Maximum number of tokens to embed.
	 * @param float|null $price  US dollars per million tokens, null when unknown.
	 */
	public static function estimate( int $posts, int $tokens, ?float $price ): string {
		/* translators: 1: number of posts, 2: number of tokens, 3: a cost. */
		return sprintf( _n( '%1$s post, at most %2$s tokens, %3$s', '%1$s posts, at most %2$s tokens, %3$s', $posts, 'rag-ask' ), number_format_i18n( $posts ), number_format_i18n( $tokens ), Estimate::cost( $tokens, $price ) );
	}

	private static function last(): void {
		$progress = Reindex::progress();
		if ( Job::FINISHED === $progress['status'] ) {
			/* translators: 1: number of posts, 2: a time. */
			echo '<p>' . esc_html( sprintf( __( 'The last one sent %1$s posts and ended at %2$s.', 'rag-ask' ), number_format_i18n( $progress['done'] ), Health::time( $progress['finished_at'] ) ) ) . '</p>';
		}
	}
}
