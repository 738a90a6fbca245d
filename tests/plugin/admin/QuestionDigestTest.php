<?php

namespace RagAsk\Tests;

use RagAsk\Admin_Actions;
use RagAsk\Insights;
use RagAsk\Question_Digest;
use RagAsk\Settings;

/**
 * The weekly mail: off by default, to whom, and with what.
 */
final class QuestionDigestTest extends TestCase {

	use WithSidecar;

	private array $mails = array();

	protected function setUp(): void {
		parent::setUp();
		wp_set_current_user( 1 );
		$this->connect( self::$sidecar->url );
		add_filter( 'pre_wp_mail', array( $this, 'catch' ), 10, 2 );
	}

	protected function tearDown(): void {
		remove_filter( 'pre_wp_mail', array( $this, 'catch' ), 10 );
		wp_clear_scheduled_hook( Question_Digest::EVENT );
	}

	public function catch( $sent, array $mail ): bool {
		$this->mails[] = $mail;
		return true;
	}

	public function test_it_is_off_until_somebody_is_named(): void {
		Question_Digest::ensure_event();
		$this->assertFalse( wp_next_scheduled( Question_Digest::EVENT ) );
		Question_Digest::run();
		$this->assertSame( 'error', Admin_Actions::run( 'digest' )[0] );
		$this->assertSame( array(), $this->mails );
		update_option( Settings::OPTION, array( 'digest_to' => array( 'owner@shop.test' ) ) );
		Question_Digest::ensure_event();
		$this->assertSame( 'weekly', wp_get_schedule( Question_Digest::EVENT ) );
		$this->assertSame( 'Mon 08:00', wp_date( 'D H:i', wp_next_scheduled( Question_Digest::EVENT ) ) );
		update_option( Settings::OPTION, array( 'digest_to' => array() ) );
		Question_Digest::ensure_event();
		$this->assertFalse( wp_next_scheduled( Question_Digest::EVENT ) );
	}

	public function test_the_mail_has_the_figures_and_the_new_gaps_of_the_week(): void {
		$text = Question_Digest::text( array( 'insights' => $this->contract( 'insights-response' ) ) + Insights::stored(), strtotime( '2026-11-21T12:00:00Z' ) );
		foreach ( array( "Questions: 48\n", "Answered: 42 (88 %)\n", "Unsure: 2\n", "Not found: 4\n", "Broken off: 0\n", "Cost: $0.03\n", '- Do you deliver on Sundays? (Not found, asked 4 times', '- Is there bread without gluten? (Rated down', 'page=rag-ask&tab=questions' ) as $part ) {
			$this->assertStringContainsString( $part, $text );
		}
		$this->assertDoesNotMatchRegularExpression( '/<|&amp;/', $text, 'plain text' );
		$later = Question_Digest::text( array( 'insights' => $this->contract( 'insights-response' ) ) + Insights::stored(), strtotime( '2026-12-10T12:00:00Z' ) );
		$this->assertStringContainsString( "Questions: 0\nAnswered: 0 (–)", $later );
		$this->assertStringNotContainsString( 'Sundays', $later, 'asked before this week' );
	}

	public function test_the_event_fetches_the_report_and_sends_it_to_each(): void {
		update_option( Settings::OPTION, array( 'digest_to' => array( 'owner@shop.test', 'baker@shop.test' ) ) );
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'settings-response' ) ), array( 'status' => 200, 'json' => $this->contract( 'insights-response' ) ) );
		do_action( Question_Digest::EVENT );
		$this->assertCount( 1, $this->mails );
		$this->assertSame( array( 'owner@shop.test', 'baker@shop.test' ), $this->mails[0]['to'] );
		$this->assertStringContainsString( 'What visitors asked this week', $this->mails[0]['subject'] );
		$this->assertSame( 'success', Admin_Actions::run( 'digest' )[0] );
		$this->assertCount( 2, $this->mails );
	}

	public function test_a_sidecar_that_is_away_is_told(): void {
		update_option( Settings::OPTION, array( 'digest_to' => array( 'owner@shop.test' ) ) );
		self::$sidecar->answers( array( 'status' => 503, 'error' => array( 'database_unavailable', 'Come back.' ) ) );
		Question_Digest::run();
		$this->assertStringContainsString( 'could not be fetched: Come back.', $this->mails[0]['message'] );
	}

	public function test_what_is_no_address_is_left_out(): void {
		$this->assertSame( array( 'a@shop.test', 'b@shop.test' ), Settings::sanitize( array( 'digest_to' => "a@shop.test, nobody\nb@shop.test;a@shop.test" ) )['digest_to'] );
		$this->assertSame( array(), Settings::sanitize( array( 'digest_to' => null ) )['digest_to'] );
	}
}
