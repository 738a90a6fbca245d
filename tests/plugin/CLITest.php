<?php

namespace RagAsk\Tests;

/**
 * WP-CLI is no Debian package; this stands for the functions of it that the commands call.
 */
final class CLITest extends TestCase {

	private const WP_CLI = 'eval( "namespace WP_CLI\Utils; function make_progress_bar() { return new \Bar(); }
			function format_items( \$format, \$items, \$fields ) { foreach ( \$items as \$item ) { \WP_CLI::\$said[] = \$format . \': \' . implode( \' | \', \$item ); } }" );
		final class Bar { public function __call( $name, $args ) { WP_CLI::$said[] = $name . ": " . ( $args[0] ?? "" ); } }
		define( "WP_CLI", true ); final class WP_CLI {
		public static array $said = array();
		public static array $commands = array();
		public static function add_command( $name, $class ) { self::$commands[ $name ] = $class; }
		public static function __callStatic( $kind, $args ) { self::$said[] = $kind . ": " . $args[0]; }
	}';

	/** No web server listens at the address of the test's site. */
	private const CALLS_ITSELF = 'add_filter( "pre_http_request", static fn( $answer, $args, $url ) => str_starts_with( $url, home_url() ) ? array( "headers" => array(), "body" => "{\"token\":\"x\"}", "response" => array( "code" => 200, "message" => "OK" ), "cookies" => array() ) : $answer, 10, 3 );';

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
		$this->assertSame( array( 'line: 2 posts, at most 18 tokens, cost unknown', 'tick: 2', 'finish: ', 'success: Sent again: 2 posts.' ), $this->command( 'reindex( array(), array() )' ) );
		$this->assertSame( $posts, array_column( array_column( self::$sidecar->changes(), 'document' ), 'id' ) );
		$this->assertSame( array( 1, 1 ), array_column( self::$sidecar->changes(), 'priority' ) );
		$this->assertSame( 'success: Sent again: 1 post.', array_slice( $this->command( 'reindex( array(), array( "post_type" => "post" ) )' ), -1 )[0] );
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
		$this->assertStringStartsWith( 'success: All 0 documents current as of ', $this->command( 'reconcile( array(), array() )' )[0] );
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'status-response' ) ) );
		$this->assertStringStartsWith( 'table: comparison | All 0 documents current', $this->report( 'status' )[7] );
		self::$sidecar->answers( array( 'status' => 503, 'error' => array( 'database_unavailable', 'Come back.' ) ) );
		$this->assertStringStartsWith( 'error: Come back.', $this->command( 'reconcile( array(), array() )' )[0] );
	}

	public function test_what_was_done_is_json_where_a_program_asks_for_it(): void {
		$json = 'array( "format" => "json" )';
		$this->set_row( $this->post(), array( 'state' => 'settled' ) );
		$this->post();
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->assertSame( array( 'line: {"sent":1,"failed":0,"stopped_by":""}' ), $this->command( "push( array(), $json )" ) );
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->assertSame( array( 'line: {"sent":2}' ), $this->command( "reindex( array(), $json )" ) );
		self::$sidecar->answers( array( 'status' => 200, 'json' => array( 'current' => 2, 'missing' => array(), 'stale' => array(), 'extra' => array() ) ) );
		$this->assertSame( array( 'line: {"checked":2,"missing":0,"stale":0,"extra":0,"failed":0}' ), $this->command( "reconcile( array(), $json )" ) );
		$this->connect( 'http://127.0.0.1:9' );
		$this->post();
		list( $done, $why ) = $this->command( "push( array(), $json )" );
		$this->assertSame( array( 'line: {"sent":0,"failed":0,"stopped_by":"error"}', 'error: The sidecar' ), array( $done, substr( $why, 0, 18 ) ) );
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
		$said = $this->report( 'status', array(), array( 'format' => 'csv' ) );
		$this->assertContains( 'csv: all | 1', $said );
		$this->assertContains( 'csv: failed | 1', $said );
		$this->assertContains( 'csv: unsent | 0', $said );
		$this->assertStringContainsString( '$0.42', implode( "\n", preg_grep( '/^csv: money/', $said ) ) );
		$this->assertSame( "csv: post $post_id | No.", end( $said ) );
	}

	public function test_the_index_is_listed_by_state_with_reasons(): void {
		$failed   = $this->post( array( 'post_title' => 'Broken' ) );
		$excluded = $this->post( array( 'post_password' => 'x' ) );
		$this->set_row( $failed, array( 'state' => 'dead', 'last_error' => 'No.' ) );
		$this->set_row( $excluded, array( 'state' => 'settled', 'hash' => '' ) );
		$list = fn( array $options ): array => $this->in_another_request( self::WP_CLI, '$command = new WP_CLI::$commands["rag-ask index"](); $command->list_posts( array(), ' . var_export( $options, true ) . '); echo json_encode( WP_CLI::$said );' );
		$this->assertStringStartsWith( "json: $failed | Broken | page | failed | No. | ", $list( array( 'state' => 'failed', 'format' => 'json' ) )[0] );
		$this->assertStringContainsString( '| excluded | It has a password.', $list( array( 'state' => 'excluded' ) )[0] );
		$this->assertSame( array( 'line: 2' ), $list( array( 'format' => 'count', 'limit' => 1 ) ) );
		$this->assertCount( 1, $list( array( 'limit' => 1 ) ) );
		$this->assertSame( array(), $list( array( 'search' => 'nowhere' ) ) );
	}

	public function test_a_question_is_asked_as_a_guest(): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => array( 'outcome' => 'answered', 'answer' => 'At seven.', 'citations' => array( array( 'title' => 'Hours', 'url' => 'https://example.org/hours' ) ) ) ) );
		$this->assertSame( array( 'line: At seven.', 'line: Hours: https://example.org/hours' ), $this->report( 'ask', array( 'When do you open?' ) ) );
		$this->assertSame( '{"question":"When do you open?"}', self::$sidecar->requests()[0]['body'] );
		$this->assertStringContainsString( '"answer":"At seven."', $this->report( 'ask', array( 'When?' ), array( 'format' => 'json' ) )[0] );
		$this->assertSame( array( 'error: Type a question first.' ), $this->report( 'ask', array( ' ' ) ) );
	}

	public function test_questions_are_listed_by_kind(): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => array() ), array( 'status' => 200, 'json' => $this->contract( 'insights-response' ) ) );
		$this->assertStringStartsWith( 'csv: Do you deliver on Sundays? | Not found | 4 | 2026-', $this->report( 'questions', array(), array( 'format' => 'csv' ) )[0] );
		self::$sidecar->answers( array( 'status' => 200, 'json' => array() ), array( 'status' => 200, 'json' => $this->contract( 'insights-response' ) ) );
		$this->assertStringStartsWith( 'table: When do you open? | ', $this->report( 'questions', array(), array( 'kind' => 'top' ) )[0] );
		self::$sidecar->answers( array( 'status' => 200, 'json' => array() ), array( 'status' => 200, 'json' => $this->contract( 'insights-response' ) ) );
		$this->assertStringEndsWith( ' | http://localhost:8888/allergens/', $this->report( 'questions', array(), array( 'kind' => 'rated_down' ) )[0] );
		self::$sidecar->answers( array( 'status' => 503, 'error' => array( 'database_unavailable', 'Come back.' ) ) );
		$this->assertStringStartsWith( 'error: Come back.', $this->report( 'questions' )[0] );
	}

	public function test_the_doctor_says_what_is_wrong_and_the_remedy(): void {
		$well = array( 'refused_origins' => array() ) + $this->contract( 'status-response' );
		self::$sidecar->answers( array( 'status' => 200, 'json' => $well ) );
		update_option( \RagAsk\Reconcile::RESULT, array( 'finished_at' => time() ) );
		$healthy = $this->report( 'doctor', array(), array(), self::CALLS_ITSELF );
		$this->assertSame( array( 'ok', 'ok', 'ok', 'ok', 'unknown', 'ok', 'ok', 'ok', 'ok' ), array_map( static fn( string $line ): string => explode( ' | ', $line )[1], $healthy ), implode( "\n", $healthy ) );
		$this->set_row( $this->post(), array( 'state' => 'dead' ) );
		update_option( \RagAsk\Reconcile::RESULT, array( 'finished_at' => time() - 3 * DAY_IN_SECONDS, 'runs_with_drift' => 2 ) );
		update_option( \RagAsk\Clock::OPTION, -90, false );
		$budget = array( 'budget' => array( 'exhausted_at' => gmdate( 'Y-m-d\TH:i:s\Z' ) ) + $well['budget'] );
		self::$sidecar->answers( array( 'status' => 200, 'json' => $budget + $well, 'clock_s' => -90 ) );
		$ill = implode( "\n", $this->report( 'doctor', array(), array(), self::CALLS_ITSELF ) );
		foreach ( array( 'clock | wrong | The clocks', 'sending | wrong | 1 post could not be', 'index | wrong | The index differed', 'budget | wrong | Today', 'error: 4 checks found something wrong.' ) as $line ) {
			$this->assertStringContainsString( $line, $ill );
		}
		delete_option( \RagAsk\Connection::OPTION );
		$this->assertStringContainsString( 'connection | wrong | There is no connection', implode( "\n", $this->report( 'doctor' ) ) );
	}

	public function test_every_command_is_registered(): void {
		$names = $this->in_another_request( self::WP_CLI, 'echo json_encode( array_keys( WP_CLI::$commands ) );' );
		$this->assertSame( array( 'rag-ask', 'rag-ask status', 'rag-ask ask', 'rag-ask questions', 'rag-ask doctor', 'rag-ask index' ), $names );
	}

	private function command( string $call ): array {
		return $this->in_another_request( self::WP_CLI, "\$command = new WP_CLI::\$commands['rag-ask'](); \$command->$call; echo json_encode( WP_CLI::\$said );" );
	}

	private function report( string $name, array $args = array(), array $options = array(), string $before = '' ): array {
		$call = sprintf( 'call_user_func( WP_CLI::$commands["rag-ask %s"], %s, %s );', $name, var_export( $args, true ), var_export( $options, true ) );
		return $this->in_another_request( self::WP_CLI, "$before $call echo json_encode( WP_CLI::\$said );" );
	}
}
