<?php
/**
 * Signer: HS256 JWTs by PHP's own HMAC.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The claims are those of tests/contract/write-token.json and ask-token.json.
 */
final class Signer {

	public const WRITE_LIFE_S = 60;
	public const ASK_LIFE_S   = 300;

	/**
	 * A write token, bound to one body.
	 *
	 * @param Connection $connection Connection whose key signs.
	 * @param string     $body       The exact bytes of the request body.
	 * @param int        $now        Unix time of the sidecar.
	 */
	public static function write_token( Connection $connection, string $body, int $now ): string {
		return self::sign(
			$connection,
			array(
				'iss'  => $connection->site_id,
				'aud'  => 'rag-ask:write',
				'iat'  => $now,
				'exp'  => $now + self::WRITE_LIFE_S,
				'bh'   => self::body_hash( $body ),
				'urls' => $connection->urls,
			) + Incarnation::seen( $connection )
		);
	}

	/**
	 * An ask token for one visitor.
	 *
	 * @param Connection $connection Connection whose key signs.
	 * @param string     $subject    Keyed hash of the visitor.
	 * @param string[]   $groups     Groups of the visitor.
	 * @param string     $language   BCP 47 tag of the site.
	 * @param int        $now        Unix time of the sidecar.
	 * @param string     $network    Keyed hash of the visitor's network; empty when there is none.
	 */
	public static function ask_token( Connection $connection, string $subject, array $groups, string $language, int $now, string $network = '' ): string {
		return self::sign(
			$connection,
			array(
				'iss'    => $connection->site_id,
				'aud'    => 'rag-ask:ask',
				'iat'    => $now,
				'exp'    => $now + self::ASK_LIFE_S,
				'sub'    => $subject,
				'groups' => $groups,
				'lang'   => $language,
			) + Incarnation::seen( $connection ) + ( '' === $network ? array() : array( 'net' => $network ) )
		);
	}

	/**
	 * The claims of an ask token of this site, or the code of what is wrong with it: the sidecar's own.
	 *
	 * @param Connection $connection Connection whose key signed.
	 * @param string     $token      As ask_token() made it.
	 * @param int        $now        Unix time of the sidecar.
	 * @return array|string
	 */
	public static function read_ask_token( Connection $connection, string $token, int $now ) {
		return self::read( $connection, $token, 'rag-ask:ask', $now );
	}

	/**
	 * The claims of a token with which the sidecar asks this site for an answer, or the code of what is wrong with it.
	 *
	 * @param Connection $connection Connection whose key signed.
	 * @param string     $token      As the sidecar made it.
	 * @param int        $now        Unix time of the sidecar.
	 * @return array|string
	 */
	public static function read_model_token( Connection $connection, string $token, int $now ) {
		return self::read( $connection, $token, 'rag-ask:generate', $now );
	}

	/**
	 * The claim `bh` of a body.
	 *
	 * @param string $body The exact bytes.
	 */
	public static function body_hash( string $body ): string {
		return self::base64url( hash( 'sha256', $body, true ) );
	}

	/**
	 * The claims of a token.
	 *
	 * @param Connection $connection Connection whose key signed.
	 * @param string     $token      As it came.
	 * @param string     $audience   What it must be for.
	 * @param int        $now        Unix time of the sidecar.
	 * @return array|string
	 */
	private static function read( Connection $connection, string $token, string $audience, int $now ) {
		if ( '' === $token ) {
			return 'token_missing';
		}
		list( $header, $claims, $signature ) = explode( '.', $token ) + array( '', '', '' );
		// No other algorithm, no other key. The sidecar orders the members of a header otherwise than header() does.
		$named = self::decoded( $header );
		if ( array( 'HS256', $connection->kid ) !== array( $named['alg'] ?? '', $named['kid'] ?? '' ) || ! hash_equals( self::signature( $connection, "$header.$claims" ), $signature ) ) {
			return 'token_invalid';
		}
		$claims = self::decoded( $claims );
		if ( ( $claims['aud'] ?? '' ) !== $audience ) {
			return 'token_wrong_audience';
		}
		return $claims['exp'] > $now ? $claims : 'token_expired';
	}

	/**
	 * The URL that the sidecar says this site moved to (tests/contract/moved-token.json); empty when it is not its word.
	 *
	 * @param Connection $connection Connection whose key signed.
	 * @param string     $token      Of the sidecar.
	 * @param int        $now        Unix time of the sidecar.
	 */
	public static function read_moved_token( Connection $connection, string $token, int $now ): string {
		$claims = self::read( $connection, $token, 'rag-ask:moved', $now );
		return is_array( $claims ) && $connection->site_id === $claims['iss'] ? Connection::clean_url( (string) $claims['url'] ) : '';
	}

	/**
	 * Base64url without padding, as in RFC 7515.
	 *
	 * @param string $bytes Any bytes.
	 */
	public static function base64url( string $bytes ): string {
		return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- a JWT is base64url by definition.
	}

	private static function decoded( string $part ): array {
		return (array) json_decode( (string) base64_decode( strtr( $part, '-_', '+/' ) ), true ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- a JWT is base64url by definition.
	}

	private static function sign( Connection $connection, array $claims ): string {
		$signed = self::header( $connection ) . '.' . self::base64url( wp_json_encode( $claims, JSON_UNESCAPED_SLASHES ) );
		return $signed . '.' . self::signature( $connection, $signed );
	}

	private static function header( Connection $connection ): string {
		$header = array(
			'typ' => 'JWT',
			'alg' => 'HS256',
			'kid' => $connection->kid,
		);
		return self::base64url( wp_json_encode( $header, JSON_UNESCAPED_SLASHES ) );
	}

	private static function signature( Connection $connection, string $signed ): string {
		return self::base64url( hash_hmac( 'sha256', $signed, $connection->key, true ) );
	}
}
