<?php

namespace RagAsk\Tests;

use RagAsk\Admin_Actions;
use RagAsk\Insights;
use RagAsk\Note_Screen;
use RagAsk\Note_Type;
use RagAsk\Question_Drafts;
use RagAsk\Question_Groups;
use RagAsk\Question_List;

/**
 * What owners do with the questions of visitors: put them together, aside and apart, and see what became of them.
 */
final class QuestionGroupsTest extends TestCase {

	use WithSidecar;

	private const SUNDAY  = 'Do you deliver on Sundays?';
	private const PARKING = 'Can I park nearby?';

	protected function setUp(): void {
		parent::setUp();
		wp_set_current_user( 1 );
		set_current_screen( 'options-general' );
		Note_Type::register();
		$this->connect( self::$sidecar->url );
		update_option( Insights::OPTION, array( 'insights' => $this->contract( 'insights-response' ), 'fetched_at' => 1 ) );
	}

	protected function tearDown(): void {
		$_GET = array();
		parent::tearDown();
	}

	public function test_questions_are_merged_under_the_one_asked_most_and_separated_again(): void {
		$this->assertSame( 'error', $this->task( 'merge', self::PARKING )[0], 'one alone' );
		$this->assertSame( 'error', $this->task( 'merge' )[0], 'none' );
		$this->assertSame( 'success', $this->task( 'merge', self::PARKING, self::SUNDAY )[0] );
		$gaps = $this->gaps();
		$this->assertCount( 1, $gaps );
		$this->assertSame( array( self::SUNDAY, 6, 'abstained' ), array( $gaps[0]['question'], $gaps[0]['count'], $gaps[0]['outcome'] ) );
		$this->assertSame( array( 'Is there delivery on a Sunday?', 'sunday delivery', self::PARKING ), $gaps[0]['examples'] );
		$this->assertStringContainsString( 'Separate', $this->html() );
		$this->assertSame( 'success', Admin_Actions::run( 'split-' . Question_Groups::key( self::SUNDAY ) )[0] );
		$this->assertSame( array( self::SUNDAY, self::PARKING ), array_column( $this->gaps(), 'question' ) );
		$this->assertSame( 'error', Admin_Actions::run( 'split-' . Question_Groups::key( self::SUNDAY ) )[0] );
	}

	public function test_a_merge_holds_when_another_wording_leads(): void {
		$this->task( 'merge', self::PARKING, self::SUNDAY );
		$told                                     = $this->contract( 'insights-response' );
		list( $told['gaps'][0], $told['gaps'][1] ) = array( $told['gaps'][1], $told['gaps'][0] );
		update_option( Insights::OPTION, array( 'insights' => $told, 'fetched_at' => 2 ) );
		$this->assertSame( array( self::SUNDAY ), array_column( $this->gaps(), 'question' ) );
	}

	public function test_questions_of_two_lists_stay_apart(): void {
		list( $type, $text ) = $this->task( 'merge', self::PARKING, 'Is there bread without gluten?' );
		$this->assertSame( array( 'error', 'Tick two questions or more of the same list.' ), array( $type, $text ) );
		$this->assertFalse( get_option( Question_Groups::MERGED ) );
		$this->task( 'merge', self::PARKING, self::SUNDAY, 'Is there bread without gluten?' );
		$this->assertSame( array( self::SUNDAY ), array_column( $this->gaps(), 'question' ) );
	}

	public function test_several_are_put_aside_at_once(): void {
		$this->assertSame( 'success', $this->task( 'dismiss', self::PARKING, self::SUNDAY )[0] );
		$this->assertSame( array(), $this->gaps() );
		$this->assertSame( 'error', $this->task( 'dismiss', self::PARKING )[0] );
	}

	public function test_an_entry_shows_what_is_found_when_it_is_asked_again(): void {
		$html = $this->html() . $this->html( 'rated_down' );
		$this->assertMatchesRegularExpression( '#deliver on Sundays\?.*?is-good">Asked again: found now, on these pages\.</p><ul><li><a href="http://localhost:8888/delivery/">Delivery<#s', $html );
		$this->assertMatchesRegularExpression( '#park nearby\?.*?Asked again: nothing new yet\.#s', $html );
		$this->assertMatchesRegularExpression( '#without gluten\?.*?Asked again: answered now, by you\.#s', $html );
		$this->assertMatchesRegularExpression( '#without gluten\?.*?What visitors said of it</summary><ul><li dir="auto">incomplete I asked for cake\.<#s', $html );
	}

