<?php

namespace RagAsk\Tests;

use RagAsk\Admin_Actions;
use RagAsk\Connection;
use RagAsk\Health;
use RagAsk\Insights;
use RagAsk\Installer;
use RagAsk\Privacy_Text;
use RagAsk\Question_Csv;
use RagAsk\Settings;
use RagAsk\Settings_Page;

final class InsightsTest extends TestCase {

	use WithSidecar;

	protected function setUp(): void {
		parent::setUp();
		wp_set_current_user( 1 );
		set_current_screen( 'options-general' );
		Settings_Page::register_fields();
		$this->connect( self::$sidecar->url );
		Insights::clear_events();
		$_GET['tab'] = 'questions';
	}

	protected function tearDown(): void {
		unset( $_GET['tab'] );
	}

	public function test_the_copy_of_the_contract_is_shown_gaps_first(): void {
		$this->sidecar_tells( $this->contract( 'insights-response' ) );
		$this->assertSame( 'success', Admin_Actions::run( 'insights' )[0] );
		$html = $this->page();
		foreach ( array( 'Do you deliver on Sundays?', 'asked 4 times, last', '<li dir="auto">sunday delivery</li>', '<dt>Answered</dt><dd>88 %</dd>', '<dt>Unsure</dt><dd>4 %</dd>', '<dt>Not found</dt><dd>8 %</dd>', '9 yes, 2 no', '0.3 s', '0.6 s', '$0.03', 'When do you open?' ) as $text ) {
			$this->assertStringContainsString( $text, $html );
		}
		$this->assertLessThan( strpos( $html, '<dt>Answered' ), strpos( $html, 'Do you deliver on Sundays?' ) );
		$this->assertStringContainsString( 'post-new.php?post_title=Do%20you%20deliver%20on%20Sundays%3F&', html_entity_decode( $html ) );
		$this->assertMatchesRegularExpression( '/tab=questions" class="nav-tab nav-tab-active" aria-current="page"/', $html );
	}

	public function test_questions_from_headings_are_taken_by_the_owner_and_not_before(): void {
		$_GET['tab'] = 'box';
		$this->assertStringNotContainsString( 'Questions from your headings', $this->page() );
		$report                             = $this->contract( 'insights-response' );
		$report['suggested'][1]['question'] = 'Sunday <b>opening</b>';
		$this->sidecar_tells( $report );
		Insights::refresh();
		$this->assertStringContainsString( '<bdi>Sunday &lt;b&gt;opening&lt;/b&gt;</bdi>', $this->page() );
		$this->assertStringNotContainsString( 'gift vouchers', do_shortcode( '[rag_ask]' ) );
		$this->assertSame( 'error', Admin_Actions::run( 'suggest', array( 'questions' => array( 'Of somebody else' ) ) )[0] );

		update_option( Settings::OPTION, array( 'suggestions' => array( 'When do you open?' ), 'panel' => true ) );
		$this->assertSame( 'success', Admin_Actions::run( 'suggest', array( 'questions' => array( 'Do you sell gift vouchers?' ) ) )[0] );
		$this->assertSame( array( 'When do you open?', 'Do you sell gift vouchers?' ), Settings::get( 'suggestions' ) );
		$this->assertTrue( Settings::get( 'panel' ) );
		$this->assertStringContainsString( 'value="Do you sell gift vouchers?"', do_shortcode( '[rag_ask]' ) );
		$this->assertStringNotContainsString( '<bdi>Do you sell gift vouchers?', $this->page(), 'not offered again' );

		update_option( Settings::OPTION, array( 'suggestions' => array( '1?', '2?', '3?', '4?', '5?', '6?' ) ) );
		$this->assertSame( 'warning', Admin_Actions::run( 'suggest', array( 'questions' => array( 'Do you sell gift vouchers?' ) ) )[0] );
	}

	public function test_every_entry_has_its_reason_its_answer_and_its_pages(): void {
		$this->sidecar_tells( $this->contract( 'insights-response' ) );
		Insights::refresh();
		list( $gaps, $rated_down ) = explode( 'Answers that were rated down', $this->page() );
		$this->assertMatchesRegularExpression( '#deliver on Sundays\?</strong>.*?is-off">Not found<#s', $gaps );
		$this->assertMatchesRegularExpression( '#park nearby\?</strong>.*?is-off">Unsure<.*?Bus 4 stops at the door.*?<a href="http://localhost:8888/find-us/">Find us<#s', $gaps );
		$this->assertStringNotContainsString( 'bread without gluten', $gaps );
		$this->assertMatchesRegularExpression( '#without gluten\?</strong>.*?is-off">Rated down<.*?The buckwheat loaf has none#s', $rated_down );
	}

	public function test_each_plot_has_a_table_with_its_numbers(): void {
		$this->sidecar_tells( $this->contract( 'insights-response' ) );
		Insights::refresh();
		$html = $this->page();
		$this->assertSame( 4, substr_count( $html, '<svg ' ) );
		$this->assertSame( 4, substr_count( $html, 'Show as a table' ) );
		$this->assertStringContainsString( 'aria-label="Questions per day. Highest: 12.', $html );
		$this->assertMatchesRegularExpression( '#November 20, 2026</th><td>10</td><td>1</td><td>1</td>#', $html );
		$this->assertMatchesRegularExpression( '#November 16, 2026</th><td>–</td>#', $html, 'no question, no time' );
	}

