<?php
/**
 * Stored key: the secret of the connection as it lies in the options, encrypted with the salts of wp-config.php.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Who has a copy of the database alone, from a backup or a hole in another plugin, signs nothing with it.
 */
final class Stored_Key {

	private const PREFIX = 'encrypted:';

	/**
	 * Encrypt the secret of a connection that is about to be stored.
	 *
	 * @param mixed $parts The connection option.
	 * @return mixed
	 */
	public static function hide( $parts ) {
		if ( is_array( $parts ) && Connection::is_secret( (string) ( $parts['secret'] ?? '' ) ) ) {
			$parts['secret'] = self::encrypted( (string) $parts['secret'] );
		}
		return $parts;
	}

	/**
	 * The secret; empty when it was encrypted with other salts.
	 *
	 * @param string $stored As it lies in the option.
	 */
	public static function show( string $stored ): string {
		if ( ! str_starts_with( $stored, self::PREFIX ) ) {
			return $stored;
		}
		$box   = (string) base64_decode( substr( $stored, strlen( self::PREFIX ) ), true ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- bytes as text.
		$nonce = substr( $box, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		if ( strlen( $box ) <= SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ) {
			return '';
		}
		return (string) sodium_crypto_secretbox_open( substr( $box, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ), $nonce, self::key() );
	}

	/**
	 * What stands in the way of the stored key, with the remedy; empty when nothing does.
	 */
	public static function problem(): string {
		$stored = (string) ( ( (array) get_option( Connection::OPTION, array() ) )['secret'] ?? '' );
		return '' !== $stored && '' === self::show( $stored ) && '' === Connection::parts()['secret']
			? __( 'The salts of wp-config.php have changed, so the stored key cannot be read and visitors get no answers. Paste the connection string again under Settings > RAG Ask.', 'rag-ask' )
			: '';
	}

	private static function encrypted( string $secret ): string {
		// The nonce depends on the secret, so that the same one is stored the same way, and saving it again changes nothing.
		$nonce = sodium_crypto_generichash( $secret, self::key(), SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		return self::PREFIX . base64_encode( $nonce . sodium_crypto_secretbox( $secret, $nonce, self::key() ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- bytes as text.
	}

	private static function key(): string {
		return sodium_crypto_generichash( 'rag-ask ' . wp_salt( 'secure_auth' ), '', SODIUM_CRYPTO_SECRETBOX_KEYBYTES );
	}
}
