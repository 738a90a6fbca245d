<?php
/**
 * Connector: the connection string on Settings > Connectors of WordPress 7.0 and later.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The screen writes an option of its own. Nothing is stored there: a pasted string goes where the settings page puts it.
 */
final class Connector {

	public const ID     = 'rag-ask';
	public const OPTION = 'rag_ask_connection_string';

	/**
	 * Register the connector. Core calls this since WordPress 7.0.
	 *
	 * @param \WP_Connector_Registry $registry The registry.
	 */
	public static function register( \WP_Connector_Registry $registry ): void {
		$registry->register(
			self::ID,
			array(
				'name'           => 'RAG Ask',
				'description'    => __( 'The sidecar that answers visitors from the pages of this site. Its key is the connection string that "rag-ask sites add" prints.', 'rag-ask' ),
				'type'           => 'question_answering',
				'authentication' => array(
					'method'          => 'api_key',
					'credentials_url' => admin_url( 'options-general.php?page=rag-ask' ),
					'setting_name'    => self::OPTION,
					'constant_name'   => 'RAG_ASK_CONNECTION',
				),
				'plugin'         => array(
					'file'      => plugin_basename( PLUGIN_FILE ),
					'is_active' => '__return_true',
				),
			)
		);
	}

	/**
	 * What the screen shows behind its dots: which sidecar, never the key.
	 */
	public static function shown(): string {
		$connection = Connection::current();
		return $connection ? $connection->site_id . '@' . $connection->sidecar_url : '';
	}

	/**
	 * Take a string that was pasted, and store nothing in the option of the screen.
	 *
	 * @param mixed $pasted The new value; empty to remove the connection.
	 * @param mixed $was    What was shown.
	 * @return mixed
	 */
	public static function take( $pasted, $was ) {
		if ( '' === $pasted ) {
			Connection::forget();
		} elseif ( is_string( $pasted ) && $pasted !== $was && self::works( $pasted ) ) {
			update_option( Connection::OPTION, Connection_Form::sanitize( array( 'connection_string' => $pasted ) ), false );
			Sidecar_Status::check();
		}
		return $was;
	}

	/**
	 * Whether the sidecar takes a string. Of one that is not stored, the screen says that it was not possible to connect.
	 *
	 * @param string $pasted The string.
	 */
	private static function works( string $pasted ): bool {
		$parsed     = Connection::parse( $pasted );
		$connection = $parsed ? Connection::from_parts( $parsed->sidecar_url, $parsed->site_id, "$parsed->kid.$parsed->key", Address::urls() ) : null;
		return $connection && ! is_wp_error( Sidecar::request( 'GET', '/v1/status', '', $connection ) );
	}
}