	public function test_a_question_that_is_put_aside_comes_back_when_it_is_asked_again(): void {
		$told = $this->contract( 'insights-response' );
		$this->sidecar_tells( $told );
		Insights::refresh();
		preg_match_all( '/value="(dismiss-[^"]+)"/', $this->page(), $found );
		$this->assertCount( 3, $found[1] );
		foreach ( $found[1] as $task ) {
			$this->assertSame( 'success', Admin_Actions::run( $task )[0] );
		}
		$this->assertSame( 'error', Admin_Actions::run( $found[1][0] )[0] );
		$this->assertStringContainsString( 'You have put all of them aside.', $this->page() );
		$told['gaps'][0]['last_asked_at'] = '2026-11-25T10:00:00Z';
		$this->sidecar_tells( $told );
		Insights::refresh();
		$this->assertSame( 1, substr_count( $this->page(), 'value="dismiss-' ) );
	}

	public function test_the_csv_calculates_nothing(): void {
		$told                        = $this->contract( 'insights-response' );
		$told['gaps'][0]['question'] = '=HYPERLINK("http://evil.example")';
		$rows                        = array_map( static fn( string $line ): array => str_getcsv( $line, ',', '"', '' ), explode( "\n", trim( Question_Csv::text( $told ) ) ) );
		$this->assertSame( array( "\u{FEFF}Question", 'Reason', 'Times' ), array_slice( $rows[0], 0, 3 ) );
		$this->assertSame( '\'=HYPERLINK("http://evil.example")', $rows[1][0] );
		$this->assertStringContainsString( 'Rated down', Question_Csv::text( $told ) );
		$this->assertStringContainsString( 'incomplete I asked for cake.', Question_Csv::text( $told ) );
	}

	/**
	 * As an options table of utf8 does.
	 */
	public function test_a_copy_that_the_database_does_not_take_is_a_problem(): void {
		$told                       = $this->contract( 'insights-response' );
		$told['top'][0]['question'] = 'Is there 🍞 left?';
		$this->sidecar_tells( $told );
		add_filter( 'query', $refuse = static fn( string $sql ) => str_contains( $sql, '🍞' ) ? 'REFUSED' : $sql );
		$GLOBALS['wpdb']->suppress_errors( true );
		Insights::refresh();
		$GLOBALS['wpdb']->suppress_errors( false );
		remove_filter( 'query', $refuse );
		$this->assertStringContainsString( 'utf8mb4', Health::problems()['unstored'] );
		Insights::refresh();
		$this->assertArrayNotHasKey( 'unstored', Health::problems() );
		$this->assertSame( 'Is there 🍞 left?', Insights::stored()['insights']['top'][0]['question'] );
	}

	public function test_what_visitors_typed_is_text(): void {
		$told                        = $this->contract( 'insights-response' );
		$told['gaps'][0]['question'] = '<script>alert(1)</script>';
		$told['gaps'][0]['examples'] = array( '<img src=x onerror=alert(1)>', array( 'no text' ) );
		$told['gaps'][0]['comments'] = array( '<script>alert(2)</script>', array( 'no text' ) );
		$told['top'][0]['question']  = '"><svg onload=alert(1)>';
		$this->sidecar_tells( $told );
		Insights::refresh();
		$this->assertDoesNotMatchRegularExpression( '/<script|<img|<svg onload/', $this->page() );
	}

