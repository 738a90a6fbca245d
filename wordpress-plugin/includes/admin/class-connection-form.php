<?php
/**
 * Connection form: the sanitizer of the connection option.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * One pasted connection string fills all three parts. An invalid part keeps the old value.
 */
final class Connection_Form {

	/**
	 * The new parts, or the old ones where the new ones are invalid.
	 *
	 * @param mixed $input Form data or the option itself.
	 * @return array{sidecar_url: string, site_id: string, secret: string}
	 */
	public static function sanitize( $input ): array {
		$input = is_array( $input ) ? array_map( 'trim', array_filter( $input, 'is_string' ) ) : array();
		$was   = (array) get_option( Connection::OPTION, array() ) + array_fill_keys( array_keys( Connection::CONSTANTS ), '' );

		$was['secret'] = Stored_Key::show( $was['secret'] );
		if ( '' !== ( $input['connection_string'] ?? '' ) ) {
			$pasted = Connection::parse( $input['connection_string'] );
			if ( null === $pasted ) {
				self::add_error( 'connection_string', __( 'This is not a connection string. Paste the whole line that "rag-ask sites add" printed.', 'rag-ask' ) );
				return $was;
			}
			return array(
				'sidecar_url' => $pasted->sidecar_url,
				'site_id'     => $pasted->site_id,
				'secret'      => $pasted->kid . '.' . $pasted->key,
			);
		}
		return array(
			'sidecar_url' => self::sidecar_url( $input['sidecar_url'] ?? $was['sidecar_url'], $was['sidecar_url'] ),
			'site_id'     => self::site_id( $input['site_id'] ?? $was['site_id'], $was['site_id'] ),
			// The form never shows the secret, so an empty field keeps it.
			'secret'      => self::secret( $input['secret'] ?? '', $was['secret'] ),
		);
	}

	private static function sidecar_url( string $typed, string $was ): string {
		$url = Connection::clean_url( $typed );
		if ( '' !== $typed && '' === $url ) {
			self::add_error( 'sidecar_url', __( 'The sidecar URL must start with http:// or https://. The old one was kept.', 'rag-ask' ) );
			return $was;
		}
		return $url;
	}

	private static function site_id( string $typed, string $was ): string {
		if ( '' !== $typed && ! Connection::is_site_id( $typed ) ) {
			self::add_error( 'site_id', __( 'A site id has 2 to 63 lowercase letters, digits and hyphens. The old one was kept.', 'rag-ask' ) );
			return $was;
		}
		return $typed;
	}

	private static function secret( string $typed, string $was ): string {
		if ( '' !== $typed && ! Connection::is_secret( $typed ) ) {
			self::add_error( 'secret', __( 'This is not a secret of the sidecar: a secret has two parts separated by a dot, the second of at least 32 characters. The old one was kept.', 'rag-ask' ) );
			return $was;
		}
		return '' === $typed ? $was : $typed;
	}

	private static function add_error( string $setting, string $message ): void {
		// Options can be saved where the admin screens are not loaded, by WP-CLI or a REST request.
		if ( function_exists( 'add_settings_error' ) ) {
			add_settings_error( Settings::GROUP, $setting, $message );
		}
	}
}