	public function test_a_draft_keeps_its_question_and_asks_again_once_it_is_indexed(): void {
		$url = wp_parse_url( Question_Drafts::url( $this->gaps()[0] ), PHP_URL_QUERY );
		parse_str( $url, $_GET );
		$post_id = wp_insert_post( array( 'post_status' => 'auto-draft', 'post_title' => self::SUNDAY ) );
		$_GET    = array();
		$other   = wp_insert_post( array( 'post_status' => 'auto-draft', 'post_title' => 'Another' ) );
		wp_update_post( array( 'ID' => $post_id, 'post_status' => 'draft' ) );
		$this->assertSame( array( Question_Groups::key( self::SUNDAY ) => $post_id ), wp_list_pluck( Question_Drafts::of( array( self::SUNDAY ) ), 'ID' ) );
		$this->assertMatchesRegularExpression( '#<p>Draft: <a href="[^"]+post=' . $post_id . '#', $this->html() );
		$this->assertFalse( wp_next_scheduled( Question_Drafts::EVENT, array( $post_id, 1 ) ) );

		wp_publish_post( $post_id );
		wp_publish_post( $other );
		$this->assertNotFalse( wp_next_scheduled( Question_Drafts::EVENT, array( $post_id, 1 ) ) );
		$this->assertFalse( wp_next_scheduled( Question_Drafts::EVENT, array( $other, 1 ) ) );
		$this->assertStringContainsString( 'Post published:', $this->html() );

		self::$sidecar->answers( array( 'status' => 200, 'json' => array( 'state' => 'pending' ) + $this->contract( 'document-response' ) ) );
		Question_Drafts::ask_again( $post_id, 1 );
		$this->assertNotFalse( wp_next_scheduled( Question_Drafts::EVENT, array( $post_id, 2 ) ) );
		$this->assertCount( 1, self::$sidecar->requests() );

		self::$sidecar->answers(
			array( 'status' => 200, 'json' => array( 'state' => 'indexed' ) + $this->contract( 'document-response' ) ),
			array( 'status' => 200, 'json' => $this->contract( 'settings-response' ) ),
			array( 'status' => 200, 'json' => $this->contract( 'insights-response' ) )
		);
		Question_Drafts::ask_again( $post_id, 2 );
		$this->assertContains( '/v1/insights?days=30', array_column( self::$sidecar->requests(), 'path' ) );
		$this->assertFalse( wp_next_scheduled( Question_Drafts::EVENT, array( $post_id, 3 ) ) );
	}

	public function test_the_answer_given_is_what_its_correction_begins_with(): void {
		$told                           = $this->contract( 'insights-response' );
		$told['rated_down'][0]['answer'] = "One [1].\nTwo < three & \"four\" [2].";
		update_option( Insights::OPTION, array( 'insights' => $told, 'fetched_at' => 1 ) );
		$note = $this->opened( 'rated_down', 'Correct the answer' );
		$this->assertSame( "One.\nTwo &lt; three &amp; &quot;four&quot;.", $note->post_content );
		ob_start();
		Note_Screen::page( $note );
		$this->assertStringContainsString( 'value="http://localhost:8888/allergens/"', ob_get_clean() );

		$note_id = $this->post( array( 'post_type' => 'rag_ask_note', 'post_title' => 'Is there bread without gluten?' ) );
		$this->assertMatchesRegularExpression( '#post=' . $note_id . '&action=edit">Edit your answer#', html_entity_decode( $this->html( 'rated_down' ) ) );
	}

	public function test_an_answer_begins_with_the_other_wordings(): void {
		$note = $this->opened( 'gaps', 'Write the answer' );
		$this->assertSame( array( self::SUNDAY, '' ), array( $note->post_title, $note->post_content ) );
		ob_start();
		Note_Screen::wordings( $note );
		$this->assertStringContainsString( ">Is there delivery on a Sunday?\nsunday delivery</textarea>", ob_get_clean() );
	}

	public function test_a_post_begins_with_a_list_of_the_wordings_in_blocks(): void {
		$told                        = $this->contract( 'insights-response' );
		$told['gaps'][0]['question'] = 'Tea & "cake" <b>100%</b> + später?';
		update_option( Insights::OPTION, array( 'insights' => $told, 'fetched_at' => 1 ) );
		$post = $this->opened( 'gaps', 'Write a post' );
		$this->assertSame( 'Tea & "cake" <b>100%</b> + später?', html_entity_decode( $post->post_title ) );
		list( $said, $list ) = parse_blocks( $post->post_content );
		$this->assertSame( array( '<p>Visitors asked:</p>', 'core/list' ), array( $said['innerHTML'], $list['blockName'] ) );
		$this->assertSame( array( '<li>Tea &amp; &quot;cake&quot; &lt;b&gt;100%&lt;/b&gt; + später?</li>', '<li>Is there delivery on a Sunday?</li>', '<li>sunday delivery</li>' ), array_column( $list['innerBlocks'], 'innerHTML' ) );
	}

	public function test_nobody_else_reads_questions_by_their_keys(): void {
		wp_set_current_user( wp_insert_user( array( 'user_login' => 'author-of-drafts', 'user_pass' => 'x', 'role' => 'author' ) ) );
		$this->assertSame( '', $this->opened( 'gaps', 'Write a post' )->post_content );
	}

	/** The post that core makes for the first link of this name. */
	private function opened( string $kind, string $link ): \WP_Post {
		preg_match( '#href="([^"]+)">' . $link . '#', $this->html( $kind ), $found );
		parse_str( (string) wp_parse_url( html_entity_decode( $found[1] ), PHP_URL_QUERY ), $_GET );
		$_REQUEST = wp_slash( $_GET );
		$post     = get_default_post_to_edit( $_GET['post_type'] ?? 'post' );
		$_REQUEST = array();
		return $post;
	}

	private function task( string $verb, string ...$questions ): array {
		return Admin_Actions::run( $verb, array( 'questions' => array_map( array( Question_Groups::class, 'key' ), $questions ) ) );
	}

	private function gaps(): array {
		return Question_Groups::of( Insights::stored()['insights'], 'gaps' );
	}

	private function html( string $kind = 'gaps' ): string {
		ob_start();
		Question_List::render( Question_Groups::of( Insights::stored()['insights'], $kind ) );
		return ob_get_clean();
	}
}