	public function test_drawing_the_tab_asks_nobody(): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => array() ) );
		$this->assertStringContainsString( 'Not fetched yet.', $this->page() );
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	public function test_the_days_are_told_before_the_copy_is_fetched(): void {
		update_option( Settings::OPTION, array( 'question_days' => 7 ) );
		$this->sidecar_tells( $this->contract( 'insights-response' ) );
		$this->assertNull( Insights::refresh() );
		list( $told, $asked ) = self::$sidecar->requests();
		$this->assertSame( array( 'POST', '/v1/settings', '{"question_days":7,"daily_budget_usd":1}' ), array( $told['method'], $told['path'], $told['body'] ) );
		$this->assertSame( array_keys( $this->contract( 'settings-request' ) ), array_keys( json_decode( $told['body'], true ) ) );
		$this->assertSame( array( 'GET', '/v1/insights?days=30', '' ), array( $asked['method'], $asked['path'], $asked['body'] ) );
	}

	public function test_a_failure_keeps_the_copy_and_says_why(): void {
		$this->sidecar_tells( $this->contract( 'insights-response' ) );
		Insights::refresh();
		self::$sidecar->answers( array( 'status' => 503, 'error' => array( 'database_unavailable', 'Come <b>back</b>.' ) ) );
		$this->assertSame( 'error', Admin_Actions::run( 'insights' )[0] );
		$html = $this->page();
		$this->assertStringContainsString( 'Come &lt;b&gt;back&lt;/b&gt;.', $html );
		$this->assertStringContainsString( 'Do you deliver on Sundays?', $html );
		$this->sidecar_tells( $this->contract( 'insights-response' ) );
		Insights::refresh();
		$this->assertStringNotContainsString( 'is-bad', $this->page() );
	}

	public function test_nothing_asked_and_nothing_missing_are_two_things(): void {
		$none = array( 'gaps' => array(), 'top' => array(), 'questions' => 0, 'answer_rate' => null, 'latency_ms' => array( 'p50' => null, 'p95' => null ), 'cost_usd' => null );
		$this->sidecar_tells( $none + $this->contract( 'insights-response' ) );
		Insights::refresh();
		$html = $this->page();
		$this->assertStringContainsString( 'Nobody has asked yet.', $html );
		$this->assertStringContainsString( '<dt>Cost</dt><dd>not known</dd>', $html );
		$this->sidecar_tells( array( 'gaps' => array() ) + $this->contract( 'insights-response' ) );
		Insights::refresh();
		$this->assertStringContainsString( 'Every question was answered.', $this->page() );
	}

	public function test_a_sidecar_that_tells_nonsense_breaks_nothing(): void {
		$this->sidecar_tells( array( 'gaps' => array( array(), array( 'question' => 'Parking?' ) ), 'top' => 'x', 'questions' => 'many', 'answer_rate' => 'x', 'ratings' => 1 ) );
		Insights::refresh();
		$this->assertStringContainsString( '<strong dir="auto">Parking?</strong>', $this->page() );
	}

	public function test_new_days_are_told_in_the_background(): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => array() ) );
		update_option( Settings::OPTION, array( 'text_label' => 'Ask us' ) );
		$this->assertFalse( wp_next_scheduled( Insights::SOON ) );
		update_option( Settings::OPTION, array( 'text_label' => 'Ask us', 'question_days' => 0 ) );
		$this->assertNotFalse( wp_next_scheduled( Insights::SOON ) );
		Insights::clear_events();
		update_option( Settings::OPTION, array( 'question_days' => 0, 'daily_budget_usd' => 2.5 ) );
		$this->assertNotFalse( wp_next_scheduled( Insights::SOON ) );
		$this->assertSame( array(), self::$sidecar->requests() );
		Installer::deactivate();
		$this->assertFalse( wp_next_scheduled( Insights::SOON ) );
		Installer::activate();
	}

	public function test_another_connection_forgets_the_copy(): void {
		$this->sidecar_tells( $this->contract( 'insights-response' ) );
		Insights::refresh();
		update_option( Connection::OPTION, array( 'site_id' => 'another' ) + get_option( Connection::OPTION ), false );
		$this->assertSame( 0, Insights::stored()['fetched_at'] );
		$this->assertNotFalse( wp_next_scheduled( Insights::SOON ) );
	}

	public function test_the_night_fetches_it_too(): void {
		$this->assertSame( 10, has_action( 'rag_ask_reconcile', array( Insights::class, 'refresh' ) ) );
	}

	public function test_days_are_a_number_from_0_to_365(): void {
		foreach ( array( array( '0', 0 ), array( '400', 365 ), array( '-1', 0 ), array( 'x', 30 ), array( null, 30 ) ) as list( $typed, $kept ) ) {
			$this->assertSame( $kept, Settings::sanitize( array( 'question_days' => $typed ) )['question_days'] );
		}
		update_option( Settings::OPTION, array( 'question_days' => 0 ) );
		$this->assertMatchesRegularExpression( '/name="rag_ask_settings\[question_days\]" value="0" min="0" max="365"/', $this->page() );
	}

	public function test_the_budget_is_an_amount_with_a_default(): void {
		foreach ( array( array( '2.505', 2.51 ), array( '0', 0.0 ), array( '-1', 0.0 ), array( '1e9', 100_000.0 ), array( 'x', 1.0 ), array( null, 1.0 ) ) as list( $typed, $kept ) ) {
			$this->assertSame( $kept, Settings::sanitize( array( 'daily_budget_usd' => $typed ) )['daily_budget_usd'] );
		}
		$this->assertStringContainsString( 'name="rag_ask_settings[daily_budget_usd]" value="1.00" min="0" step="0.01"', $this->page() );
		update_option( Settings::OPTION, array( 'daily_budget_usd' => 0.0 ) );
		$this->assertSame( 0.0, Settings::get( 'daily_budget_usd' ) );
	}

	public function test_the_privacy_text_says_what_holds(): void {
		$this->assertStringContainsString( 'kept for 30 days', Privacy_Text::text() );
		update_option( Settings::OPTION, array( 'question_days' => 0 ) );
		$this->assertStringContainsString( 'are not kept', Privacy_Text::text() );
		$this->assertStringNotContainsString( 'kept for', Privacy_Text::text() );
		$this->assertSame( 10, has_action( 'admin_init', array( Privacy_Text::class, 'add' ) ) );
	}

	private function sidecar_tells( array $insights ): void {
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'settings-response' ) ), array( 'status' => 200, 'json' => $insights ) );
	}

	private function page(): string {
		ob_start();
		Settings_Page::render();
		return ob_get_clean();
	}
}
