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
		$html = html_entity_decode( $this->html( 'rated_down' ) );
		$this->assertStringContainsString( 'Correct the answer', $html );
		$this->assertStringContainsString( 'post_type=rag_ask_note&post_title=Is%20there%20bread%20without%20gluten%3F&content=The%20buckwheat%20loaf%20has%20none.&rag_ask_page=http%3A%2F%2Flocalhost%3A8888%2Fallergens%2F', $html );
		$note_id = $this->post( array( 'post_type' => 'rag_ask_note', 'post_title' => 'Is there bread without gluten?' ) );
		$this->assertMatchesRegularExpression( '#post=' . $note_id . '&action=edit">Edit your answer#', html_entity_decode( $this->html( 'rated_down' ) ) );
		// As in a link, whose address keeps no line breaks.
		parse_str( (string) wp_parse_url( html_entity_decode( esc_url( Note_Screen::url( self::SUNDAY, Question_Groups::wordings( $this->gaps()[0] ), "One.\nTwo < three.", '' ) ) ), PHP_URL_QUERY ), $query );
		$this->assertSame( 'One.<br>Two &lt; three.', $query['content'] );
		ob_start();
		Note_Screen::wordings( new \WP_Post( (object) array( 'post_status' => 'auto-draft', 'post_excerpt' => $query['excerpt'] ) ) );
		$this->assertStringContainsString( ">Is there delivery on a Sunday?\nsunday delivery</textarea>", ob_get_clean() );
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
