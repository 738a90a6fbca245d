<?php
/**
 * Connection panel: where the connection string is pasted, and its three parts.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * One form that is tested as soon as it is sent. The secret is never printed, not even masked.
 */
final class Connection_Panel {

	/**
	 * Print the form with all fields.
	 */
	public static function render(): void {
		echo '<h2>' . esc_html__( 'Connection', 'rag-ask' ) . '</h2>';
		Task_Form::begin( 'rag-ask-connection' );
		self::explain();
		echo '<table class="form-table" role="presentation">';
		self::row( __( 'Connection string', 'rag-ask' ), 'connection_string', 'connection_string' );
		self::row( __( 'Sidecar URL', 'rag-ask' ), 'sidecar_url', 'part' );
		self::row( __( 'Site id', 'rag-ask' ), 'site_id', 'part' );
		self::row( __( 'Secret', 'rag-ask' ), 'secret', 'secret' );
		echo '</table>';
		if ( ! Connection::has_constant( 'RAG_ASK_CONNECTION' ) ) {
			echo '<p class="submit">';
			Task_Form::button( 'connect', __( 'Save and test the connection', 'rag-ask' ), true );
			echo '</p>';
		}
		Task_Form::end();
	}

	/**
	 * Print the form with the connection string alone.
	 */
	public static function render_short(): void {
		Task_Form::begin( 'rag-ask-connection' );
		self::explain();
		echo '<p><label for="rag-ask-connection_string">' . esc_html__( 'Connection string', 'rag-ask' ) . '</label><br>';
		Settings_Fields::connection_string( self::field( 'connection_string' ) );
		echo ' ';
		Task_Form::button( 'connect', __( 'Save and test the connection', 'rag-ask' ), true );
		echo '</p>';
		Task_Form::end();
	}

	private static function explain(): void {
		echo '<p>' . esc_html__( 'Run "rag-ask sites add" on the server of the sidecar and paste the line that it prints.', 'rag-ask' ) . '</p>';
	}

	private static function row( string $label, string $name, string $kind ): void {
		echo '<tr><th scope="row"><label for="rag-ask-' . esc_attr( $name ) . '">' . esc_html( $label ) . '</label></th><td>';
		Settings_Fields::$kind( self::field( $name ) );
		echo '</td></tr>';
	}

	private static function field( string $name ): array {
		return array(
			'name'      => $name,
			'label_for' => 'rag-ask-' . $name,
		);
	}
}
