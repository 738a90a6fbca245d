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
		self::begin();
		echo '<p>' . esc_html__( 'Forgets the key and what waits here. The index of the other site stays as it is.', 'rag-ask' ) . '</p>';
		self::button( 'disconnect', __( 'This is a copy: disconnect', 'rag-ask' ) );
		self::begin();
		/* translators: %s: address of this site. */
		$confirmation = sprintf( __( 'The site is at %s for good. The old address is refused from now on.', 'rag-ask' ), Address::here() );
		echo '<p><label><input type="checkbox" name="confirmed" value="1" required> ' . esc_html( $confirmation ) . '</label></p>';
		self::button( 'move', __( 'The site moved: take the new address', 'rag-ask' ) );
		echo '</div>';
	}

	private static function begin(): void {
		echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '">';
		echo '<input type="hidden" name="action" value="' . esc_attr( Admin_Actions::ACTION ) . '">';
		wp_nonce_field( Admin_Actions::ACTION );
	}

	private static function button( string $task, string $label ): void {
		printf( '<p><button type="submit" class="button" name="task" value="%s">%s</button></p></form>', esc_attr( $task ), esc_html( $label ) );
	}
}
