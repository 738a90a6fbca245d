<?php
/**
 * Sidecar client: the only place that signs requests to the sidecar. class-relay.php passes on those of visitors.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Signed JSON requests. Never called while a visitor's page is rendered, but where a visitor without JavaScript posts a question.
 */
final class Sidecar {

	private const MAX_ANSWER_BYTES = 1_000_000;
	private const ANSWER_TIMEOUT_S = 65; // The sidecar bounds an answer by 60.

	/** The sidecar rejects a token when the clocks differ by more than its tolerance. */
	private const RETRY_SKEW_S = 20;
	private const CLOCK_ERRORS = array( 'token_invalid', 'token_expired' );

	/**
	 * Send a signed request.
	 *
	 * @param string          $method     HTTP method.
	 * @param string          $path       From the root of the sidecar.
	 * @param string          $body       JSON, or empty.
	 * @param Connection|null $connection Connection of another site; null for the current one, at its own address only.
	 * @param int             $timeout_s  Timeout in seconds, 0 for the setting.
	 * @return array|\WP_Error The answer's JSON. An error's data always has status (0 without an answer) and retry_after_s.
	 */
	public static function request( string $method, string $path, string $body = '', ?Connection $connection = null, int $timeout_s = 0 ) {
		$is_own     = null === $connection;
		$connection = $connection ?? self::own_connection();
		if ( is_wp_error( $connection ) ) {
			return $connection;
		}
		$options = array(
			'method'  => $method,
			'timeout' => $timeout_s ? $timeout_s : Settings::get( 'timeout_s' ),
			'body'    => '' === $body ? null : $body,
		);
		$seen    = Incarnation::seen( $connection );
		$answer  = self::exchange( $connection, $path, $options, static fn( int $now ) => Signer::write_token( $connection, $body, $now ) );
		if ( $is_own ) {
			self::learn( $connection, $seen, $answer );
		}
		return $answer;
	}

	/**
	 * Ask a question for somebody: an author in the editor, a visitor without JavaScript.
	 *
	 * @param array    $question  The message (tests/contract/ask-request.json).
	 * @param string   $subject   Pseudonym, for rate limits.
	 * @param string[] $groups    Groups whose documents may be used.
	 * @param string   $network   Pseudonym of the visitor's network, or empty.
	 * @param int      $timeout_s Timeout in seconds.
	 * @return array|\WP_Error The answer (tests/contract/ask-response.json).
	 */
	public static function ask( array $question, string $subject, array $groups, string $network = '', int $timeout_s = self::ANSWER_TIMEOUT_S ) {
		$answer = self::read_line( '/v1/ask', $question, $timeout_s, $subject, $groups, $network );
		if ( ! is_wp_error( $answer ) ) {
			/**
			 * Fires when WordPress has asked a question and got an answer. Not for the box with JavaScript: its answers go
			 * straight to the browser.
			 *
			 * @param array $question As in tests/contract/ask-request.json.
			 * @param array $answer   As in tests/contract/ask-response.json.
			 */
			do_action( 'rag_ask_question_answered', $question, $answer );
		}
		return $answer;
	}

	/**
	 * Search for a logged-in user.
	 *
	 * @param array    $search  The message (tests/contract/search-request.json).
	 * @param string   $subject Name of the user, for rate limits.
	 * @param string[] $groups  Groups whose documents may be used.
	 * @return array|\WP_Error The passages (tests/contract/search-response.json).
	 */
	public static function search( array $search, string $subject, array $groups ) {
		return self::read_line( '/v1/search', $search, Settings::get( 'timeout_s' ), $subject, $groups );
	}

	/**
	 * Send a message with an ask token.
	 *
	 * @param string   $path      From the root of the sidecar.
	 * @param array    $message   What is asked.
	 * @param int      $timeout_s Timeout in seconds.
	 * @param string   $subject   Pseudonym, for rate limits.
	 * @param string[] $groups    Groups whose documents may be used.
	 * @param string   $network   Pseudonym of the visitor's network, or empty.
	 * @return array|\WP_Error
	 */
	private static function read_line( string $path, array $message, int $timeout_s, string $subject, array $groups, string $network = '' ) {
		$connection = self::own_connection();
		if ( is_wp_error( $connection ) ) {
			return $connection;
		}
		$options = array(
			'method'  => 'POST',
			'timeout' => $timeout_s,
			'body'    => wp_json_encode( $message ),
		);
		return self::exchange( $connection, $path, $options, static fn( int $now ) => Signer::ask_token( $connection, $subject, $groups, get_bloginfo( 'language' ), $now, $network ) );
	}

	/**
	 * The current connection, or why it is not used.
	 *
	 * @return Connection|\WP_Error
	 */
	private static function own_connection() {
		$connection = Connection::current();
		if ( ! $connection ) {
			return self::error( 'not_configured', __( 'There is no connection. Paste the connection string of this site.', 'rag-ask' ), 0 );
		}
		$problem = Address::problem();
		return '' === $problem ? $connection : self::error( Address::CODE, $problem, 0 );
	}

	/**
	 * Note what an answer says about this site's connection.
	 *
	 * @param Connection      $connection The current one.
	 * @param array           $seen       What the request said that this site had seen of the index.
	 * @param array|\WP_Error $answer     Of the sidecar.
	 */
	private static function learn( Connection $connection, array $seen, $answer ): void {
		if ( ! is_wp_error( $answer ) ) {
			Address::accepted( $connection );
			Incarnation::learn( $connection, $seen, $answer );
		} elseif ( Address::CODE === $answer->get_error_code() ) {
			Address::refused( $connection, $answer->get_error_message() );
		}
	}

	/**
	 * Send a request, and retry once when its token was rejected for its time.
	 *
	 * @param Connection $connection Where to.
	 * @param string     $path       From the root of the sidecar.
	 * @param array      $options    method, timeout and body.
	 * @param callable   $token_at   Creates the token for a Unix time.
	 * @return array|\WP_Error
	 */
	private static function exchange( Connection $connection, string $path, array $options, callable $token_at ) {
		list( $answer, $skew_s ) = self::send( $connection, $path, $options, $token_at( Clock::now() ) );
		if ( $skew_s > self::RETRY_SKEW_S && is_wp_error( $answer ) && in_array( $answer->get_error_code(), self::CLOCK_ERRORS, true ) ) {
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
	 * @param string     $token      Signed token.
	 * @return array{array|\WP_Error, int} The answer, and by how many seconds the token's time was off.
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
		Moved::learn( $connection, (string) wp_remote_retrieve_header( $response, Moved::HEADER ) );
		return array( self::read( $response, $connection->sidecar_url ), Clock::learn( (string) wp_remote_retrieve_header( $response, 'date' ) ) );
	}

	/**
	 * The JSON of a successful response, otherwise an error.
	 *
	 * @param array  $response From wp_remote_request().
	 * @param string $url      URL of the sidecar.
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
			$message = sprintf( __( 'The server at %1$s is not a RAG Ask sidecar, or it is broken (HTTP %2$d). Check the URL and the log of the sidecar.', 'rag-ask' ), $url, $status );
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
