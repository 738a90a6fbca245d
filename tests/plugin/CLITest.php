<?php

namespace RagAsk\Tests;

/**
 * WP-CLI is no Debian package; this stands for the four functions of it that the commands call.
 */
final class CLITest extends TestCase {

	private const WP_CLI = 'define( "WP_CLI", true ); final class WP_CLI {
		public static array $said = array();
		public static array $commands = array();
		public static function add_command( $name, $class ) { self::$commands[ $name ] = $class; }
		public static function __callStatic( $kind, $args ) { self::$said[] = $kind . ": " . $args[0]; }
	}';

	private static FakeSidecar $sidecar;

	public static function setUpBeforeClass(): void {
		self::$sidecar = new FakeSidecar();
	}

	public static function tearDownAfterClass(): void {
		self::$sidecar->stop();
	}

	protected function setUp(): void {
		parent::setUp();
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
	}

	public function test_push_pushes_what_waits(): void {
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->post();
		$this->assertSame( array( 'success: Pushed: 1. Failed: 0.' ), $this->command( 'push()' ) );
		$this->assertSame( array( 'success: Pushed: 0. Failed: 0.' ), $this->command( 'push()' ) );
	}

	public function test_push_says_what_is_wrong(): void {
		$this->connect( 'http://127.0.0.1:9' );
		$this->post();
		$this->assertStringStartsWith( 'error: The sidecar at http://127.0.0.1:9 cannot be reached', $this->command( 'push()' )[0] );
	}

	public function test_status_tells_both_sides(): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'status-response' ) ) );
		$post_id = $this->post();
		$this->set_row( $post_id, array( 'state' => 'dead', 'last_error' => 'No.' ) );
		$this->assertSame(
			array( 'line: outbox: 0 waiting, 0 pushed, 1 given up', "line:   post $post_id: No.", 'line: sidecar: 1 pending, 10 indexed, 1 skipped, 1 failed, 2 deleted' ),
			$this->command( 'status()' )
		);
	}

	private function command( string $call ): array {
		return $this->in_another_request( self::WP_CLI, "\$command = new WP_CLI::\$commands['rag-ask'](); \$command->$call; echo json_encode( WP_CLI::\$said );" );
	}
}
