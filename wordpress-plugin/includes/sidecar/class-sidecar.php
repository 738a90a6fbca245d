<?php
/**
 * The one place that talks to the sidecar.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Signed JSON requests. Never called while a visitor's page is made.
 */
final class Sidecar {

	private const MAX_ANSWER_BYTES = 1_000_000;
	private const ANSWER_TIMEOUT_S = 65; // The sidecar bounds an answer by 60.

	/** A token is refused for its time when the clocks differ by more than the sidecar tolerates. */
	private const RETRY_SKEW_S = 20;
	private const BLAMES_CLOCK = array( 'token_invalid', 'token_expired' );

	/**
	 * Send a signed request.
	 *
	 * @param string          $method     HTTP method.
	 * @param string          $path       From the root of the sidecar.
	 * @param string          $body       JSON, or empty.
	 * @param Connection|null $connection Of another site, otherwise the one in force.
	 * @param int             $timeout_s  Seconds to wait, 0 for what the settings say.
	 * @return array|\WP_Error The answer's JSON. An error's data always has status (0 without an answer) and retry_after_s.
	 */
	public static function request( string $method, string $path, string $body = '', ?Connection $connection = null, int $timeout_s = 0 ) {
		$connection = $connection ?? Connection::current();
		if ( ! $connection ) {
			return self::error( 'not_configured', __( 'There is no connection. Paste the connection string of this site.', 'rag-ask' ), 0 );
		}
		$options = array(
			'method'  => $method,
			'timeout' => $timeout_s ? $timeout_s : Settings::get( 'timeout_s' ),
			'body'    => '' === $body ? null : $body,
		);
		return self::exchange( $connection, $path, $options, static fn( int $now ) => Signer::write_token( $connection, $body, $now ) );
	}

	/**
	 * Ask a question on behalf of somebody who is logged in.
	 *
	 * @param array    $question The message (tests/contract/ask-request.json).
	 * @param string   $subject  Who asks: limits count by it.
	 * @param string[] $groups   What may be read for it.
	 * @return array|\WP_Error The answer (tests/contract/ask-response.json).
	 */
	public static function ask( array $question, string $subject, array $groups ) {
		$connection = Connection::current();
		if ( ! $connection ) {
			return self::error( 'not_configured', __( 'There is no connection. Paste the connection string of this site.', 'rag-ask' ), 0 );
		}
		$options = array(
			'method'  => 'POST',
			'timeout' => self::ANSWER_TIMEOUT_S,
			'body'    => wp_json_encode( $question ),
		);
		return self::exchange( $connection, '/v1/ask', $options, static fn( int $now ) => Signer::ask_token( $connection, $subject, $groups, get_bloginfo( 'language' ), $now ) );
	}

	/**
	 * Send a request; once more when its token was refused for its time.
	 *
	 * @param Connection $connection Where to.
	 * @param string     $path       From the root of the sidecar.
	 * @param array      $options    method, timeout and body.
	 * @param callable   $token_at   Makes the token for a Unix time.
	 * @return array|\WP_Error
	 */
	private static function exchange( Connection $connection, string $path, array $options, callable $token_at ) {
		list( $answer, $skew_s ) = self::send( $connection, $path, $options, $token_at( Clock::now() ) );
		if ( $skew_s > self::RETRY_SKEW_S && is_wp_error( $answer ) && in_array( $answer->get_error_code(), self::BLAMES_CLOCK, true ) ) {
			list( $answer ) = self::send( $connection, $path, $options, $token_at( Clock::now() ) );
		}
		return $answer;
	}

	/**
	 * Send a request once.
	 *
	 * @param Connection $connection Where to.
	 * @param string     $path       From the root of the sidecar.
	 * @param array      $options    method, timeout and body.
	 * @param string     $token      Who asks.
	 * @return array{array|\WP_Error, int} The answer, and by how many seconds the token's time was wrong.
	 */
	private static function send( Connection $connection, string $path, array $options, string $token ): array {
		$response = wp_remote_request(
			$connection->sidecar_url . $path,
			$options + array(
				'redirection'         => 0,
				'limit_response_size' => self::MAX_ANSWER_BYTES,
				'headers'             => array(
					'Authorization' => 'Bearer ' . $token,
					'Content-Type'  => 'application/json',
					'Accept'        => 'application/json',
				),
			)
		);
		if ( is_wp_error( $response ) ) {
			/* translators: 1: URL, 2: the message of the error. */
			$message = sprintf( __( 'The sidecar at %1$s cannot be reached (%2$s). Check that it runs and that the URL is right.', 'rag-ask' ), $connection->sidecar_url, $response->get_error_message() );
			return array( self::error( 'unreachable', $message, 0 ), 0 );
		}
		return array( self::read( $response, $connection->sidecar_url ), Clock::learn( (string) wp_remote_retrieve_header( $response, 'date' ) ) );
	}

	/**
	 * The JSON of a good answer, else what was wrong with it.
	 *
	 * @param array  $response From wp_remote_request().
	 * @param string $url      Of the sidecar.
	 * @return array|\WP_Error
	 */
	private static function read( array $response, string $url ) {
		$status = (int) wp_remote_retrieve_response_code( $response );
		$json   = json_decode( wp_remote_retrieve_body( $response ), true );
		if ( $status >= 200 && $status < 300 && is_array( $json ) ) {
			return $json;
		}
		$code = $json['error']['code'] ?? null;
		if ( ! is_string( $code ) ) {
			/* translators: 1: URL, 2: HTTP status. */
			$message = sprintf( __( 'What answers at %1$s is not a RAG Ask sidecar, or a broken one (HTTP %2$d). Check the URL and the log of the sidecar.', 'rag-ask' ), $url, $status );
			return self::error( 'not_a_sidecar', $message, $status >= 300 ? $status : 0 );
		}
		$message = sprintf( '%s (HTTP %d, %s)', $json['error']['message'] ?? '', $status, $code );
		if ( 401 === $status || 403 === $status ) {
			$message .= ' ' . __( 'Paste the connection string again; "rag-ask sites rotate-key" prints a new one.', 'rag-ask' );
		}
		return self::error( $code, $message, $status, (int) wp_remote_retrieve_header( $response, 'retry-after' ) );
	}

	private static function error( string $code, string $message, int $status, int $retry_after_s = 0 ): \WP_Error {
		return new \WP_Error(
			$code,
			$message,
			array(
				'status'        => $status,
				'retry_after_s' => max( 0, min( HOUR_IN_SECONDS, $retry_after_s ) ),
			)
		);
	}
}
