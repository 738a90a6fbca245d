<?php

namespace RagAsk\Tests;

/**
 * The throw-away site behind a real web server.
 */
final class WebSite {

	public readonly string $url;

	/** @var resource */
	private $process;

	public function __construct() {
		$this->process = proc_open( array( PHP_BINARY, '-d', 'display_errors=1', '-S', '127.0.0.1:0', __DIR__ . '/router.php' ), array( 2 => array( 'pipe', 'w' ) ), $pipes );
		preg_match( '#http://127\.0\.0\.1:\d+#', fgets( $pipes[2] ), $found );
		$this->url = $found[0];
	}

	/**
	 * @return array{status: int, headers: string[], body: string}
	 */
	public function post( string $path, array $headers = array(), string $body = '' ): array {
		$answer         = $this->open( $path, $headers, $body );
		$answer['body'] = stream_get_contents( $answer['stream'] );
		return $answer;
	}

	/**
	 * Post and read nothing but the head.
	 *
	 * @return array{status: int, headers: string[], stream: resource}
	 */
	public function open( string $path, array $headers = array(), string $body = '' ): array {
		$context = stream_context_create( array( 'http' => array( 'method' => 'POST', 'header' => $headers, 'content' => $body, 'ignore_errors' => true, 'timeout' => 30 ) ) );
		$stream  = fopen( $this->url . $path, 'r', false, $context );
		$lines   = stream_get_meta_data( $stream )['wrapper_data'];
		return array( 'status' => (int) explode( ' ', $lines[0] )[1], 'headers' => array_map( 'strtolower', $lines ), 'stream' => $stream );
	}

	public function stop(): void {
		proc_terminate( $this->process );
		proc_close( $this->process );
	}
}
