<?php

namespace RagAsk\Tests;

use RagAsk\Admin_Actions;
use RagAsk\Exclude_Switch;
use RagAsk\Index_Panel;
use RagAsk\Index_Query;
use RagAsk\Note_Type;
use RagAsk\Settings;
use RagAsk\Sidecar_Status;
use function RagAsk\change_for;

final class IndexListTest extends TestCase {

	protected function setUp(): void {
		parent::setUp();
		wp_set_current_user( 1 );
		// Core keeps the columns of a screen for the whole request.
		set_current_screen( 'rag_ask_' . $this->getName( false ) );
	}

	protected function tearDown(): void {
		$_GET = array();
		delete_user_option( 1, 'rag_ask_documents_per_page', true );
		unset( $GLOBALS['current_screen'] );
	}

	public function test_every_post_is_listed_with_its_state_and_reason(): void {
		$this->settled_post( array( 'post_title' => 'Sent' ) );
		$this->post( array( 'post_title' => 'New' ) );
		$failed = $this->post( array( 'post_title' => 'Too large' ) );
		$this->set_row( $failed, array( 'state' => 'dead', 'last_error' => 'The post is larger than 6 MB.' ) );
		$this->set_row( $this->post( array( 'post_title' => 'Secret', 'post_password' => 'x' ) ), array( 'state' => 'settled', 'hash' => '' ) );
		$this->post( array( 'post_title' => 'A draft', 'post_status' => 'draft' ) );
		$html = $this->listed();
		foreach ( array( 'Sent' => 'indexed', 'New' => 'waiting', 'Too large' => 'failed', 'Secret' => 'excluded' ) as $title => $state ) {
			$this->assertMatchesRegularExpression( "#<strong>$title</strong>.*?rag-ask-badge is-$state#s", $html );
		}
		$this->assertStringContainsString( 'The post is larger than 6 MB.', $html );
		$this->assertStringContainsString( 'It has a password.', $html );
		$this->assertStringNotContainsString( 'A draft', $html );
		$this->assertMatchesRegularExpression( '#All <span class="count">\(4\)#', $html );
	}

	public function test_what_the_sidecar_did_not_index_is_listed_as_it_said(): void {
		$too_long = $this->settled_post( array( 'post_title' => 'Too long' ) );
		$no_text  = $this->settled_post( array( 'post_title' => 'No text' ) );
		$sent_now = $this->settled_post( array( 'post_title' => 'Sent again' ) );
		$problem  = static fn( int $post_id, string $state ): array => array( 'id' => $post_id, 'state' => $state, 'message' => "Because of $state." );
		$problems = array( $problem( $too_long, 'failed' ), $problem( $no_text, 'skipped' ), $problem( $sent_now, 'failed' ), $problem( 1, 'pending' ) );
		update_option( Sidecar_Status::OPTION, array( 'checked_at' => time() + 60, 'status' => array( 'problems' => $problems ) ) );
		$this->set_row( $sent_now, array( 'version' => ( time() + 100 ) * 1_000_000 ) );
		$html = $this->listed();
		$this->assertMatchesRegularExpression( '#Too long</strong>.*?is-failed.*?Because of failed\.#s', $html );
		$this->assertMatchesRegularExpression( '#No text</strong>.*?is-excluded.*?Because of skipped\.#s', $html );
		$this->assertMatchesRegularExpression( '#Sent again</strong>.*?is-indexed#s', $html );
		foreach ( array( 'failed' => $too_long, 'excluded' => $no_text, 'indexed' => $sent_now ) as $state => $post_id ) {
			$this->assertSame( array( $post_id ), Index_Query::page( $state, '', 'title', true, 10, 0 )['ids'] );
			$this->assertSame( 1, Index_Query::counts()[ $state ] );
		}
	}

	public function test_search_filter_order_and_page_are_kept_by_each_other_and_lead_back_to_the_list(): void {
		$this->post( array( 'post_title' => 'Apple "1"' ) );
		$this->post( array( 'post_title' => 'Apple "2"' ) );
		update_user_option( 1, 'rag_ask_documents_per_page', 1, true );
		set_current_screen( 'settings_page_rag-ask' );
		$_GET                   = array( 's' => 'Apple "', 'state' => 'waiting', 'orderby' => 'title', 'order' => 'desc', 'paged' => '2', 'nonsense' => 'x' );
		$_SERVER['REQUEST_URI'] = '/wp-admin/options-general.php?page=rag-ask&tab=content&s=Apple+%22&state=waiting&orderby=title&order=desc';
		$html                   = $this->listed();
		$_SERVER['REQUEST_URI'] = '/';
		$kept                   = 's=Apple%20%22&orderby=title&order=desc&state=failed#documents';
		$this->assertStringContainsString( "&tab=content&$kept\">Failed", html_entity_decode( $html ) );
		foreach ( array( 'state' => 'waiting', 'orderby' => 'title', 'order' => 'desc' ) as $name => $value ) {
			$this->assertMatchesRegularExpression( "#<form method=\"get\".*<input type=\"hidden\" name=\"$name\" value=\"$value\">.*</form>#Us", $html );
		}
		preg_match_all( '#href="([^"]*tab=content[^"]*)"#', $html, $links );
		$this->assertGreaterThan( 8, count( $links[1] ) );
		$this->assertSame( array(), preg_grep( '/#documents$/', $links[1], PREG_GREP_INVERT ) );
		$this->assertMatchesRegularExpression( "#<input [^>]*form=\"rag-ask-documents-search\"[^>]*name='paged'#", $html );
		preg_match( '#name="list" value="([^"]+)"#', $html, $list );
		$this->assertStringEndsWith( '&tab=content&state=waiting&s=Apple%20%22&orderby=title&order=desc&paged=2#documents', Index_Panel::url( html_entity_decode( $list[1] ) ) );
		$this->assertStringEndsWith( '&tab=content#documents', Index_Panel::url( 'page=other&s[]=x' ) );
	}

