<?php

namespace RagAsk\Tests;

use RagAsk\Change_Encoder;
use RagAsk\Health;
use RagAsk\Lease;
use RagAsk\Outbox;
use RagAsk\Push_Lock;
use RagAsk\Push_Log;
use RagAsk\Push_Schedule;
use RagAsk\Pusher;
use RagAsk\Row_Outcome;
use RagAsk\Settings;

final class PusherTest extends TestCase {

	use WithSidecar;

	protected function setUp(): void {
		parent::setUp();
		update_option( Settings::OPTION, array( 'timeout_s' => 2 ) );
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
		self::$sidecar->answers( array( 'status' => 202 ) );
	}

	public function test_a_push_is_signed_and_shaped_as_in_the_contract(): void {
		$post_id = $this->post();
		$gone_id = $this->post();
		wp_delete_post( $gone_id, true );
		$began = time();
		$this->assertSame( array( 'settled' => 2, 'failed' => 0, 'stopped_by' => '' ), $this->push() );

		list( $request ) = self::$sidecar->requests();
		$this->assertSame( 'POST', $request['method'] );
		$this->assertSame( '/v1/push', $request['path'] );
		$this->assertSame( 'application/json', $request['headers']['Content-Type'] );
		list( , $claims ) = array_map( static fn( $part ) => json_decode( base64_decode( strtr( $part, '-_', '+/' ) ), true ), explode( '.', $request['headers']['Authorization'] ) );
		$this->assertSame( rtrim( strtr( base64_encode( hash( 'sha256', $request['body'], true ) ), '+/', '-_' ), '=' ), $claims['bh'] );
		$this->assertEqualsWithDelta( $began, $claims['iat'], 1 + time() - $began );

		$body   = json_decode( $request['body'], true );
		$wanted = $this->contract( 'push-request' );
		$this->assertSame( array_keys( $wanted ), array_keys( $body ) );
		$this->assertSame( array( 'upsert', 'delete' ), array_column( $body['changes'], 'op' ) );
		$this->assertSame( array_keys( $wanted['changes'][0]['document'] ), array_keys( $body['changes'][0]['document'] ) );
		$this->assertSame( array( 'op' => 'delete', 'priority' => 0, 'id' => $gone_id, 'version' => (int) $this->row( $gone_id )->version ), $body['changes'][1] );
		$this->assertSame( 'settled', $this->row( $post_id )->state );
	}

	public function test_each_row_ends_by_its_own_result(): void {
		list( $accepted, $stale, $rejected, $forgotten ) = array( $this->post(), $this->post(), $this->post(), $this->post() );
		$results = $this->contract( 'push-response' )['results'];
		self::$sidecar->answers( array( 'results' => array(
			$stale     => array( 'result' => $results[1]['result'] ), // Without a version above the row's.
			$rejected  => array_intersect_key( $results[2], array( 'result' => 1, 'code' => 1, 'message' => 1 ) ),
			$forgotten => null,
		) ) );
		$this->assertSame( array( 'settled' => 2, 'failed' => 2, 'stopped_by' => '' ), $this->push() );
		$this->assertSame( 'settled', $this->row( $accepted )->state );
		$this->assertSame( 'settled', $this->row( $stale )->state );
		$this->assertSame( 'dead', $this->row( $rejected )->state );
		$this->assertSame( 'invalid_document: title: must be a string. Correct the document and push it again.', $this->row( $rejected )->last_error );
		$this->assertSame( 'waiting', $this->row( $forgotten )->state );
		$this->assertSame( '1', $this->row( $forgotten )->attempts );
	}

	public function test_a_rejected_post_is_tried_again_when_it_is_saved(): void {
		$post_id = $this->post();
		self::$sidecar->answers( array( 'results' => array( $post_id => array( 'result' => 'rejected', 'code' => 'invalid_document', 'message' => 'No.' ) ) ), array( 'status' => 202 ) );
		$this->push();
		wp_update_post( array( 'ID' => $post_id, 'post_content' => 'Mended.' ) );
		$this->push();
		$this->assertSame( 'settled', $this->row( $post_id )->state );
	}

