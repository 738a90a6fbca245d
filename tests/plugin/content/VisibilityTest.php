<?php

namespace RagAsk\Tests;

use function RagAsk\change_for;
use function RagAsk\exclusion_reason;
use function RagAsk\without_unknown_shortcodes;

final class VisibilityTest extends TestCase {

	public function test_a_content_filter_of_the_page_acts(): void {
		$members_only = static fn( $html ) => is_singular() && in_the_loop() && is_main_query() && get_post_meta( get_the_ID(), '_members_only', true ) && ! is_user_logged_in() ? '<p>Join to read this.</p>' : $html;
		$post_id      = $this->post( array( 'post_content' => '<p>The vault code for members is heron-seventy.</p>' ) );
		add_post_meta( $post_id, '_members_only', 1 );
		$was = array( $GLOBALS['wp_query'] ?? null, $GLOBALS['wp_the_query'] ?? null );
		add_filter( 'the_content', $members_only, 20 );
		try {
			$html = change_for( $post_id, 5 )['document']['html'];
		} finally {
			remove_filter( 'the_content', $members_only, 20 );
		}
		$this->assertStringContainsString( 'Join to read this.', $html );
		$this->assertStringNotContainsString( 'heron-seventy', $html );
		$this->assertSame( $was, array( $GLOBALS['wp_query'] ?? null, $GLOBALS['wp_the_query'] ?? null ) );
	}

	public function test_tags_of_unknown_shortcodes_go_and_their_text_stays(): void {
		$html = change_for( $this->post( array( 'post_content' => '[bx_row width="full"][bx_text color="#ff0000"]We grind lenses on Thursdays.[/bx_text][/bx_row]' ) ), 5 )['document']['html'];
		$this->assertSame( '<p>We grind lenses on Thursdays.</p>', trim( $html ) );
		foreach ( array( 'He wrote "teh [sic] cat" [1].', '<code>[bx_row width="full"]</code>', '[[bx_row]]' ) as $kept ) {
			$this->assertSame( $kept, without_unknown_shortcodes( $kept ) );
		}
	}

	public function test_the_text_of_the_posts_page_is_excluded_and_noted_when_the_option_changes(): void {
		$post_id = $this->settled_post();
		update_option( 'show_on_front', 'page' );
		$this->settle( $post_id );
		update_option( 'page_for_posts', $post_id );
		try {
			$this->assertSame( 'posts_page', exclusion_reason( get_post( $post_id ) ) );
			$this->expand();
			$this->assert_queued( $post_id );
		} finally {
			update_option( 'show_on_front', 'posts' );
			update_option( 'page_for_posts', 0 );
		}
	}

	public function test_a_type_or_post_that_is_kept_from_the_search_is_excluded(): void {
		$post_id = $this->settled_post();
		add_post_meta( $post_id, '_relevanssi_hide_post', 'on' );
		$this->assert_queued( $post_id );
		$this->assertSame( 'search', exclusion_reason( get_post( $post_id ) ) );
		get_post_type_object( 'page' )->exclude_from_search = true;
		$reason = exclusion_reason( get_post( $this->post() ) );
		get_post_type_object( 'page' )->exclude_from_search = false;
		$this->assertSame( 'search', $reason );
	}

	public function test_a_product_hidden_from_the_search_is_excluded_and_noted(): void {
		register_taxonomy( 'product_visibility', 'page', array( 'public' => false ) );
		try {
			$post_id = $this->settled_post();
			wp_set_object_terms( $post_id, array( 'exclude-from-catalog', 'exclude-from-search' ), 'product_visibility' );
			$this->assert_queued( $post_id );
			$this->assertSame( 'search', exclusion_reason( get_post( $post_id ) ) );
		} finally {
			unregister_taxonomy( 'product_visibility' );
		}
	}

	/**
	 * @dataProvider hidden_parents
	 */
	public function test_a_child_of_a_hidden_page_is_excluded_and_noted( array $change ): void {
		$parent_id = $this->post();
		$child_id  = $this->post( array( 'post_parent' => $this->post( array( 'post_parent' => $parent_id ) ) ) );
		$this->settle( $child_id );
		wp_update_post( array( 'ID' => $parent_id ) + $change );
		$this->expand();
		$this->assert_queued( $child_id );
		$this->assertSame( 'parent', exclusion_reason( get_post( $child_id ) ) );
	}

	public function hidden_parents(): array {
		return array(
			'private'  => array( array( 'post_status' => 'private' ) ),
			'password' => array( array( 'post_password' => 'open sesame' ) ),
		);
	}
}
