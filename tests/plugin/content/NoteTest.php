<?php

namespace RagAsk\Tests;

use RagAsk\Exclude_Switch;
use RagAsk\Note_Screen;
use RagAsk\Note_Type;
use RagAsk\Question_Drafts;
use RagAsk\Reconcile_Page;
use RagAsk\Settings;
use RagAsk\Uninstaller;
use function RagAsk\change_for;
use function RagAsk\expected_hash;
use function RagAsk\is_guest_check_due;

/**
 * Answers that the owner writes: pushed as other content, by whom, and with which page.
 */
final class NoteTest extends TestCase {

	use WithSidecar;

	private const QUESTION = 'Do you deliver on Saturdays?';

	protected function setUp(): void {
		parent::setUp();
		set_current_screen( 'edit-rag_ask_note' );
		Note_Type::register();
	}

	protected function tearDown(): void {
		unset( $GLOBALS['current_screen'] );
		unregister_post_type( Note_Type::NAME );
	}

	public function test_a_note_is_the_document_of_the_contract(): void {
		$wanted   = $this->contract( 'push-request' )['changes'][3]['document'];
		$note_id  = $this->note( array( 'post_excerpt' => "Is there delivery on a Saturday?\n" ) );
		$document = change_for( $note_id, 5 )['document'];
		$this->assertEqualsCanonicalizing( array_keys( $wanted ), array_keys( $document ) );
		foreach ( array( 'type', 'title', 'url', 'fields', 'groups' ) as $name ) {
			$this->assertSame( $wanted[ $name ], $document[ $name ], $name );
		}
		$this->assertSame( "<p>Yes, on Saturdays before noon.<br />\nCall us.</p>\n", $document['html'] );
		$this->assertSame( expected_hash( $note_id ), $document['hash'] );
	}

	public function test_the_words_of_a_script_do_not_become_words_of_the_note(): void {
		kses_remove_filters(); // Of an administrator.
		$note_id = $this->note( array( 'post_content' => 'No.<script>let tea = 1;</script>' ) );
		kses_init();
		$html = change_for( $note_id, 1 )['document']['html'];
		// The sidecar drops scripts with what is in them, of notes as of pages.
		$this->assertStringContainsString( '<script>let tea = 1;</script>', $html );
	}

	public function test_it_is_pushed_changed_and_deleted_like_other_content(): void {
		$note_id = $this->note();
		$this->assert_queued( $note_id );
		$this->assertContains( $note_id, array_column( Reconcile_Page::read( 0, 100 )->documents, 'id' ) );
		$this->settle( $note_id );
		wp_update_post( array( 'ID' => $note_id, 'post_content' => 'No.' ) );
		$this->assert_queued( $note_id );
		$this->settle( $note_id );
		wp_trash_post( $note_id );
		$this->assert_queued( $note_id );
		$this->assertSame( 'delete', change_for( $note_id, 6 )['op'] );
		foreach ( array( 'draft', 'private', 'future' ) as $status ) {
			$this->assertSame( 'delete', change_for( $this->note( array( 'post_status' => $status, 'post_date' => '2099-01-01 00:00:00' ) ), 1 )['op'] );
		}
	}

	public function test_no_type_need_be_chosen_for_it_and_no_page_is_opened(): void {
		update_option( Settings::OPTION, array( 'post_types' => array(), 'guest_check' => 'always' ) );
		$note_id = $this->note();
		$this->assert_queued( $note_id );
		$this->assertFalse( is_guest_check_due( $note_id ) );
		$this->assertSame( 'upsert', change_for( $note_id, 1 )['op'] );
		$this->assertArrayNotHasKey( Note_Type::NAME, Settings::choosable_post_types() );
	}

	/**
	 * @dataProvider ways_to_hide
	 */
	public function test_the_page_is_cited_while_guests_may_open_it( callable $hide ): void {
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->connect( self::$sidecar->url );
		$above_id = $this->post( array( 'post_title' => 'Shop' ) );
		$page_id  = $this->post( array( 'post_title' => 'Delivery', 'post_parent' => $above_id ) );
		$note_id  = $this->note( array( 'post_parent' => $page_id ) );
		$this->push();
		$this->assertSame( get_permalink( $page_id ), change_for( $note_id, 1 )['document']['url'] );
		$before = $this->row( $note_id );
		$hide( $page_id, $above_id );
		$this->push();
		$this->assertSame( '', change_for( $note_id, 2 )['document']['url'] );
		$this->assertSame( 'settled', $this->row( $note_id )->state );
		$this->assertNotSame( $before->hash, $this->row( $note_id )->hash, 'pushed without its link' );
		$this->push();
		$this->assertSame( 0, $this->push()['settled'], 'and not again' );
	}