	public function test_a_page_past_the_end_is_the_last_one(): void {
		$this->post( array( 'post_title' => 'The only one' ) );
		$_REQUEST['paged'] = '7';
		$html              = $this->listed();
		unset( $_REQUEST['paged'] );
		$this->assertStringContainsString( 'The only one', $html );
	}

	public function test_what_a_task_did_is_said_beside_the_list(): void {
		add_settings_error( Settings::GROUP, 'rag-ask-exclude-ticked', 'Two <b>posts</b>.', 'success' );
		add_settings_error( Settings::GROUP, 'rag-ask-check', 'The sidecar answers.', 'success' );
		$html = $this->listed();
		$GLOBALS['wp_settings_errors'] = array();
		$this->assertStringContainsString( 'Two &lt;b&gt;posts&lt;/b&gt;.', $html );
		$this->assertStringNotContainsString( 'The sidecar answers.', $html );
	}

	/**
	 * The sidecar counts them among its documents.
	 */
	public function test_notes_are_listed_and_excluded_like_posts(): void {
		$note_id = $this->settled_post( array( 'post_type' => Note_Type::NAME, 'post_title' => 'Do you deliver?' ) );
		$this->settled_post();
		update_option( Sidecar_Status::OPTION, array( 'status' => array( 'documents' => array( 'pending' => 2 ) ) ) );
		$this->assertSame( array( 2, 0, 2 ), array_values( array_slice( Index_Query::figures(), 0, 3 ) ) );
		Note_Type::register();
		$html = $this->listed();
		unregister_post_type( Note_Type::NAME );
		$this->assertMatchesRegularExpression( '#Do you deliver\?.*?Answer of your own#s', $html );
		Exclude_Switch::set( $note_id, true );
		$this->assert_queued( $note_id );
		$this->assertSame( 'delete', change_for( $note_id, 6 )['op'] );
	}

	public function test_the_list_is_searched_sorted_and_filtered(): void {
		$this->settled_post( array( 'post_title' => 'Apple 100% pie' ) );
		$this->settled_post( array( 'post_title' => 'Zebra cake' ) );
		$this->post( array( 'post_title' => 'Apple cake' ) );
		$titles = static fn( string ...$query ): array => array_map( 'get_the_title', Index_Query::page( $query[0], $query[1], $query[2], 'asc' === $query[3], 10, 0 )['ids'] );
		$this->assertSame( array( 'Apple 100% pie', 'Apple cake', 'Zebra cake' ), $titles( '', '', 'title', 'asc' ) );
		$this->assertSame( array( 'Zebra cake', 'Apple 100% pie' ), $titles( 'indexed', '', 'title', 'desc' ) );
		$this->assertSame( array( 'Apple 100% pie' ), $titles( '', '100%', 'title', 'asc' ) );
		$this->assertCount( 3, $titles( '', '', 'nonsense; DROP', 'asc' ) );
		$this->assertSame( array( 'total' => 3 ), array_diff_key( Index_Query::page( '', '', 'title', true, 1, 1 ), array( 'ids' => 1 ) ) );
	}

	public function test_ticked_posts_are_excluded_and_included_and_sent_again(): void {
		$posts = array( $this->settled_post(), $this->settled_post() );
		$this->assertSame( array( 'success', '2 posts are excluded. They leave the index in the background.' ), Admin_Actions::run( 'exclude-ticked', array( 'posts' => $posts ) ) );
		foreach ( $posts as $post_id ) {
			$this->assertSame( '1', get_post_meta( $post_id, '_rag_ask_exclude', true ) );
			$this->assert_queued( $post_id );
		}
		Admin_Actions::run( "include-$posts[0]" );
		$this->assertSame( '', get_post_meta( $posts[0], '_rag_ask_exclude', true ) );
		$this->settle( $posts[0] );
		Admin_Actions::run( "resend-$posts[0]" );
		$this->assert_queued( $posts[0] );
		foreach ( array( 'exclude-ticked', 'exclude-', 'exclude-999999' ) as $task ) {
			$this->assertSame( 'error', Admin_Actions::run( $task )[0] );
		}
	}

	public function test_who_may_not_edit_a_post_changes_nothing(): void {
		$post_id = $this->settled_post();
		wp_set_current_user( 0 );
		$this->assertSame( 'error', Admin_Actions::run( "exclude-$post_id" )[0] );
		$this->assertSame( '', get_post_meta( $post_id, '_rag_ask_exclude', true ) );
	}

	public function test_the_number_of_posts_on_a_page_is_a_screen_option(): void {
		$this->assertSame( 50, apply_filters( 'set_screen_option_rag_ask_documents_per_page', false, 'rag_ask_documents_per_page', '50' ) );
		$this->assertSame( 200, apply_filters( 'set_screen_option_rag_ask_documents_per_page', false, 'rag_ask_documents_per_page', '9999' ) );
	}

	/**
	 * Core reads the columns for the screen options before the page is printed.
	 */
	public function test_the_columns_are_known_before_the_page_is_printed(): void {
		$_GET['tab'] = 'content';
		Index_Panel::add_screen_options();
		$this->assertArrayHasKey( 'reason', apply_filters( 'manage_' . \WP_Screen::get()->id . '_columns', array() ) );
	}

	private function listed(): string {
		ob_start();
		Index_Panel::render();
		return ob_get_clean();
	}
}
