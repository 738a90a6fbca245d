<?php

namespace RagAsk\Tests;

use RagAsk\Outbox;
use RagAsk\Settings;

final class PeopleWatcherTest extends TestCase {

	private int $author_id;

	protected function setUp(): void {
		parent::setUp();
		$this->author_id = (int) wp_insert_user( array( 'user_login' => uniqid( 'ada' ), 'user_pass' => 'x', 'display_name' => 'Ada Baker', 'role' => 'author' ) );
	}

	protected function tearDown(): void {
		wp_delete_user( $this->author_id );
	}

	public function test_a_renamed_author_takes_the_posts_along(): void {
		$post_id = $this->settled_post( array( 'post_author' => $this->author_id ) );
		$other   = $this->settled_post( array( 'post_author' => 1 ) );
		wp_update_user( array( 'ID' => $this->author_id, 'display_name' => 'Ada Miller' ) );
		$this->assertSame( 'settled', $this->row( $post_id )->state, 'the author waits for one row only' );
		$this->expand();
		$this->assert_queued( $post_id );
		$this->assertSame( 'settled', $this->row( $other )->state );
	}

	public function test_another_mail_address_of_an_author_is_ignored(): void {
		wp_update_user( array( 'ID' => $this->author_id, 'user_email' => 'ada@shop.test' ) );
		$this->assertSame( 0, Outbox::counts()['waiting'] );
	}

	public function test_posts_that_pass_to_another_author_are_noted(): void {
		$post_id = $this->settled_post( array( 'post_author' => $this->author_id ) );
		wp_delete_user( $this->author_id, 1 );
		$this->expand();
		$this->assert_queued( $post_id );
	}

	public function test_posts_that_go_with_their_author_are_noted(): void {
		$post_id = $this->settled_post( array( 'post_author' => $this->author_id ) );
		wp_delete_user( $this->author_id );
		$this->assertSame( 'trash', get_post_status( $post_id ) );
		$this->assert_queued( $post_id );
	}

	public function test_an_author_taken_off_a_site_of_a_network_leaves_posts_to_the_heir(): void {
		$post_id = $this->settled_post( array( 'post_author' => 1 ) );
		do_action( 'remove_user_from_blog', $this->author_id, 1, 1 );
		$this->expand();
		$this->assert_queued( $post_id );
	}

	public function test_comments_are_ignored_until_they_are_included(): void {
		$post_id    = $this->settled_post();
		$comment_id = $this->comment( $post_id, 1 );
		wp_update_comment( array( 'comment_ID' => $comment_id, 'comment_content' => 'Even better.' ) );
		$this->assert_not_queued( $post_id );
	}

	public function test_included_comments_are_noted(): void {
		update_option( Settings::OPTION, array( 'include_comments' => true ) );
		$this->expand();
		$post_id = $this->settled_post();
		$waiting = $this->comment( $post_id, 0 );
		$this->assert_not_queued( $post_id );
		$changes = array(
			'approved'   => static fn() => wp_set_comment_status( $waiting, 'approve' ),
			'rewritten'  => static fn() => wp_update_comment( array( 'comment_ID' => $waiting, 'comment_content' => 'Even better.' ) ),
			'unapproved' => static fn() => wp_set_comment_status( $waiting, 'hold' ),
			'written'    => function () use ( $post_id, &$written ) {
				$written = $this->comment( $post_id, 1 );
			},
			'trashed'    => static function () use ( &$written ) {
				wp_trash_comment( $written );
			},
			'untrashed'  => static function () use ( &$written ) {
				wp_untrash_comment( $written );
			},
			'deleted'    => static function () use ( &$written ) {
				wp_delete_comment( $written, true );
			},
		);
		foreach ( $changes as $name => $change ) {
			$change();
			$this->assert_queued( $post_id, $name );
			$this->settle( $post_id );
		}
	}

	public function test_an_erased_commenter_leaves_the_index_at_once(): void {
		update_option( Settings::OPTION, array( 'include_comments' => true ) );
		$this->expand();
		$post_id = $this->settled_post();
		$this->comment( $post_id, 1 );
		$this->expand();
		$this->settle( $post_id );
		$this->assertTrue( wp_comments_personal_data_eraser( 'ben@shop.test' )['items_removed'] );
		$this->expand();
		$this->assert_queued( $post_id );
	}

	private function comment( int $post_id, int $is_approved ): int {
		return (int) wp_insert_comment( array( 'comment_post_ID' => $post_id, 'comment_author' => 'Ben', 'comment_author_email' => 'ben@shop.test', 'comment_content' => 'Lovely scones.', 'comment_approved' => $is_approved ) );
	}
}