	/**
	 * @dataProvider failures
	 */
	public function test_a_sidecar_that_takes_nothing_keeps_the_rows_and_says_why( array $line, string $said ): void {
		$post_id = $this->post();
		self::$sidecar->answers( $line );
		$this->assertSame( 'error', $this->push()['stopped_by'] );
		$this->assertCount( 1, self::$sidecar->requests(), 'one try, not a storm' );
		$row = $this->row( $post_id );
		$this->assertSame( 'waiting', $row->state );
		$this->assertSame( '0', $row->attempts, 'it was not the fault of the post' );
		$this->assertGreaterThan( time(), (int) $row->next_attempt_at );
		$this->assertStringContainsString( $said, $row->last_error );
		$this->assertStringContainsString( $said, Push_Log::read()['message'] );

		self::$sidecar->answers( array( 'status' => 202 ) );
		Outbox::retry_now();
		$this->push();
		$this->assertSame( 'settled', $this->row( $post_id )->state );
		$this->assertSame( '', Push_Log::read()['message'] );
		$this->assertSame( 0, Push_Log::read()['failures'] );
	}

	public function failures(): array {
		return array(
			'401'          => array( array( 'status' => 401, 'error' => array( 'token_invalid', 'The token is not valid.' ) ), 'Paste the connection string again' ),
			'403'          => array( array( 'status' => 403, 'error' => array( 'token_wrong_audience', 'Wrong.' ) ), 'token_wrong_audience' ),
			'429'          => array( array( 'status' => 429, 'error' => array( 'rate_limited', 'Slow down.' ) ), 'rate_limited' ),
			'500'          => array( array( 'status' => 500, 'error' => array( 'internal_error', 'A fault.' ) ), 'internal_error' ),
			'503'          => array( array( 'status' => 503, 'error' => array( 'database_unavailable', 'Wait.' ) ), 'database_unavailable' ),
			'a proxy page' => array( array( 'status' => 502, 'raw' => '<h1>Bad gateway</h1>' ), 'HTTP 502' ),
			'a web page'   => array( array( 'status' => 200, 'raw' => '<h1>Hello</h1>' ), 'is not a RAG Ask sidecar' ),
			'a redirect'   => array( array( 'status' => 302, 'raw' => '' ), 'HTTP 302' ),
			'a reset'      => array( array( 'reset' => true ), 'cannot be reached' ),
			'a hang'       => array( array( 'hang_s' => 60 ), 'cannot be reached' ),
		);
	}

	public function test_the_sidecar_may_say_when_to_come_back(): void {
		$post_id = $this->post();
		self::$sidecar->answers( array( 'status' => 429, 'error' => array( 'rate_limited', 'Slow down.' ), 'retry_after' => 600 ) );
		$began = time();
		$this->push();
		$this->assertEqualsWithDelta( $began + 600, (int) $this->row( $post_id )->next_attempt_at, 1 + time() - $began );
	}

	public function test_failures_in_a_row_wait_longer(): void {
		$this->post();
		self::$sidecar->answers( array( 'status' => 500, 'error' => array( 'internal_error', 'A fault.' ) ) );
		foreach ( range( 1, 8 ) as $ignored ) {
			Outbox::retry_now();
			$this->push();
		}
		$this->assertSame( 8, Push_Log::read()['failures'] );
		$this->assertSame( 0, Outbox::counts()['dead'], 'an outage buries nothing' );
	}

	public function test_a_post_that_cannot_be_rendered_fails_alone(): void {
		add_shortcode( 'broken', static fn() => throw new \RuntimeException( 'no such recipe' ) );
		$good   = $this->post();
		$broken = $this->post( array( 'post_content' => '[broken]' ) );
		$after  = $this->post();
		$report = $this->push();
		remove_shortcode( 'broken' );
		$this->assertSame( array( 'settled' => 2, 'failed' => 1, 'stopped_by' => '' ), $report );
		$this->assertSame( 'settled', $this->row( $good )->state );
		$this->assertSame( 'settled', $this->row( $after )->state );
		$this->assertSame( 'waiting', $this->row( $broken )->state );
		$this->assertStringContainsString( 'no such recipe', $this->row( $broken )->last_error );
	}

