<?php
/**
 * Tokens: HS256 JWTs, made with PHP's own HMAC.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Signs for one connection. The claims are those of tests/contract/write-token.json and ask-token.json.
 */
final class Signer {

	public const WRITE_LIFE_S = 60;
	public const ASK_LIFE_S   = 300;

	/**
	 * A token for one body.
	 *
	 * @param Connection $connection Whose key signs.
	 * @param string     $body       The very bytes that are sent.
	 * @param int        $now        Unix time at the sidecar.
	 */
	public static function write_token( Connection $connection, string $body, int $now ): string {
		return self::sign(
			$connection,
			array(
				'iss' => $connection->site_id,
				'aud' => 'rag-ask:write',
				'iat' => $now,
				'exp' => $now + self::WRITE_LIFE_S,
				'bh'  => self::base64url( hash( 'sha256', $body, true ) ),
			)
		);
	}

	/**
	 * A token that lets one visitor ask.
	 *
	 * @param Connection $connection Whose key signs.
	 * @param string     $subject    Keyed hash of the visitor.
	 * @param string[]   $groups     What the visitor may read.
	 * @param string     $language   BCP 47 tag of the site.
	 * @param int        $now        Unix time at the sidecar.
	 */
	public static function ask_token( Connection $connection, string $subject, array $groups, string $language, int $now ): string {
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
			)
		);
	}

	/**
	 * Base64 as URLs and tokens carry it.
	 *
	 * @param string $bytes Any bytes.
	 */
	public static function base64url( string $bytes ): string {
		return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- a JWT is made of it.
	}

	private static function sign( Connection $connection, array $claims ): string {
		$header = array(
			'typ' => 'JWT',
			'alg' => 'HS256',
			'kid' => $connection->kid,
		);
		$signed = self::base64url( wp_json_encode( $header, JSON_UNESCAPED_SLASHES ) ) . '.' . self::base64url( wp_json_encode( $claims, JSON_UNESCAPED_SLASHES ) );
		return $signed . '.' . self::base64url( hash_hmac( 'sha256', $signed, $connection->key, true ) );
	}
}
