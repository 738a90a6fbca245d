<?php

namespace RagAsk\Tests;

use RagAsk\Ask_Found;

/**
 * What the site's own search finds for a question in whole sentences.
 */
final class AskFoundTest extends TestCase {

	protected function setUp(): void {
		parent::setUp();
		foreach ( array( 'Opening hours' => 'On Sundays we open at eight.', 'Courses &amp; "tea"' => 'The sourdough course costs 85 pounds.', 'Wholesale' => 'Much sourdough for shops.' ) as $title => $content ) {
			wp_insert_post( array( 'post_title' => $title, 'post_content' => $content, 'post_status' => 'publish', 'post_type' => 'page' ) );
		}
		wp_insert_post( array( 'post_title' => 'Secret course', 'post_content' => 'sourdough', 'post_status' => 'private', 'post_type' => 'page' ) );
	}

	protected function tearDown(): void {
		remove_all_filters( 'rest_pre_dispatch' );
	}

	/**
	 * @dataProvider questions
	 */
	public function test_a_question_finds_pages_the_best_first( string $question, array $titles ): void {
		$this->assertSame( $titles, array_column( Ask_Found::pages( $question ), 'title' ) );
	}

	public function questions(): array {
		return array(
			'all words, without the question mark' => array( 'When do you open on Sundays?', array( 'Opening hours' ) ),
			'the longest words, the most of them'  => array( 'How much is the sourdough course, and what does it teach?', array( 'Courses & “tea”', 'Wholesale' ) ),
			'nothing of it'                        => array( 'Bicycle repair?', array() ),
			'no words'                             => array( '??? !', array() ),
			'a word that is no letter long'        => array( "\u{200b}", array() ),
		);
	}

	public function test_the_route_is_bounded_and_for_pages_of_this_site(): void {
		$this->assertSame( array( 'Opening hours' ), array_column( $this->found( 'Sundays?' ), 'title' ) );
		$this->assertSame( array(), $this->found( 'Sundays?', 'https://elsewhere.example' ) );
		foreach ( range( 1, 60 ) as $ignored ) {
			$last = $this->found( 'Sundays?' );
		}
		$this->assertSame( array(), $last );
	}

	public function test_a_site_without_that_search_finds_nothing(): void {
		add_filter( 'rest_pre_dispatch', static fn( $result, $server, $request ) => '/wp/v2/search' === $request->get_route() ? new \WP_Error( 'rest_forbidden', '', array( 'status' => 401 ) ) : $result, 10, 3 );
		$this->assertSame( array(), Ask_Found::pages( 'When do you open on Sundays?' ) );
	}

	private function found( string $question, string $origin = 'http://shop.test' ): array {
		$request = new \WP_REST_Request( 'POST', '/rag-ask/v1' . Ask_Found::ROUTE );
		$request->set_header( 'Origin', $origin );
		$request->set_body( $question );
		$response = rest_do_request( $request );
		$this->assertSame( array( 200, 'no-store' ), array( $response->get_status(), $response->get_headers()['Cache-Control'] ) );
		return $response->get_data();
	}
}
