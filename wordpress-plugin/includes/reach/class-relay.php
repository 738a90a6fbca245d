<?php
/**
 * Relay: sends one request to the sidecar and prints its response while it comes.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A stream is passed on piece by piece. Anything else, such as an error, is kept until its status is known.
 */
final class Relay {

	private const MAX_RESPONSE_BYTES = 1_000_000;

	/** The sidecar says something every second while it streams. */
	private const IDLE_S = 15;

	/** What a stream of the sidecar begins with. */
	private const STREAM = '/\A(?:event: |: )/';

	/** So many bytes tell a stream from an error. */
	private const STREAM_BYTES = 7;

	/**
	 * The first bytes, until they show what it is.
	 *
	 * @var string
	 */
	private string $first = '';

	/**
	 * Whether something was printed already.
	 *
	 * @var bool
	 */
	private bool $is_streaming = false;

	/**
	 * Prepare a request.
	 *
	 * @param string $url       Address at the sidecar.
	 * @param string $token     The visitor's.
	 * @param string $body      JSON of the visitor's browser.
	 * @param string $accept    Media type.
	 * @param int    $timeout_s The longest time.
	 */
	public function __construct( private string $url, private string $token, private string $body, private string $accept, private int $timeout_s ) {}

	/**
	 * Send the request and print the response, in place of the one of the REST API.
	 */
	public function serve(): bool {
		// A visitor who leaves ends this process with the next piece, and so the answer at the sidecar.
		ignore_user_abort( false );
		add_action( 'requests-request.progress', array( $this, 'print_piece' ) );
		add_action( 'http_api_curl', array( $this, 'watch' ) );
		$response = wp_remote_post(
			$this->url,
			array(
				'timeout'             => $this->timeout_s,
				'redirection'         => 0,
				'limit_response_size' => self::MAX_RESPONSE_BYTES,
				'body'                => $this->body,
				'headers'             => array(
					'Authorization' => 'Bearer ' . $this->token,
					'Content-Type'  => 'application/json',
					'Accept'        => $this->accept,
				),
			)
		);
		remove_action( 'requests-request.progress', array( $this, 'print_piece' ) );
		remove_action( 'http_api_curl', array( $this, 'watch' ) );
		if ( ! $this->is_streaming ) {
			$this->print_whole( $response );
		}
		return true;
	}

	/**
	 * Pass on a piece of a stream.
	 *
	 * @param string $piece As it came.
	 */
	public function print_piece( string $piece ): void {
		if ( 'text/event-stream' !== $this->accept ) {
			return;
		}
		if ( ! $this->is_streaming ) {
			$this->first .= $piece;
			if ( strlen( $this->first ) < self::STREAM_BYTES || ! preg_match( self::STREAM, $this->first ) ) {
				return;
			}
			$this->begin_stream();
			$piece = $this->first;
		}
		echo $piece; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- an event stream of the sidecar; no browser reads it as HTML.
		flush();
	}

	/**
	 * Give up on a sidecar that says nothing, without waiting for the end of the time, and on a visitor who left, and so on the answer.
	 *
	 * @param \CurlHandle $handle Of the request.
	 */
	public function watch( $handle ): void {
		if ( 'text/event-stream' !== $this->accept ) {
			return;
		}
		// Ended by PHP inside of curl, the process would keep the connection, and the sidecar would write to the end.
		ignore_user_abort( true );
		// phpcs:disable WordPress.WP.AlternativeFunctions.curl_curl_setopt -- WordPress's HTTP client has no such option.
		curl_setopt( $handle, CURLOPT_LOW_SPEED_LIMIT, 1 );
		curl_setopt( $handle, CURLOPT_LOW_SPEED_TIME, self::IDLE_S );
		curl_setopt( $handle, CURLOPT_NOPROGRESS, false );
		curl_setopt( $handle, CURLOPT_PROGRESSFUNCTION, static fn(): int => connection_aborted() );
		// phpcs:enable
	}

	/**
	 * Switch off what would hold the pieces back.
	 */
	private function begin_stream(): void {
		$this->is_streaming = true;
		while ( ob_get_level() > 0 && ob_end_clean() ) {
			continue;
		}
		if ( function_exists( 'apache_setenv' ) ) {
			apache_setenv( 'no-gzip', '1' ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- a packed stream is held back.
		}
		self::send_header( 'Content-Type', 'text/event-stream; charset=utf-8' );
		self::send_header( 'Cache-Control', 'no-store, no-transform' );
		// Read by nginx, LiteSpeed and others.
		self::send_header( 'X-Accel-Buffering', 'no' );
	}

	/**
	 * Print a response that is no stream.
	 *
	 * @param array|\WP_Error $response Of the sidecar.
	 */
	private function print_whole( $response ): void {
		$status = is_wp_error( $response ) ? 0 : (int) wp_remote_retrieve_response_code( $response );
		$body   = is_wp_error( $response ) ? '' : wp_remote_retrieve_body( $response );
		if ( 204 === $status ) {
			status_header( 204 );
			return;
		}
		// A transport that does not know chunks brings a stream as a whole.
		$is_stream = 200 === $status && preg_match( self::STREAM, $body );
		if ( ! $is_stream && ! is_array( json_decode( $body, true ) ) ) {
			$code   = 0 === $status ? 'unreachable' : 'not_a_sidecar';
			$status = 502;
			$body   = (string) wp_json_encode(
				array(
					'error' => array(
						'code'    => $code,
						'message' => 'The sidecar does not answer. The settings page of the site says why.',
					),
				)
			);
		}
		status_header( $status );
		self::send_header( 'Content-Type', ( $is_stream ? 'text/event-stream' : 'application/json' ) . '; charset=utf-8' );
		$retry_after_s = is_wp_error( $response ) ? 0 : (int) wp_remote_retrieve_header( $response, 'retry-after' );
		if ( 0 < $retry_after_s ) {
			self::send_header( 'Retry-After', (string) $retry_after_s );
		}
		echo $body; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- JSON, sent as such with nosniff.
	}

	private static function send_header( string $name, string $value ): void {
		rest_get_server()->send_header( $name, $value );
	}
}
