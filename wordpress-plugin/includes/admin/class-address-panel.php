<?php
/**
 * Address panel: shown when the index belongs to another address than this site's.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Two ways out, each a form of its own. Taking the new address needs a ticked box, because it locks the other site out.
 */
final class Address_Panel {

	/**
	 * Print the panel, unless there is no such problem.
	 */
	public static function render(): void {
		if ( '' === Address::problem() ) {
			return;
		}
		echo '<div class="rag-ask-address">';
		Task_Form::begin( '' );
		echo '<p>' . esc_html__( 'Forgets the key and what waits here. The index of the other site stays as it is.', 'rag-ask' ) . '</p>';
		self::button( 'disconnect', __( 'This is a copy: disconnect', 'rag-ask' ) );
		Task_Form::begin( '' );
		/* translators: %s: address of this site. */
		$confirmation = sprintf( __( 'The site is at %s for good. The old address is refused from now on.', 'rag-ask' ), Address::here() );
		echo '<p><label><input type="checkbox" name="confirmed" value="1" required> ' . esc_html( $confirmation ) . '</label></p>';
		self::button( 'move', __( 'The site moved: take the new address', 'rag-ask' ) );
		echo '</div>';
	}

	private static function button( string $task, string $label ): void {
		echo '<p>';
		Task_Form::button( $task, $label );
		echo '</p>';
		Task_Form::end();
	}
}