	public function ways_to_hide(): array {
		return array(
			'private'        => array( static fn( int $page_id ) => wp_update_post( array( 'ID' => $page_id, 'post_status' => 'private' ) ) ),
			'a password'     => array( static fn( int $page_id ) => wp_update_post( array( 'ID' => $page_id, 'post_password' => 'x' ) ) ),
			'trash'          => array( static fn( int $page_id ) => wp_trash_post( $page_id ) ),
			'deleted'        => array( static fn( int $page_id ) => wp_delete_post( $page_id, true ) ),
			'its switch'     => array( static fn( int $page_id ) => Exclude_Switch::set( $page_id, true ) ),
			'the page above' => array( static fn( int $page_id, int $above_id ) => wp_update_post( array( 'ID' => $above_id, 'post_status' => 'private' ) ) ),
		);
	}

	public function test_a_note_without_a_question_or_an_answer_is_not_sent_and_its_screen_says_so(): void {
		foreach ( array( array( 'post_title' => ' ' ), array( 'post_content' => '<p> </p>' ) ) as $lacking ) {
			$note_id = $this->note( $lacking );
			$this->assertSame( 'delete', change_for( $note_id, 1 )['op'] );
			$GLOBALS['post'] = get_post( $note_id );
			$this->assertStringContainsString( 'its question or its answer is empty', Note_Screen::messages( array() )[ Note_Type::NAME ][6] );
		}
		$GLOBALS['post'] = get_post( $this->note() );
		$this->assertStringContainsString( 'Visitors who ask this get your answer', Note_Screen::messages( array() )[ Note_Type::NAME ][6] );
	}

	public function test_only_who_may_change_the_settings_writes_notes(): void {
		$note_id = $this->note();
		foreach ( array( 'editor' => false, 'author' => false, 'administrator' => true ) as $role => $may ) {
			$user = wp_insert_user( array( 'user_login' => "note-$role", 'user_pass' => 'x', 'role' => $role ) );
			$this->assertSame( $may, user_can( $user, 'edit_post', $note_id ), $role );
			$this->assertSame( $may, user_can( $user, 'delete_post', $note_id ), $role );
			$this->assertSame( $may, user_can( $user, get_post_type_object( Note_Type::NAME )->cap->create_posts ), $role );
			wp_delete_user( $user );
		}
		$this->assertFalse( is_post_type_viewable( Note_Type::NAME ) );
		$this->assertFalse( get_post_type_object( Note_Type::NAME )->show_in_rest );
	}

	public function test_the_form_keeps_wordings_and_a_page_of_this_site(): void {
		$page_id = $this->post( array( 'post_title' => 'Delivery' ) );
		$data    = array( 'post_type' => Note_Type::NAME, 'post_excerpt' => '', 'post_parent' => 0 );
		$form    = array( 'rag_ask_note' => wp_create_nonce( 'rag_ask_note' ), 'excerpt' => " One?\r\n<b>Two?</b>\n\nOne?", 'rag_ask_page' => get_permalink( $page_id ) );
		$saved   = Note_Screen::save( $data, $form );
		$this->assertSame( array( "One?\nTwo?", $page_id ), array( $saved['post_excerpt'], $saved['post_parent'] ) );
		$this->assertSame( 0, Note_Screen::save( $data, array( 'rag_ask_page' => 'https://example.org/elsewhere/' ) + $form )['post_parent'] );
		$this->assertStringContainsString( 'rag_ask_unknown_page=1', apply_filters( 'redirect_post_location', 'post.php', 1 ) );
		remove_all_filters( 'redirect_post_location' );
		$this->assertSame( $data, Note_Screen::save( $data, array( 'rag_ask_note' => 'x' ) + $form ), 'a form without its nonce' );
	}

	public function test_publishing_one_asks_its_question_again(): void {
		$note_id = $this->note();
		$this->assertNotFalse( wp_next_scheduled( Question_Drafts::EVENT, array( $note_id, 1 ) ) );
	}

	public function test_uninstalling_leaves_none(): void {
		$note_id = $this->note();
		( new \ReflectionMethod( Uninstaller::class, 'remove_site' ) )->invoke( null );
		$this->assertNull( get_post( $note_id ) );
		\RagAsk\Installer::activate();
	}

	private function note( array $fields = array() ): int {
		return $this->post( $fields + array( 'post_type' => Note_Type::NAME, 'post_title' => self::QUESTION, 'post_content' => "Yes, on Saturdays before noon.\nCall us." ) );
	}
}
