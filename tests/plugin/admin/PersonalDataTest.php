<?php

namespace RagAsk\Tests;

use RagAsk\Settings;

final class PersonalDataTest extends TestCase {

	protected function setUp(): void {
		parent::setUp();
		wp_set_current_user( 1 );
		update_option( Settings::OPTION, array( 'include_comments' => true ) );
	}

	public function test_posts_by_the_person_in_the_index_are_exported(): void {
		$this->settled_post( array( 'post_title' => 'My scones', 'post_author' => 1 ) );
		$this->settled_post( array( 'post_title' => 'Of another', 'post_author' => 0 ) );
		$this->post( array( 'post_title' => 'Not sent yet', 'post_author' => 1 ) );
		$exported = $this->exporter()( 'owner@shop.test', 1 );
		$this->assertTrue( $exported['done'] );
		$this->assertSame( array( 'My scones' ), array_map( static fn( array $item ): string => $item['data'][0]['value'], $exported['data'] ) );
		$this->assertStringContainsString( 'without a name', $exported['data'][0]['group_description'] );
	}

	public function test_included_comments_are_exported_by_their_address(): void {
		$post_id = $this->post();
		foreach ( array( array( 'ben@shop.test', 1 ), array( 'ben@shop.test', 0 ), array( 'ada@shop.test', 1 ), array( '', 1 ) ) as list( $email, $is_approved ) ) {
			wp_insert_comment( array( 'comment_post_ID' => $post_id, 'comment_author' => 'Ben', 'comment_author_email' => $email, 'comment_content' => 'Lovely.', 'comment_approved' => $is_approved ) );
		}
		$this->settle( $post_id );
		$this->assertCount( 1, $this->exporter()( 'ben@shop.test', 1 )['data'] );
		$this->assertCount( 0, $this->exporter()( 'ben@shop.test', 2 )['data'] );
		$this->assertCount( 0, $this->exporter()( '', 1 )['data'] );
		update_option( Settings::OPTION, array() );
		$this->assertCount( 0, $this->exporter()( 'ben@shop.test', 1 )['data'] );
	}

	public function test_many_posts_come_page_by_page(): void {
		foreach ( range( 1, 101 ) as $number ) {
			$this->post( array( 'post_author' => 1 ) );
		}
		$GLOBALS['wpdb']->query( 'UPDATE ' . \RagAsk\Outbox::table() . " SET state = 'settled', hash = 'h'" );
		$pages = array( $this->exporter()( 'owner@shop.test', 1 ), $this->exporter()( 'owner@shop.test', 2 ) );
		$this->assertSame( array( 100, 1 ), array_map( static fn( array $page ): int => count( $page['data'] ), $pages ) );
		$this->assertSame( array( false, true ), array_column( $pages, 'done' ) );
	}

	public function test_the_eraser_says_what_stays_and_that_questions_are_tied_to_nobody(): void {
		$erase = apply_filters( 'wp_privacy_personal_data_erasers', array() )['rag-ask']['callback'];
		$none  = $erase( 'nobody@shop.test', 1 );
		$this->assertSame( array( false, false, true ), array( $none['items_removed'], $none['items_retained'], $none['done'] ) );
		$this->assertStringContainsString( 'none belongs to this person', $none['messages'][0] );
		$this->settled_post( array( 'post_author' => 1 ) );
		$this->assertTrue( $erase( 'owner@shop.test', 1 )['items_retained'] );
	}

	private function exporter(): callable {
		return apply_filters( 'wp_privacy_personal_data_exporters', array() )['rag-ask']['callback'];
	}
}
