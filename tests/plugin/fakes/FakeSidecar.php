<?php

namespace RagAsk\Tests;

/**
 * A real HTTP server in a process of its own; see fake_sidecar.py.
 */
final class FakeSidecar {

	public readonly string $url;

	/** The file of requests, one a line. */
	public readonly string $record;

	private string $folder;

	/** @var resource */
	private $process;

	public function __construct() {
		$this->folder = sys_get_temp_dir() . '/fake-sidecar-' . bin2hex( random_bytes( 6 ) );
		mkdir( $this->folder );
		$this->record  = $this->folder . '/requests.jsonl';
		$this->process = proc_open( array( 'python3', __DIR__ . '/fake_sidecar.py', $this->folder ), array( 1 => array( 'pipe', 'w' ) ), $pipes );
		$this->url     = 'http://127.0.0.1:' . (int) fgets( $pipes[1] );
		$this->answers( array( 'status' => 202 ) );
	}

	/**
	 * Say what comes next; the last line stays.
	 */
	public function answers( array ...$lines ): void {
		file_put_contents( $this->folder . '/script.jsonl', implode( "\n", array_map( 'json_encode', $lines ) ) );
		file_put_contents( $this->record, '' );
		array_map( 'unlink', glob( $this->folder . '/{next-*,given-up}', GLOB_BRACE ) );
	}

	/**
	 * Whether the plugin closed a connection before its end.
	 */
	public function is_given_up(): bool {
		return file_exists( $this->folder . '/given-up' );
	}

	/**
	 * Let a stream send its next piece.
	 */
	public function continues( int $number ): void {
		touch( $this->folder . "/next-$number" );
	}

	/**
	 * What was sent since.
	 */
	public function requests(): array {
		return array_map( static fn( $line ) => json_decode( $line, true ), file( $this->record, FILE_IGNORE_NEW_LINES ) );
	}

	/**
	 * All changes that were sent since.
	 */
	public function changes(): array {
		return array_merge( ...array_map( static fn( $request ) => json_decode( $request['body'], true )['changes'], $this->requests() ) );
	}

	public function stop(): void {
		proc_terminate( $this->process );
		proc_close( $this->process );
		array_map( 'unlink', glob( $this->folder . '/*' ) );
		rmdir( $this->folder );
	}
}