	/**
	 * As a table of utf8 does with the emoji in another plugin's message.
	 */
	public function test_a_reason_that_the_table_does_not_take_is_written_in_plain_letters(): void {
		add_shortcode( 'broken', static fn() => throw new \RuntimeException( 'no recipe 🍞 here' ) );
		$post_id = $this->post( array( 'post_content' => '[broken]' ) );
		$report  = $this->while_refused( '🍞', fn() => $this->push() );
		remove_shortcode( 'broken' );
		$this->assertSame( array( 'settled' => 0, 'failed' => 1, 'stopped_by' => '' ), $report );
		$this->assertSame( 'The post could not be rendered: no recipe ? here', $this->row( $post_id )->last_error );
		$this->assertSame( '1', $this->row( $post_id )->attempts );
	}

	/**
	 * @dataProvider unwritten
	 */
	public function test_an_outcome_that_is_not_stored_stops_the_push( string $statement, int $requests ): void {
		$this->post();
		$report = $this->while_refused( $statement, fn() => $this->push() );
		$this->assertSame( array( 'settled' => 0, 'failed' => 0, 'stopped_by' => 'error' ), $report );
		$this->assertCount( $requests, self::$sidecar->requests(), 'not claimed again' );
		$this->assertStringContainsString( 'the disk may be full', Health::problems()['unwritten'] );
		Outbox::retry_now();
		$this->assertSame( '', $this->push()['stopped_by'] );
		$this->assertArrayNotHasKey( 'unwritten', Health::problems() );
	}

	public function unwritten(): array {
		return array(
			'a claim'    => array( 'SET lease_id', 0 ),
			'an outcome' => array( "state = 'settled', attempts = 0", 1 ),
		);
	}

	/**
	 * Do work while the database refuses statements with this text.
	 */
	private function while_refused( string $text, callable $work ) {
		$refuse = static fn( string $sql ) => str_contains( $sql, $text ) ? 'REFUSED' : $sql;
		add_filter( 'query', $refuse );
		try {
			$result = null;
			$this->logged( static function () use ( $work, &$result ) {
				$result = $work();
			} );
			return $result;
		} finally {
			remove_filter( 'query', $refuse );
		}
	}

