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
	public function post( string $path, array $headers = array() ): array {
		$context = stream_context_create( array( 'http' => array( 'method' => 'POST', 'header' => $headers, 'content' => '', 'ignore_errors' => true, 'timeout' => 10 ) ) );
		$body    = file_get_contents( $this->url . $path, false, $context );
		$status  = (int) explode( ' ', $http_response_header[0] )[1];
		return array( 'status' => $status, 'headers' => array_map( 'strtolower', $http_response_header ), 'body' => $body );
	}

	public function stop(): void {
		proc_terminate( $this->process );
		proc_close( $this->process );
	}
}
