<?php

namespace RagAsk\Tests;

use RagAsk\Admin_Actions;
use RagAsk\Connection;
use RagAsk\Index_Query;
use RagAsk\Lease;
use RagAsk\Reconcile;
use RagAsk\Row_Outcome;
use RagAsk\Settings;
use RagAsk\Settings_Page;
use RagAsk\Setup_Checklist;
use RagAsk\Sidecar_Status;
use RagAsk\Status_Panel;

final class SettingsPageTest extends TestCase {

	use WithSidecar;

	protected function setUp(): void {
		parent::setUp();
		wp_set_current_user( 1 );
		set_current_screen( 'options-general' );
		Settings_Page::register_fields();
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'status-response' ) ) );
	}

	protected function tearDown(): void {
		unset( $_GET['tab'] );
	}

	public function test_the_secret_is_not_on_the_page(): void {
		$html     = $this->page( 'advanced' );
		$contract = $this->contract( 'connection-string' );
		$this->assertStringNotContainsString( $contract['key'], $html );
		$this->assertStringNotContainsString( $contract['kid'], $html );
		$this->assertStringContainsString( 'A secret is stored.', $html );
		$this->assertStringContainsString( 'value="crumb-and-kettle"', $html );
	}

	public function test_drawing_the_page_asks_nobody(): void {
		$this->assertStringContainsString( 'Not checked yet', $this->page() );
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	public function test_the_state_of_the_contract_is_shown(): void {
		$this->assertSame( 'success', Admin_Actions::run( 'check' )[0] );
		list( $request ) = self::$sidecar->requests();
		$this->assertSame( array( 'GET', '/v1/status', '' ), array( $request['method'], $request['path'], $request['body'] ) );
		$html = $this->page();
		foreach ( array( 'Connected', 'Answers cost $0.42 of $2.50 today (UTC) and $7.31 this month.', 'A photo <em>Nothing to index</em>', 'The post has no text to index.' ) as $text ) {
			$this->assertStringContainsString( $text, $html );
		}
	}

	public function test_the_number_of_posts_that_guests_do_not_see_is_shown(): void {
		$this->assertStringNotContainsString( 'is excluded because', $this->page() );
		update_post_meta( $this->post(), '_rag_ask_guest_unseen', 'login' );
		$this->assertStringContainsString( '1 post is excluded because guests do not see it.', $this->page() );
		$this->assertMatchesRegularExpression( '#<select id="rag-ask-guest_check".*value="doubt" selected#', $this->page( 'content' ) );
	}

	public function test_a_newer_embedder_is_offered_with_its_command(): void {
		Admin_Actions::run( 'check' );
		$this->assertStringNotContainsString( 'rag-ask reembed', $this->page() );
		$stored                             = Sidecar_Status::stored();
		$stored['status']['newer_embedder'] = 'local/new-model/384';
		update_option( Sidecar_Status::OPTION, $stored, false );
		$this->assertStringContainsString( 'local/new-model/384. To change to it, run &quot;rag-ask reembed&quot;', $this->page() );
	}

	public function test_a_failed_check_is_shown_with_its_remedy(): void {
		self::$sidecar->answers( array( 'status' => 401, 'error' => array( 'token_invalid', 'The token <b>is not</b> valid.' ) ) );
		$this->assertSame( 'error', Admin_Actions::run( 'check' )[0] );
		$html = $this->page();
		$this->assertStringContainsString( 'Not working', $html );
		$this->assertStringContainsString( 'Paste the connection string again', $html );
		$this->assertStringContainsString( '&lt;b&gt;is not', $html );
	}

	public function test_failed_posts_are_shown_with_their_reason(): void {
		$post_id = $this->post( array( 'post_title' => 'A photo' ) );
		Lease::close( Lease::claim( 1 )[0], Row_Outcome::dead( 'The post is larger than 6 MB.' ) );
		$html = $this->page();
		$this->assertStringContainsString( '<strong>1</strong> failed', $html );
		$this->assertStringContainsString( 'A photo', $html );
		$this->assertStringContainsString( 'The post is larger than 6 MB.', $html );
		$this->assertStringContainsString( "post=$post_id", $html );
	}

	public function test_each_failed_post_has_a_button_and_all_have_one(): void {
		$first  = $this->post();
		$second = $this->post();
		foreach ( array( $first, $second ) as $post_id ) {
			$this->set_row( $post_id, array( 'state' => 'dead', 'last_error' => 'No.' ) );
		}
		$html = $this->page();
		$this->assertStringContainsString( "value=\"retry-post-$first\"", $html );
		$this->assertSame( 'success', Admin_Actions::run( "retry-post-$first" )[0] );
		$this->assertSame( array( 'waiting', 'dead' ), array( $this->row( $first )->state, $this->row( $second )->state ) );
		$this->assertSame( 'success', Admin_Actions::run( 'retry-all' )[0] );
		$this->assertSame( 'waiting', $this->row( $second )->state );
		foreach ( array( 'retry-', 'retry-post-', 'retry-nonsense-1' ) as $task ) {
			$this->assertSame( 'error', Admin_Actions::run( $task )[0] );
		}
		$this->assertNull( $this->row( 1, 'nonsense' ) );
	}

	public function test_the_buttons_begin_a_comparison_and_a_reindex_and_never_two(): void {
		$this->post();
		$this->assertSame( array( 'success', 'warning' ), array( Admin_Actions::run( 'reconcile' )[0], Admin_Actions::run( 'reconcile' )[0] ) );
		$this->assertSame( 'error', Admin_Actions::run( 'reindex-nonsense' )[0] );
		$this->assertStringContainsString( '1 post, at most 9 tokens, cost unknown', $this->page( 'advanced' ) );
		$this->assertSame( array( 'success', 'warning' ), array( Admin_Actions::run( 'reindex' )[0], Admin_Actions::run( 'reindex-page' )[0] ) );
		$html = $this->page( 'advanced' ) . $this->page();
		$this->assertStringContainsString( '<div class="rag-ask-progress" data-job="reindex"><progress value="0" max="1"', $html );
		$this->assertStringContainsString( '<div class="rag-ask-progress" data-job="reconcile"><progress aria-label', $html );
		$this->assertSame( array(), self::$sidecar->requests() );
		$this->assertSame( array( 'success', 'warning' ), array( Admin_Actions::run( 'stop' )[0], Admin_Actions::run( 'stop' )[0] ) );
	}

	public function test_the_page_says_first_whether_all_is_well(): void {
		$this->forget_rows();
		$this->assertStringContainsString( 'was not compared with the site yet', $this->page() );
		update_option( Reconcile::RESULT, array( 'finished_at' => time(), 'checked' => 17 ), false );
		$this->assertStringContainsString( 'rag-ask-state__summary is-good">All 17 documents current', $this->page() );
		$this->set_row( $this->post(), array( 'state' => 'dead' ) );
		$this->assertStringContainsString( 'rag-ask-state__summary is-bad">1 post could not be sent', $this->page() );
	}

	public function test_the_last_error_of_a_push_is_shown(): void {
		self::$sidecar->answers( array( 'status' => 503, 'error' => array( 'database_unavailable', 'Come back in a minute.' ) ) );
		$this->post();
		$this->assertSame( 'error', Admin_Actions::run( 'push' )[0] );
		$this->assertStringContainsString( 'Come back in a minute.', $this->page() );
	}

	public function test_the_push_button_retries_failed_posts(): void {
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->post();
		Lease::close( Lease::claim( 1 )[0], Row_Outcome::dead( 'once' ) );
		$this->assertSame( array( 'success', 'Sent: 1. Failed: 0.' ), Admin_Actions::run( 'push' ) );
	}

	public function test_what_is_indexed_is_on_the_page_with_its_help(): void {
		update_option( Settings::OPTION, array( 'meta_keys' => array( 'Phone', '</textarea>' ), 'index_private' => true ) );
		$html = $this->page( 'content' );
		$this->assertStringContainsString( ">Phone\n&lt;/textarea&gt;</textarea>", $html );
		$this->assertMatchesRegularExpression( '/name="rag_ask_settings\[index_private\]" value="1" checked/', $html );
		$this->assertMatchesRegularExpression( '/name="rag_ask_settings\[include_comments\]" value="1">/', $html );
		$this->assertStringContainsString( 'Index approved comments', $html );
		$this->assertStringContainsString( 'wp rag-ask push', $this->page( 'advanced' ) );
	}

	public function test_an_unknown_task_is_an_error(): void {
		$this->assertSame( 'error', Admin_Actions::run( 'nonsense' )[0] );
	}

	public function test_without_a_connection_the_page_says_what_to_do(): void {
		delete_option( Connection::OPTION );
		$html = $this->page();
		$this->assertStringContainsString( 'Not connected', $html );
		$this->assertStringContainsString( 'No secret is stored.', $this->page( 'advanced' ) );
	}

	public function test_fields_set_by_wp_config_are_locked_and_show_no_secret(): void {
		$string = $this->contract( 'connection-string' )['connection_string'];
		$html   = $this->in_another_request(
			'define( "RAG_ASK_CONNECTION", ' . var_export( $string, true ) . ' );',
			'require ABSPATH . "wp-admin/includes/admin.php"; set_current_screen( "options-general" ); wp_set_current_user( 1 );
			$_GET["tab"] = "advanced"; RagAsk\Settings_Page::register_fields(); ob_start(); RagAsk\Settings_Page::render(); echo json_encode( ob_get_clean() );'
		);
		$this->assertSame( 4, substr_count( $html, 'Set by RAG_ASK_CONNECTION in wp-config.php.' ) );
		$this->assertSame( 4, substr_count( $html, 'disabled' ) );
		$this->assertStringContainsString( 'value="http://127.0.0.1:8787" disabled', $html );
		$this->assertStringNotContainsString( $this->contract( 'connection-string' )['key'], $html );
	}

	public function test_nobody_else_gets_at_the_buttons(): void {
		wp_set_current_user( 0 );
		$die = static fn() => static fn( $message ) => throw new \DomainException( $message );
		add_filter( 'wp_die_handler', $die );
		try {
			Admin_Actions::handle();
			$this->fail( 'A visitor must not get through.' );
		} catch ( \DomainException $error ) {
			$this->assertSame( 'You are not allowed to do this.', $error->getMessage() );
		} finally {
			remove_filter( 'wp_die_handler', $die );
		}
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	public function test_the_list_of_plugins_links_to_the_page(): void {
		$this->assertStringContainsString( 'options-general.php?page=rag-ask', Settings_Page::add_link( array() )[0] );
	}

	/**
	 * @dataProvider forms
	 */
	public function test_a_tab_saves_its_settings_and_keeps_those_of_the_others( array $form, array $changed ): void {
		$stored = array( 'include_comments' => true, 'text_button' => 'Go', 'question_days' => 7, 'system_cron' => true );
		update_option( Settings::OPTION, $stored );
		$saved = Settings::sanitize( $form );
		$this->assertEquals( $changed + $stored, array_intersect_key( $saved, $stored ) );
		$this->assertSame( $saved, Settings::sanitize( $saved ), 'WordPress may sanitize twice' );
	}

	public function forms(): array {
		return array(
			'content'   => array( array( 'tab' => 'content' ), array( 'include_comments' => false ) ),
			'box'       => array( array( 'tab' => 'box', 'text_button' => 'Ask us', 'question_days' => '1' ), array( 'text_button' => 'Ask us' ) ),
			'questions' => array( array( 'tab' => 'questions', 'question_days' => '90' ), array( 'question_days' => 90 ) ),
			'nonsense'  => array( array( 'tab' => array(), 'question_days' => '90' ), array() ),
		);
	}

	public function test_each_setting_is_on_the_tab_that_it_names(): void {
		foreach ( Settings::definitions() as $name => $setting ) {
			$this->assertStringContainsString( Settings::OPTION . "[$name]", $this->page( $setting['tab'] ) );
		}
	}

	public function test_every_post_is_counted_once(): void {
		$this->post();
		$this->settle( $this->post(), $this->post(), $this->post() );
		$this->set_row( $this->post(), array( 'state' => 'settled', 'hash' => '' ) );
		$this->set_row( $this->post(), array( 'state' => 'dead' ) );
		$this->post( array( 'post_status' => 'draft' ) );
		update_option( Sidecar_Status::OPTION, array( 'checked_at' => time(), 'status' => array( 'documents' => array( 'pending' => 1, 'skipped' => 1 ) ) + $this->contract( 'status-response' ) ), false );
		$this->assertSame( array( 'all' => 6, 'ready' => 1, 'reading' => 1, 'waiting' => 1, 'failed' => 1, 'excluded' => 2 ), Index_Query::figures() );
		$html = $this->page();
		foreach ( array( '6</strong> in all', '1</strong> ready for answers', '1</strong> waiting to be sent', '2</strong> left out' ) as $number ) {
			$this->assertStringContainsString( $number, $html );
		}
		update_option( Settings::OPTION, array( 'post_types' => array() ) );
		$this->assertSame( 0, Index_Query::figures()['all'] );
	}

	public function test_a_pasted_connection_is_tested_at_once(): void {
		$string = str_replace( '127.0.0.1:8787', substr( self::$sidecar->url, 7 ), $this->contract( 'connection-string' )['connection_string'] );
		delete_option( Connection::OPTION );
		$GLOBALS['wp_settings_errors'] = array();
		$this->assertStringContainsString( 'aria-current="step"><strong>Connect this site', $this->page() );
		$paste = static fn( string $text ): array => Admin_Actions::run( 'connect', array( Connection::OPTION => array( 'connection_string' => $text ) ) );
		$this->assertSame( 'success', $paste( $string )[0] );
		$this->assertContains( '/v1/status', array_column( self::$sidecar->requests(), 'path' ) );
		$this->assertStringNotContainsString( 'aria-current="step"><strong>Connect this site', $this->page() );
		$this->assertSame( array( 'error', '' ), $paste( 'nonsense' ), 'The sanitizer says why.' );
		$this->assertStringContainsString( 'is not a connection string', get_settings_errors( Settings::GROUP )[0]['message'] );
		self::$sidecar->answers( array( 'status' => 401, 'error' => array( 'key_unknown', 'This key is not known.' ) ) );
		$this->assertStringContainsString( 'This key is not known.', $paste( $string )[1] );
	}

	public function test_the_steps_lead_from_the_connection_to_the_box(): void {
		Admin_Actions::run( 'check' );
		$this->settle( $this->post() );
		self::$sidecar->answers( array( 'status' => 200, 'json' => array( 'documents' => array( 'pending' => 0 ) ) + $this->contract( 'status-response' ) ) );
		Sidecar_Status::check();
		$this->assertSame( 'try', Setup_Checklist::next() );
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'ask-quoted' ) ) );
		$this->assertSame( array( 'success', '' ), Admin_Actions::run( 'try', array( 'question' => 'When do you <b>open</b>?' ) ) );
		$this->assertSame( 'When do you open?', json_decode( self::$sidecar->requests()[0]['body'], true )['question'] );
		$html = $this->page();
		$this->assertStringContainsString( 'We open at seven.', $html );
		$this->assertStringContainsString( '<a href="http://localhost:8888/opening-hours/">Opening hours</a>', $html );
		$this->assertSame( 'box', Setup_Checklist::next() );
		update_option( Settings::OPTION, array( 'contact' => 'us@shop.test' ) );
		$this->assertSame( 'success', Admin_Actions::run( 'panel' )[0] );
		$this->assertSame( array( 'us@shop.test', '' ), array( Settings::get( 'contact' ), Setup_Checklist::next() ) );
		update_option( Settings::OPTION, array() );
		$this->assertSame( 'success', Admin_Actions::run( 'page' )[0] );
		$this->assertSame( '', Setup_Checklist::next() );
		$this->assertStringContainsString( 'Ask this site</a></li>', $this->page( 'box' ) );
	}

	public function test_steps_that_are_hidden_stay_hidden(): void {
		$this->assertStringContainsString( 'Set up RAG Ask', $this->page() );
		Admin_Actions::run( 'hide' );
		$this->assertStringNotContainsString( 'Set up RAG Ask', $this->page() );
		$this->assertSame( 'error', Admin_Actions::run( 'try', array( 'question' => ' ' ) )[0] );
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	private function page( string $tab = '' ): string {
		$_GET['tab'] = $tab;
		ob_start();
		Settings_Page::render();
		return ob_get_clean();
	}
}