	public function test_a_post_that_kills_php_becomes_a_dead_letter(): void {
		$post_id = $this->post();
		$this->set_row( $post_id, array( 'attempts' => Lease::MAX_ATTEMPTS, 'lease_id' => 'a process that died', 'leased_until' => 1 ) );
		$this->assertSame( 1, $this->push()['failed'] );
		$this->assertSame( 'dead', $this->row( $post_id )->state );
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	public function test_a_post_that_ends_php_fails_alone(): void {
		$good   = $this->post();
		$killer = $this->post( array( 'post_content' => '[goodbye]' ) );
		$after  = $this->post();
		$this->in_another_request( '', 'add_shortcode( "goodbye", static function () { while ( ob_get_level() ) ob_end_clean(); exit( "true" ); } ); RagAsk\Pusher::push( INF );' );
		wp_cache_flush();
		$this->assertStringContainsString( 'PHP stopped while this post was rendered', $this->row( $killer )->last_error );
		$this->assertSame( '1', $this->row( $killer )->attempts );
		foreach ( array( $killer, $good, $after ) as $post_id ) {
			$this->assertSame( '', $this->row( $post_id )->lease_id );
		}
		$this->assertNotFalse( wp_next_scheduled( Pusher::EVENT ), 'another request goes on' );
		// Here the shortcode is unknown; what counts is that nothing holds the others back, and that the killer waits its turn.
		$this->assertSame( 2, $this->push()['settled'] );
		$this->assertSame( 'waiting', $this->row( $killer )->state );
	}

	public function test_a_version_that_the_sidecar_has_from_before_a_restored_backup_is_overtaken(): void {
		$post_id = $this->post();
		$version = (int) $this->row( $post_id )->version;
		self::$sidecar->answers(
			array( 'results' => array( $post_id => array( 'result' => 'stale', 'current_version' => $version + 1_000_000_000 ) ) ),
			array( 'status' => 202 )
		);
		$this->assertSame( array( 'settled' => 1, 'failed' => 0, 'stopped_by' => '' ), $this->push() );
		$this->assertSame( $version + 1_000_000_001, (int) $this->row( $post_id )->version );
		$this->assertSame( $version + 1_000_000_001, self::$sidecar->changes()[1]['document']['version'] );
	}

	public function test_a_sidecar_that_is_always_newer_gets_no_endless_push(): void {
		$post_id = $this->post();
		self::$sidecar->answers( array( 'results' => array( $post_id => array( 'result' => 'stale', 'current_version' => 9_000_000_000_000_000_000 ) ) ) );
		$this->set_row( $post_id, array( 'attempts' => Lease::MAX_ATTEMPTS - 1 ) );
		$this->assertSame( 1, $this->push()['failed'] );
		$this->assertSame( 'dead', $this->row( $post_id )->state );
		$this->assertStringContainsString( 'no other copy of this site', $this->row( $post_id )->last_error );
	}

	public function test_a_replay_of_what_the_sidecar_has_is_settled(): void {
		$post_id = $this->post();
		self::$sidecar->answers( array( 'results' => array( $post_id => array( 'result' => 'stale', 'current_version' => (int) $this->row( $post_id )->version ) ) ) );
		$this->push();
		$this->assertSame( 'settled', $this->row( $post_id )->state );
	}

	public function test_a_settled_row_keeps_the_content_hash_of_what_was_pushed(): void {
		$post_id = $this->post();
		$this->push();
		$this->assertSame( \RagAsk\expected_hash( $post_id ), $this->row( $post_id )->hash );
		wp_trash_post( $post_id );
		$this->push();
		$this->assertSame( '', $this->row( $post_id )->hash );
	}

	public function test_a_push_expands_what_posts_share_and_sends_edits_first(): void {
		$old = $this->post();
		$this->forget_rows();
		Outbox::record( array( 0 ), 'site', Outbox::SCAN );
		$new = $this->post();
		$this->assertSame( 3, $this->push()['settled'] );
		$sent = array_map( static fn( $change ) => array( $change['document']['id'], $change['priority'] ), self::$sidecar->changes() );
		$this->assertSame( array( $new, 0 ), $sent[0] );
		$this->assertContains( array( $old, 1 ), $sent );
		$this->assertSame( 0, Outbox::counts()['waiting'] );
	}

	public function test_an_expansion_that_fails_stops_no_other_row(): void {
		$post_id = $this->post();
		Outbox::record( array( 7 ), 'nonsense' );
		$this->assertSame( array( 'settled' => 1, 'failed' => 1, 'stopped_by' => '' ), $this->push() );
		$this->assertSame( 'settled', $this->row( $post_id )->state );
		$this->assertSame( 'waiting', $this->row( 7, 'nonsense' )->state );
		$this->assertNotSame( '', $this->row( 7, 'nonsense' )->last_error );
	}

	public function test_an_expansion_that_kills_php_becomes_a_dead_letter(): void {
		global $wpdb;
		Outbox::record( array( 7 ), 'term' );
		$wpdb->update( Outbox::table(), array( 'attempts' => Lease::MAX_ATTEMPTS, 'lease_id' => 'a process that died', 'leased_until' => 1 ), array( 'object_type' => 'term' ) );
		$this->assertSame( 1, $this->push()['failed'] );
		$this->assertSame( 'dead', $this->row( 7, 'term' )->state );
	}

	public function test_large_posts_are_divided_among_bodies_and_one_too_large_is_named(): void {
		remove_filter( 'the_content', 'wpautop' );
		$three  = array_map( fn() => $this->post( array( 'post_content' => str_repeat( 'bread ', 150_000 ) ) ), range( 1, 3 ) );
		$large  = $this->post( array( 'post_content' => str_repeat( 'bread ', 850_000 ) ) );
		$larger = $this->post( array( 'post_content' => str_repeat( 'bread ', 1_050_000 ) ) );
		$report = $this->push();
		add_filter( 'the_content', 'wpautop' );
		$this->assertSame( array( 'settled' => 4, 'failed' => 1, 'stopped_by' => '' ), $report );
		$sizes = array_map( static fn( $request ) => strlen( $request['body'] ), self::$sidecar->requests() );
		$this->assertCount( 3, $sizes );
		foreach ( self::$sidecar->requests() as $request ) {
			$is_single = 1 === count( json_decode( $request['body'], true )['changes'] );
			$this->assertLessThan( $is_single ? 6_000_100 : 2_000_100, strlen( $request['body'] ) );
		}
		foreach ( array( ...$three, $large ) as $post_id ) {
			$this->assertSame( 'settled', $this->row( $post_id )->state );
		}
		$this->assertSame( 'dead', $this->row( $larger )->state );
		$this->assertStringContainsString( '6 MB', $this->row( $larger )->last_error );
	}

	public function test_a_body_that_is_refused_is_divided_until_the_bad_change_is_found(): void {
		$posts = array( $this->post(), $this->post(), $this->post() );
		$no    = array( 'status' => 400, 'error' => array( 'invalid_json', 'Not valid JSON.' ) );
		// All three, then the first two, then each of these; the third goes through at once.
		self::$sidecar->answers( $no, $no, array( 'status' => 202 ), $no, array( 'status' => 202 ) );
		$this->assertSame( array( 'settled' => 2, 'failed' => 1, 'stopped_by' => '' ), $this->push() );
		$this->assertSame( array( 'settled', 'dead', 'settled' ), array_map( fn( $post_id ) => $this->row( $post_id )->state, $posts ) );
		$this->assertStringContainsString( 'Not valid JSON.', $this->row( $posts[1] )->last_error );
	}

	public function test_many_posts_go_in_batches(): void {
		update_option( Settings::OPTION, array( 'batch_size' => 3, 'timeout_s' => 2 ) );
		foreach ( range( 1, 7 ) as $ignored ) {
			$this->post();
		}
		$this->assertSame( 7, $this->push()['settled'] );
		$this->assertSame( array( 3, 3, 1 ), array_map( static fn( $request ) => count( json_decode( $request['body'], true )['changes'] ), self::$sidecar->requests() ) );
	}

	public function test_when_the_time_is_over_the_rest_waits_for_the_next_request(): void {
		$post_id = $this->post();
		$this->assertSame( 'time', $this->push( -1.0 )['stopped_by'] );
		$row = $this->row( $post_id );
		$this->assertSame( array( 'waiting', '0', '' ), array( $row->state, $row->attempts, $row->lease_id ) );
	}

	public function test_a_push_of_the_schedule_that_runs_out_of_time_goes_on_in_another_request(): void {
		add_shortcode( 'slow', static fn() => (string) usleep( 1_100_000 ) );
		$this->post();
		$this->post( array( 'post_content' => '[slow]' ) );
		$was = array( ini_get( 'max_execution_time' ), $_SERVER['REQUEST_TIME_FLOAT'] );
		ini_set( 'max_execution_time', '30' );
		$_SERVER['REQUEST_TIME_FLOAT'] = microtime( true ) - 100;
		try {
			Push_Schedule::run();
		} finally {
			ini_set( 'max_execution_time', $was[0] );
			$_SERVER['REQUEST_TIME_FLOAT'] = $was[1];
			remove_shortcode( 'slow' );
		}
		$this->assertNotFalse( wp_next_scheduled( Pusher::EVENT ), 'the least budget is one second, the post takes longer' );
	}

	public function test_encoding_returns_a_value_and_writes_nothing(): void {
		add_shortcode( 'broken', static fn() => throw new \RuntimeException( 'no such recipe' ) );
		$this->post( array( 'post_content' => '[broken]' ) );
		$row     = Lease::claim( 1 )[0];
		$outcome = Change_Encoder::encode( $row );
		remove_shortcode( 'broken' );
		$this->assertInstanceOf( Row_Outcome::class, $outcome );
		$this->assertSame( Row_Outcome::RETRY, $outcome->kind );
		$this->assertSame( $row->lease_id, $this->row( $row->object_id )->lease_id, 'still claimed' );
		$this->assertSame( array( 'json', 'hash' ), array_keys( Change_Encoder::encode( $row ) ) );
	}

	public function test_a_broken_character_does_not_stop_a_push(): void {
		global $wpdb;
		$post_id = $this->post( array( 'post_content' => 'Caf' ) );
		$broken  = static fn( $html ) => $html . "\xe9 au lait";
		add_filter( 'the_content', $broken );
		$this->push();
		remove_filter( 'the_content', $broken );
		$this->assertSame( 'settled', $this->row( $post_id )->state );
		$this->assertStringContainsString( "\u{FFFD} au lait", self::$sidecar->changes()[0]['document']['html'] );
	}

	public function test_a_post_saved_while_its_push_is_under_way_is_pushed_again(): void {
		$post_id = $this->post( array( 'post_content' => 'first' ) );
		$save    = function ( $answer ) use ( $post_id, &$save ) {
			remove_filter( 'http_response', $save );
			wp_update_post( array( 'ID' => $post_id, 'post_content' => 'second' ) );
			return $answer;
		};
		add_filter( 'http_response', $save );
		$this->push();
		$changes = self::$sidecar->changes();
		$this->assertCount( 2, $changes );
		$this->assertStringContainsString( 'second', $changes[1]['document']['html'] );
		$this->assertGreaterThan( $changes[0]['document']['version'], $changes[1]['document']['version'] );
		$this->assertSame( 'settled', $this->row( $post_id )->state );
	}

	public function test_only_one_pusher_at_a_time(): void {
		global $wpdb;
		$this->post();
		$this->assertTrue( Push_Lock::acquire() );
		$this->assertSame( 'busy', $this->push()['stopped_by'] );
		$this->assertSame( array(), self::$sidecar->requests() );
		$wpdb->update( $wpdb->options, array( 'option_value' => ( time() - 1 ) . ' a process that died' ), array( 'option_name' => Push_Lock::OPTION ) );
		$this->assertSame( 1, $this->push()['settled'] );
		$this->assertNull( $wpdb->get_var( "SELECT option_value FROM $wpdb->options WHERE option_name = 'rag_ask_push_lock'" ) );
	}

	public function test_a_lock_that_was_taken_over_is_not_renewed(): void {
		global $wpdb;
		Push_Lock::acquire();
		$this->assertTrue( Push_Lock::renew() );
		$wpdb->update( $wpdb->options, array( 'option_value' => ( time() + 99 ) . ' another' ), array( 'option_name' => Push_Lock::OPTION ) );
		$this->assertFalse( Push_Lock::renew() );
	}

	public function test_without_a_connection_rows_wait_untouched(): void {
		delete_option( \RagAsk\Connection::OPTION );
		$post_id = $this->post();
		$this->assertSame( 'not_configured', $this->push()['stopped_by'] );
		$this->assertSame( 'waiting', $this->row( $post_id )->state );
	}

	public function test_saving_does_not_wait_for_a_sidecar_that_hangs(): void {
		self::$sidecar->answers( array( 'hang_s' => 60 ) );
		$post_id = $this->post();
		$this->assertSame( array(), self::$sidecar->requests() );
		$this->assertSame( 'waiting', $this->row( $post_id )->state );
	}

	public function test_saving_works_when_no_sidecar_is_there(): void {
		$this->connect( 'http://127.0.0.1:9' );
		$post_id = $this->post();
		$this->assertSame( 'error', $this->push()['stopped_by'] );
		$this->assertSame( 'publish', get_post_status( $post_id ) );
		$this->assertSame( 'waiting', $this->row( $post_id )->state );
		$this->assertStringContainsString( 'Check that it runs', $this->row( $post_id )->last_error );
	}

	public function test_a_save_plans_one_push_for_the_end_of_the_request(): void {
		$this->post();
		$this->post();
		$this->assertSame( 0, has_action( 'shutdown', array( Push_Schedule::class, 'wake_cron' ) ), 'before core starts WP-Cron at 10' );
		$this->assertFalse( wp_next_scheduled( Pusher::EVENT ) );
		$began = time();
		Push_Schedule::wake_cron();
		$this->assertEqualsWithDelta( $began, wp_next_scheduled( Pusher::EVENT ), 1 + time() - $began );
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	public function test_where_php_can_the_push_follows_the_response(): void {
		// Only PHP-FPM has this function; here it tells what the sidecar had got when the response was finished.
		$before = sprintf( 'function fastcgi_finish_request() { echo json_encode( file( %s ) ); return true; }', var_export( self::$sidecar->record, true ) );
		$save   = 'wp_insert_post( array( "post_title" => "Opening hours", "post_content" => "At seven.", "post_status" => "publish", "post_type" => "page" ) );';
		$this->assertSame( array(), $this->in_another_request( $before, $save ) );
		$this->assertSame( array( 'Opening hours' ), array_column( array_column( self::$sidecar->changes(), 'document' ), 'title' ) );
		$this->assertFalse( wp_next_scheduled( Pusher::EVENT ) );
		$this->assertSame( 1, Outbox::counts()['settled'] );
	}

	public function test_before_the_response_a_save_costs_one_query(): void {
		// What the plugin asks: a query that has one of its functions in its trace.
		$before = 'define( "SAVEQUERIES", true ); function fastcgi_finish_request() { global $wpdb; echo json_encode( array_column( array_intersect_key( $wpdb->queries, preg_grep( "/RagAsk/", array_column( $wpdb->queries, 2 ) ) ), 0 ) ); return true; }';
		$save   = sprintf( '$GLOBALS["wpdb"]->queries = array(); wp_update_post( array( "ID" => %d, "post_content" => "At eight." ) );', $this->post() );
		$asked  = $this->in_another_request( $before, $save );
		$this->assertCount( 1, $asked, implode( "\n", $asked ) );
		$this->assertStringContainsString( 'rag_ask_outbox', $asked[0] );
	}

	public function test_a_push_ends_before_a_host_would_stop_php(): void {
		update_option( Settings::OPTION, array( 'push_budget_s' => 25, 'timeout_s' => 4 ) );
		$was = ini_get( 'max_execution_time' );
		$now = $_SERVER['REQUEST_TIME_FLOAT'];
		$began = microtime( true );
		$_SERVER['REQUEST_TIME_FLOAT'] = $began - 5;
		try {
			ini_set( 'max_execution_time', '0' );
			$this->assertSame( 25.0, Push_Schedule::budget_s(), 'no limit' );
			ini_set( 'max_execution_time', '30' );
			$this->assertEqualsWithDelta( 0.8 * 30 - 4 - 5, Push_Schedule::budget_s(), microtime( true ) - $began );
			ini_set( 'max_execution_time', '6' );
			$this->assertSame( 1.0, Push_Schedule::budget_s(), 'never too short to get on' );
		} finally {
			ini_set( 'max_execution_time', $was );
			$_SERVER['REQUEST_TIME_FLOAT'] = $now;
		}
	}

	public function test_with_a_system_cron_no_request_plans_a_push(): void {
		update_option( Settings::OPTION, array( 'system_cron' => true ) );
		$this->assertFalse( $this->in_another_request( '', 'wp_insert_post( array( "post_title" => "Tea", "post_status" => "publish" ) ); echo json_encode( has_action( "shutdown", array( "RagAsk\\Push_Schedule", "wake_cron" ) ) );' ) );
		wp_cache_flush();
		$this->assertFalse( wp_next_scheduled( Pusher::EVENT ) );
		$this->assertSame( 1, Outbox::counts()['waiting'] );
		$constant = 'define( "RAG_ASK_SYSTEM_CRON", true );';
		$this->assertTrue( $this->in_another_request( $constant, 'update_option( "rag_ask_settings", array() ); echo json_encode( RagAsk\Push_Schedule::is_system_cron_only() );' ) );
	}

	public function test_the_events_push(): void {
		foreach ( array( Pusher::EVENT, Push_Schedule::SAFETY ) as $event ) {
			$post_id = $this->post();
			do_action_ref_array( $event, array() );
			$this->assertSame( 'settled', $this->row( $post_id )->state, $event );
		}
	}

	public function test_the_safety_event_comes_every_five_minutes(): void {
		Push_Schedule::clear_events();
		Push_Schedule::ensure_event();
		$event = wp_get_scheduled_event( Push_Schedule::SAFETY );
		$this->assertSame( 300, $event->interval );
	}
}
