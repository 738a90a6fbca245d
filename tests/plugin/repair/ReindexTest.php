<?php

namespace RagAsk\Tests;

use RagAsk\Estimate;
use RagAsk\Job_Schedule;
use RagAsk\Lease;
use RagAsk\Outbox;
use RagAsk\Progress;
use RagAsk\Push_Log;
use RagAsk\Reconcile;
use RagAsk\Reindex;
use RagAsk\Sidecar_Status;

final class ReindexTest extends TestCase {

	use WithSidecar;

	protected function setUp(): void {
		parent::setUp();
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
		self::$sidecar->answers( array( 'status' => 202 ) );
		wp_clear_scheduled_hook( Job_Schedule::SOON );
	}

	public function test_every_post_is_pushed_again_behind_the_edits(): void {
		$posts = array( $this->post(), $this->post(), $this->post( array( 'post_type' => 'post' ) ) );
		$this->post( array( 'post_status' => 'draft' ) );
		$this->push();
		$edited = $this->post();
		$this->assertTrue( Reindex::start() );
		$this->assertNotFalse( wp_next_scheduled( Job_Schedule::SOON ) );
		Reindex::step();
		$this->assertSame( (string) Outbox::LIVE, $this->row( $edited )->priority );
		$this->assertSame( array_fill( 0, 3, (string) Outbox::SCAN ), array_map( fn( $id ) => $this->row( $id )->priority, $posts ) );
		$this->assertSame( $edited, Lease::claim( 1 )[0]->object_id );
		$this->assertSame( array( 'running', 4, 1 ), array_values( array_intersect_key( Reindex::progress(), array_flip( array( 'status', 'done', 'total' ) ) ) ) );

		Outbox::record( array( $edited ) );
		$this->push();
		Reindex::step();
		$progress = Reindex::progress();
		$this->assertSame( array( 'finished', 4, 4 ), array( $progress['status'], $progress['done'], $progress['total'] ) );
		$this->assertTrue( Reconcile::is_running(), 'What is gone by now is found by a comparison.' );
	}

	public function test_one_type_alone(): void {
		$page = $this->post();
		$post = $this->post( array( 'post_type' => 'post' ) );
		$this->push();
		Reindex::start( 'post' );
		Reindex::step();
		$this->assertSame( array( 'settled', 'waiting' ), array( $this->row( $page )->state, $this->row( $post )->state ) );
		$this->assertSame( 1, Reindex::progress()['total'] );
		$this->push();
		Reindex::step();
		$this->assertSame( 'finished', Reindex::progress()['status'] );
		$this->assertFalse( Reconcile::is_running() );
	}

	public function test_never_more_than_one(): void {
		$this->post();
		$this->assertTrue( Reindex::start() );
		$this->assertFalse( Reindex::start( 'page' ) );
		$this->assertTrue( Reindex::stop() );
		$this->assertTrue( Reindex::start( 'page' ) );
	}

	public function test_a_large_site_does_not_flood_the_outbox_and_a_kill_loses_nothing(): void {
		$this->many_posts( 3200 );
		Reindex::start();
		Reindex::step();
		$this->assertSame( 2000, Outbox::counts()['waiting'] );
		$this->assertSame( array( 0, 3200 ), array( Reindex::progress()['done'], Reindex::progress()['total'] ) );
		Reindex::step();
		$this->assertSame( 2000, Outbox::counts()['waiting'], 'It waits for the pusher.' );
		$this->push();
		$this->assertSame( 2000, Reindex::progress()['done'] );
		// Another process goes on where this one was killed.
		$this->in_another_request( '', 'RagAsk\Reindex::step(); echo "true";' );
		$this->assertSame( 1200, Outbox::counts()['waiting'] );
		$this->push();
		Reindex::step();
		$this->assertSame( 'finished', Reindex::progress()['status'] );
		$ids = array_column( array_column( self::$sidecar->changes(), 'document' ), 'id' );
		$this->assertCount( 3200, array_unique( $ids ) );
		$this->assertCount( 3200, $ids );
	}

