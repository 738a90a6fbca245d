<?php

namespace RagAsk\Tests;

use RagAsk\Admin_Notice;
use RagAsk\Clock;
use RagAsk\Connection;
use RagAsk\Guest_Access;
use RagAsk\Health;
use RagAsk\Job_Schedule;
use RagAsk\Push_Log;
use RagAsk\Push_Schedule;
use RagAsk\Reconcile;
use RagAsk\Sidecar_Status;
use RagAsk\Site_Health;
use RagAsk\Status_Panel;

final class HealthTest extends TestCase {

	use WithSidecar;

	protected function setUp(): void {
		parent::setUp();
		wp_set_current_user( 1 );
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'status-response' ) ) );
		update_option( Reconcile::RESULT, array( 'finished_at' => time(), 'checked' => 1204, 'current_at' => time() ), false );
	}

	protected function tearDown(): void {
		wp_clear_scheduled_hook( Push_Schedule::SAFETY );
		Push_Schedule::ensure_event();
	}

	public function test_a_site_that_is_followed_has_no_problem(): void {
		$this->assertSame( array(), Health::problems() );
		$test = Site_Health::sync_test();
		$this->assertSame( array( 'good', 'rag_ask_sync' ), array( $test['status'], $test['test'] ) );
		$this->assertStringContainsString( 'All 1,204 documents current as of', $test['description'] );
		$this->assertSame( '', $this->notice() );
	}

	public function test_a_site_that_cannot_open_its_own_pages_says_what_is_not_checked(): void {
		update_post_meta( $this->post(), '_rag_ask_guest_unseen', 'login' );
		$this->assertStringContainsString( 'guests do not see them: 1.', Site_Health::guest_test()['description'] );
		foreach ( range( 1, 3 ) as $failure ) {
			$this->assertSame( 'good', Site_Health::guest_test()['status'] );
			Guest_Access::failed( 'Connection refused' );
		}
		$test = Site_Health::guest_test();
		$this->assertSame( array( 'recommended', 'rag_ask_guest' ), array( $test['status'], $test['test'] ) );
		$this->assertStringContainsString( 'This site cannot request its own pages (Connection refused)', $test['description'] );
		Guest_Access::worked();
		$this->assertSame( 'good', Site_Health::guest_test()['status'] );
	}

	public function test_a_budget_that_is_used_up_today_is_told_and_yesterdays_is_not(): void {
		$this->keep_status( gmdate( 'Y-m-d\TH:i:s\Z', time() - DAY_IN_SECONDS ) );
		$this->assertSame( array(), Health::problems() );
		$this->keep_status( gmdate( 'Y-m-d\TH:i:s\Z' ) );
		$this->assertStringContainsString( 'Visitors get quotes until midnight (UTC). To raise it, run &quot;rag-ask sites budget&quot;', $this->notice() );
		$this->keep_status( gmdate( 'Y-m-d\TH:i:s\Z' ), 2.5 );
		$this->assertStringContainsString( 'change it under Settings &gt; RAG Ask &gt; Questions', $this->notice() );
		$this->keep_status( gmdate( 'Y-m-d\TH:i:s\Z' ), 5.0 );
		$this->assertStringContainsString( 'rag-ask sites budget', $this->notice() );
		$this->assertSame( 'Answers cost $2.50 of $2.50 today (UTC) and $7.00 this month. Whoever runs the sidecar set the daily budget, which is lower than yours.', Status_Panel::budget( Sidecar_Status::stored()['status']['budget'] ) );
	}

	public function test_the_status_is_asked_for_once_in_five_minutes(): void {
		Sidecar_Status::refresh();
		Sidecar_Status::refresh();
		$this->assertSame( array( '/v1/status' ), array_column( self::$sidecar->requests(), 'path' ) );
		$this->assertSame( 0.42, Sidecar_Status::stored()['status']['budget']['spent_usd'] );
	}

	public function test_pages_at_another_address_that_were_refused_are_a_problem(): void {
		Sidecar_Status::check();
		$this->assertStringContainsString( 'pages at https://www.example.com were refused', Health::problems()['origin_refused'] );
		$this->assertStringContainsString( '"rag-ask sites origins crumb-and-kettle add https://www.example.com"', Health::problems()['origin_refused'] );
		$this->assertSame( '', $this->notice(), 'Another site may show the box.' );
	}

	private function keep_status( string $exhausted_at, ?float $owner_usd = null ): void {
		$budget = array( 'budget' => array( 'spent_usd' => 2.5, 'month_usd' => 7.0, 'limit_usd' => 2.5, 'owner_usd' => $owner_usd, 'exhausted_at' => $exhausted_at ) );
		update_option( Sidecar_Status::OPTION, array( 'checked_at' => time(), 'status' => $budget + array( 'refused_origins' => array() ) + $this->contract( 'status-response' ) ), false );
	}

	public function test_without_a_connection_that_is_the_problem(): void {
		delete_option( Connection::OPTION );
		$this->assertSame( array( 'not_connected' ), array_keys( Health::problems() ) );
	}

	public function test_changes_that_wait_for_an_hour_are_a_problem_while_none_goes_through(): void {
		$post_id = $this->post();
		$this->assertSame( array(), Health::problems() );
		$this->set_row( $post_id, array( 'version' => ( time() - 7200 ) * 1_000_000 ) );
		$this->assertSame( 'Changes have waited for 2 hours and none could be sent. Sending was not started. Check that WP-Cron runs.', Health::problems()['push_late'] );
		Push_Log::failed( 'The sidecar <sleeps>.' );
		$this->assertStringContainsString( 'none could be sent. The sidecar &lt;sleeps&gt;.', $this->notice() );
		Push_Log::succeeded();
		$this->assertSame( array(), Health::problems(), 'A long reindex waits for hours.' );
	}

	public function test_failed_posts_are_a_problem(): void {
		$this->set_row( $this->post(), array( 'state' => 'dead' ) );
		$this->assertStringStartsWith( '1 post could not be sent', Health::problems()['failed'] );
		$this->assertStringContainsString( 'page=rag-ask', $this->notice() );
		$this->assertSame( 'recommended', Site_Health::sync_test()['status'] );
	}

	public function test_the_notice_is_only_for_the_owner_and_only_where_news_are_looked_for(): void {
		$this->set_row( $this->post(), array( 'state' => 'dead' ) );
		$this->assertSame( '', $this->notice( 'options-general' ) );
		wp_set_current_user( 0 );
		$this->assertSame( '', $this->notice() );
	}

	public function test_a_new_site_has_until_its_first_night_to_be_compared(): void {
		delete_option( Reconcile::RESULT );
		wp_clear_scheduled_hook( Job_Schedule::NIGHTLY );
		$this->assertNotSame( '', Health::reconcile_late(), 'no night is planned' );
		Job_Schedule::ensure_event();
		$this->assertSame( '', Health::reconcile_late() );
		wp_clear_scheduled_hook( Job_Schedule::NIGHTLY );
		wp_schedule_event( time() - 3 * DAY_IN_SECONDS, 'daily', Job_Schedule::NIGHTLY );
		$this->assertNotSame( '', Health::reconcile_late(), 'two nights were missed' );
		wp_clear_scheduled_hook( Job_Schedule::NIGHTLY );
		Job_Schedule::ensure_event();
	}

	public function test_an_old_comparison_is_named_in_site_health_only(): void {
		update_option( Reconcile::RESULT, array( 'finished_at' => time() - 3 * DAY_IN_SECONDS, 'checked' => 1204 ), false );
		$this->assertSame( array(), Health::problems() );
		$this->assertStringContainsString( 'not compared with the site in the last two days', Site_Health::sync_test()['description'] );
	}

	public function test_cron_that_does_not_run_is_a_problem(): void {
		wp_clear_scheduled_hook( Push_Schedule::SAFETY );
		wp_schedule_single_event( time() - 2 * HOUR_IN_SECONDS, Push_Schedule::SAFETY );
		$this->assertStringStartsWith( 'WP-Cron has not run for 2 hours', Health::problems()['cron_late'] );
	}

	public function test_site_health_knows_both_tests_and_asks_nobody_for_the_first(): void {
		$tests = apply_filters( 'site_status_tests', array( 'direct' => array(), 'async' => array() ) );
		$this->assertSame( 'good', $tests['direct']['rag_ask_sync']['test']()['status'] );
		$this->assertSame( array(), self::$sidecar->requests() );
		$this->assertStringContainsString( 'rag-ask/v1/site-health', $tests['async']['rag_ask_sidecar']['test'] );
	}

	public function test_cron_drift_and_budget_are_tests_of_their_own(): void {
		$tests  = apply_filters( 'site_status_tests', array( 'direct' => array(), 'async' => array() ) )['direct'];
		$status = static fn( string $test ): array => array( $tests[ $test ]['test']()['status'], $tests[ $test ]['test']()['description'] );
		foreach ( array( 'rag_ask_cron', 'rag_ask_drift', 'rag_ask_budget' ) as $test ) {
			$this->assertSame( 'good', $status( $test )[0], $test );
		}
		wp_clear_scheduled_hook( Push_Schedule::SAFETY );
		wp_schedule_single_event( time() - 2 * HOUR_IN_SECONDS, Push_Schedule::SAFETY );
		update_option( Reconcile::RESULT, array( 'runs_with_drift' => 2, 'finished_at' => time(), 'current_at' => 1 ), false );
		$this->keep_status( gmdate( 'Y-m-d\TH:i:s\Z' ), 2.5 );
		foreach ( array( 'rag_ask_cron' => 'has not run for 2 hours', 'rag_ask_drift' => 'in each of the last 2 comparisons', 'rag_ask_budget' => 'was used up at' ) as $test => $text ) {
			$this->assertSame( 'recommended', $status( $test )[0], $test );
			$this->assertStringContainsString( $text, $status( $test )[1] );
		}
		$this->assertSame( 'good', Site_Health::sync_test()['status'] );
		$this->keep_status( '' );
		$this->assertStringContainsString( '$7.00 this month', $status( 'rag_ask_budget' )[1] );
	}

	public function test_the_asynchronous_test_asks_the_sidecar(): void {
		$answer = rest_do_request( '/rag-ask/v1/site-health' );
		$this->assertSame( array( 200, 'good' ), array( $answer->get_status(), $answer->get_data()['status'] ), wp_json_encode( $answer->get_data() ) );
		$this->assertSame( '/v1/status', self::$sidecar->requests()[0]['path'] );
		self::$sidecar->answers( array( 'status' => 503, 'error' => array( 'database_unavailable', 'Come <b>back</b>.' ) ) );
		$data = rest_do_request( '/rag-ask/v1/site-health' )->get_data();
		$this->assertSame( 'critical', $data['status'] );
		$this->assertStringContainsString( 'Come &lt;b&gt;back', $data['description'] );
		wp_set_current_user( 0 );
		$this->assertSame( 401, rest_do_request( '/rag-ask/v1/site-health' )->get_status() );
	}

	public function test_clocks_that_differ_are_named(): void {
		update_option( Clock::OPTION, -90, false );
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'status-response' ), 'clock_s' => -90 ) );
		$data = rest_do_request( '/rag-ask/v1/site-health' )->get_data();
		$this->assertSame( 'recommended', $data['status'] );
		$this->assertStringContainsString( 'differ by 90 seconds', $data['description'] );
	}

	public function test_the_debug_information_holds_no_secret(): void {
		$text = wp_json_encode( apply_filters( 'debug_information', array() )['rag-ask'] );
		$this->assertStringContainsString( 'crumb-and-kettle', $text );
		$this->assertStringContainsString( 'All 1,204 documents', $text );
		$contract = $this->contract( 'connection-string' );
		$this->assertStringNotContainsString( $contract['key'], $text );
		$this->assertStringNotContainsString( $contract['kid'], $text );
	}

	private function notice( string $screen = 'dashboard' ): string {
		set_current_screen( $screen );
		ob_start();
		Admin_Notice::render();
		return ob_get_clean();
	}
}
