<?php
/**
 * Token check: do visitors get a token?
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Plugins that restrict the REST API, and firewalls, shut guests out of the token route. Only a request as a guest shows it.
 */
final class Token_Check {

	public const OPTION = 'rag_ask_token_check';

	private const REFRESH_S = HOUR_IN_SECONDS;
	private const TIMEOUT_S = 3;

	/** What the route itself says. */
	private const OWN_CODES = array( 'rate_limited', 'challenge_failed', 'consent_missing', 'not_configured' );

	/**
	 * Request a token as a guest and store what came of it.
	 */
	public static function run(): void {
		$url      = rest_url( 'rag-ask/v1/token' );
		$response = wp_remote_post(
			$url,
			array(
				'timeout'     => self::TIMEOUT_S,
				'redirection' => 0,
				'headers'     => array( 'Accept' => 'application/json' ),
				/** This filter is documented in wp-includes/class-wp-http-streams.php */
				'sslverify'   => apply_filters( 'https_local_ssl_verify', false, $url ), // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- a filter of core.
			)
		);
		update_option(
			self::OPTION,
			array(
				'checked_at' => time(),
				'problem'    => is_wp_error( $response ) ? '' : self::problem_of( $response, $url ),
			),
			false
		);
	}

	/**
	 * Run again when the stored result is old.
	 */
	public static function refresh(): void {
		if ( Connection::current() && self::stored()['checked_at'] < time() - self::REFRESH_S ) {
			self::run();
		}
	}

	/**
	 * Why visitors get no token, with the remedy; empty when they do, or when WordPress cannot call itself.
	 */
	public static function problem(): string {
		return self::stored()['problem'];
	}

	/**
	 * What is wrong with a response of the route.
	 *
	 * @param array  $response From wp_remote_post().
	 * @param string $url      Address of the route.
	 */
	private static function problem_of( array $response, string $url ): string {
		$json = json_decode( wp_remote_retrieve_body( $response ), true );
		if ( isset( $json['token'] ) || in_array( $json['code'] ?? '', self::OWN_CODES, true ) ) {
			return '';
		}
		$said = array( 'HTTP ' . wp_remote_retrieve_response_code( $response ) );
		if ( is_string( $json['message'] ?? null ) ) {
			$said[] = wp_strip_all_tags( $json['message'] );
		}
		/* translators: 1: what was answered, such as "HTTP 403, Members only.", 2: a URL. */
		return sprintf( __( 'Visitors get no answers: a guest\'s request for a token was refused (%1$s). Allow POST %2$s for guests in the plugin or firewall that restricts the REST API.', 'rag-ask' ), implode( ', ', $said ), $url );
	}

	/**
	 * The stored result.
	 *
	 * @return array{checked_at: int, problem: string} checked_at is 0 before the first check.
	 */
	private static function stored(): array {
		return (array) get_option( self::OPTION, array() ) + array(
			'checked_at' => 0,
			'problem'    => '',
		);
	}
}