	public function test_a_post_that_fails_by_itself_does_not_hold_it_up(): void {
		$post_id = $this->post();
		self::$sidecar->answers( array( 'status' => 202, 'results' => array( $post_id => null ) ) );
		$this->push();
		Reindex::start();
		$this->set_row( $post_id, array( 'state' => 'settled' ) );
		Reindex::step();
		$this->push();
		$this->assertSame( 'waiting', $this->row( $post_id )->state );
		Reindex::step();
		$this->assertSame( 'finished', Reindex::progress()['status'] );
	}

	public function test_the_rate_is_that_of_the_last_half_minute(): void {
		global $wpdb;
		$this->post();
		Reindex::start();
		$began = time();
		$state = array( 'status' => 'running', 'total' => 1000, 'scanned' => 300, 'mark' => array( $began - 20, 100 ), 'rate' => 0, 'started_at' => $began - 9000 );
		$wpdb->update( $wpdb->options, array( 'option_value' => '0 x ' . wp_json_encode( $state ) ), array( 'option_name' => Reindex::OPTION ) );
		$this->forget_rows();
		$progress = Reindex::progress();
		$text     = Progress::of( 'reindex' )['text'];
		// 200 posts in the 20 seconds and those that passed since.
		$rates = array_map( static fn( $passed_s ) => 200.0 / ( 20 + $passed_s ), range( 0, time() - $began ) );
		$this->assertContains( $progress['rate'], $rates );
		$this->assertSame( (int) ceil( 700 / $progress['rate'] ), $progress['left_s'] );
		$a_minute = implode( '|', array_map( static fn( $rate ) => number_format_i18n( 60 * $rate ), $rates ) );
		$this->assertMatchesRegularExpression( "/^Sent 300 of 1,000 posts\\. ($a_minute) a minute, about \\d minutes? left\\.$/", $text );
	}

	public function test_the_progress_says_why_nothing_moves(): void {
		$this->post();
		Reindex::start();
		Push_Log::failed( 'The sidecar sleeps.' );
		$this->assertSame( 'Sent 0 of 1 posts. The sidecar sleeps.', Progress::of( 'reindex' )['text'] );
	}

	public function test_the_route_of_the_progress_is_the_owners(): void {
		$this->assertSame( 401, rest_do_request( '/rag-ask/v1/progress' )->get_status() );
		wp_set_current_user( 1 );
		$this->post();
		Reindex::start();
		$answer = rest_do_request( '/rag-ask/v1/progress' );
		$this->assertSame( array( 200, true, false ), array( $answer->get_status(), $answer->get_data()['reindex']['is_running'], $answer->get_data()['reconcile']['is_running'] ) );
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	/**
	 * @testWith [0, "free: the sidecar embeds on its own processor"]
	 *           [null, "cost unknown"]
	 *           [0.02, "less than $0.01"]
	 *           [40, "about $4.00"]
	 */
	public function test_the_estimate_names_tokens_and_cost( ?float $price, string $cost ): void {
		$this->post( array( 'post_content' => str_repeat( 'äbcd', 100_000 ) ) );
		$this->post( array( 'post_content' => str_repeat( 'x', 4000 ), 'post_status' => 'draft' ) );
		update_option( Sidecar_Status::OPTION, array( 'status' => array( 'embedding_price_usd' => $price ) ), false );
		$this->assertSame( array( 'post' => array( 'posts' => 0, 'tokens' => 0 ), 'page' => array( 'posts' => 1, 'tokens' => 100_000 ) ), Estimate::by_type() );
		$this->assertSame( $cost, Estimate::cost( 100_000, Estimate::price() ) );
	}

	private function many_posts( int $count ): void {
		global $wpdb;
		foreach ( array_chunk( range( 1, $count ), 400 ) as $chunk ) {
			$rows = array_map( static fn( $n ) => "($n, 'Post $n', 'Text $n.', '', '', '', '', '', 'publish', 'page', 'post-$n', '2026-01-01', '2026-01-01', '2026-01-01', '2026-01-01')", $chunk );
			$wpdb->query( "INSERT INTO $wpdb->posts (ID, post_title, post_content, post_excerpt, to_ping, pinged, post_content_filtered, post_password, post_status, post_type, post_name, post_date, post_date_gmt, post_modified, post_modified_gmt) VALUES " . implode( ',', $rows ) );
		}
	}
}
