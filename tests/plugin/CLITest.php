<?php

namespace RagAsk\Tests;

/**
 * WP-CLI is no Debian package; this stands for the functions of it that the commands call.
 */
final class CLITest extends TestCase {

	private const WP_CLI = 'eval( "namespace WP_CLI\Utils; function make_progress_bar() { return new \Bar(); }" );
		final class Bar { public function __call( $name, $args ) { WP_CLI::$said[] = $name . ": " . ( $args[0] ?? "" ); } }
		define( "WP_CLI", true ); final class WP_CLI {
		public static array $said = array();
		public static array $commands = array();
		public static function add_command( $name, $class ) { self::$commands[ $name ] = $class; }
		public static function __callStatic( $kind, $args ) { self::$said[] = $kind . ": " . $args[0]; }
	}';

	use WithSidecar;

	protected function setUp(): void {
		parent::setUp();
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
	}

	public function test_push_pushes_what_waits(): void {
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->post();
		$this->assertSame( array( 'success: Sent: 1. Failed: 0.' ), $this->command( 'push( array(), array() )' ) );
		$this->assertSame( array( 'success: Sent: 0. Failed: 0.' ), $this->command( 'push( array(), array() )' ) );
	}

	public function test_push_leaves_dead_letters_alone_unless_told_to_retry(): void {
		update_option( \RagAsk\Reconcile::RESULT, array( 'finished_at' => time() ) );
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->set_row( $this->post(), array( 'state' => 'dead' ) );
		$this->assertSame( array( 'success: Sent: 0. Failed: 0.' ), $this->command( 'push( array(), array() )' ) );
		$this->assertSame( array( 'success: Sent: 1. Failed: 0.' ), $this->command( 'push( array(), array( "retry" => true ) )' ) );
	}

	public function test_push_compares_both_sides_when_the_night_did_not(): void {
		update_option( \RagAsk\Reconcile::RESULT, array( 'finished_at' => time() - 27 * HOUR_IN_SECONDS ) );
		self::$sidecar->answers( array( 'status' => 200, 'json' => array( 'current' => 0, 'missing' => array(), 'stale' => array(), 'extra' => array() ) ) );
		$this->command( 'push( array(), array() )' );
		$this->assertSame( array( '/v1/status', '/v1/reconcile' ), array_column( self::$sidecar->requests(), 'path' ) );
		$this->command( 'push( array(), array() )' );
		$this->assertCount( 2, self::$sidecar->requests() );
	}

	public function test_reindex_pushes_everything_and_ends(): void {
		$posts = array( $this->post(), $this->post( array( 'post_type' => 'post' ) ) );
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->push();
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->assertSame( array( 'line: 2 posts, at most 18 tokens, cost unknown', 'tick: 2', 'finish: ', 'success: Pushed again: 2 posts.' ), $this->command( 'reindex( array(), array() )' ) );
		$this->assertSame( $posts, array_column( array_column( self::$sidecar->changes(), 'document' ), 'id' ) );
		$this->assertSame( array( 1, 1 ), array_column( self::$sidecar->changes(), 'priority' ) );
		$this->assertSame( 'success: Pushed again: 1 post.', array_slice( $this->command( 'reindex( array(), array( "post_type" => "post" ) )' ), -1 )[0] );
		$this->assertSame( array( 'error: That post type is not chosen in the settings.' ), $this->command( 'reindex( array(), array( "post_type" => "nonsense" ) )' ) );
	}

	public function test_reindex_stops_when_the_sidecar_is_down_and_goes_on_later(): void {
		$this->connect( 'http://127.0.0.1:9' );
		$this->forget_rows();
		$this->set_row( $this->post(), array( 'state' => 'settled' ) );
		$this->assertStringStartsWith( 'error: The sidecar at http://127.0.0.1:9 cannot be reached', array_slice( $this->command( 'reindex( array(), array() )' ), -1 )[0] );
		$this->assertTrue( \RagAsk\Reindex::is_running() );
	}

	public function test_reconcile_tells_how_it_ended(): void {
		$this->forget_rows();
		self::$sidecar->answers( array( 'status' => 200, 'json' => array( 'current' => 0, 'missing' => array(), 'stale' => array(), 'extra' => array() ) ) );
		$this->assertStringStartsWith( 'success: All 0 documents current as of ', $this->command( 'reconcile()' )[0] );
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'status-response' ) ) );
		$this->assertStringStartsWith( 'line: reconcile: All 0 documents current', $this->command( 'status()' )[1] );
		self::$sidecar->answers( array( 'status' => 503, 'error' => array( 'database_unavailable', 'Come back.' ) ) );
		$this->assertStringStartsWith( 'error: Come back.', $this->command( 'reconcile()' )[0] );
	}

	public function test_push_says_what_is_wrong(): void {
		$this->connect( 'http://127.0.0.1:9' );
		$this->post();
		$this->assertStringStartsWith( 'error: The sidecar at http://127.0.0.1:9 cannot be reached', $this->command( 'push( array(), array() )' )[0] );
	}

	public function test_status_tells_both_sides(): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'status-response' ) ) );
		$post_id = $this->post();
		$this->set_row( $post_id, array( 'state' => 'dead', 'last_error' => 'No.' ) );
		$this->assertSame(
			array( 'line: outbox: 0 waiting, 0 pushed, 1 failed', "line:   post $post_id: No.", 'line: sidecar: 1 pending, 10 indexed, 1 skipped, 1 failed, 2 deleted' ),
			$this->command( 'status()' )
		);
	}

	private function command( string $call ): array {
		return $this->in_another_request( self::WP_CLI, "\$command = new WP_CLI::\$commands['rag-ask'](); \$command->$call; echo json_encode( WP_CLI::\$said );" );
	}
}
