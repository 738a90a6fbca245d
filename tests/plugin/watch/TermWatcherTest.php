<?php

namespace RagAsk\Tests;

final class TermWatcherTest extends TestCase {

	private int $post_id;

	protected function setUp(): void {
		parent::setUp();
		$this->post_id = $this->settled_post( array( 'post_type' => 'post' ) );
	}

	protected function tearDown(): void {
		global $wpdb;
		update_option( 'default_category', 1 );
		foreach ( get_terms( array( 'taxonomy' => array( 'category', 'post_tag' ), 'hide_empty' => false, 'exclude' => array( 1 ), 'fields' => 'all' ) ) as $term ) {
			wp_delete_term( $term->term_id, $term->taxonomy );
		}
	}

	public function test_terms_set_outside_a_save_are_noted(): void {
		wp_set_object_terms( $this->post_id, 'Bread', 'post_tag' );
		$this->assert_queued( $this->post_id );
		$this->settle( $this->post_id );
		wp_set_object_terms( $this->post_id, 'Bread', 'post_tag' );
		$this->assertSame( 'settled', $this->row( $this->post_id )->state, 'the same again' );
		wp_set_object_terms( $this->post_id, 'Cake', 'post_tag', true );
		$this->assert_queued( $this->post_id );
		$this->settle( $this->post_id );
		wp_set_object_terms( $this->post_id, array(), 'post_tag' );
		$this->assert_queued( $this->post_id );
	}

	public function test_terms_removed_outside_a_save_are_noted(): void {
		wp_set_object_terms( $this->post_id, 'Bread', 'post_tag' );
		$this->settle( $this->post_id );
		wp_remove_object_terms( $this->post_id, 'Bread', 'post_tag' );
		$this->assert_queued( $this->post_id );
	}

	public function test_terms_that_are_not_indexed_are_ignored(): void {
		wp_set_object_terms( $this->post_id, 'post-format-aside', 'post_format' );
		$this->assert_not_queued( $this->post_id );
	}

	public function test_the_language_of_polylang_counts(): void {
		register_taxonomy( 'language', 'post', array( 'public' => false ) );
		wp_set_object_terms( $this->post_id, 'cy', 'language' );
		unregister_taxonomy( 'language' );
		$this->assert_queued( $this->post_id );
	}

	public function test_a_renamed_term_takes_its_posts_along(): void {
		$term_id = wp_insert_term( 'Bread', 'category' )['term_id'];
		$other   = $this->settled_post( array( 'post_type' => 'post' ) );
		wp_set_object_terms( $this->post_id, $term_id, 'category' );
		$this->settle( $this->post_id );
		wp_update_term( $term_id, 'category', array( 'name' => 'Loaves' ) );
		$this->assertSame( 'settled', $this->row( $this->post_id )->state, 'the author waits for one row only' );
		$this->expand();
		$this->assert_queued( $this->post_id );
		$this->assertSame( 'settled', $this->row( $other )->state );
	}

	public function test_the_posts_of_terms_below_a_renamed_one_move(): void {
		$top = wp_insert_term( 'Bread', 'category' )['term_id'];
		wp_set_object_terms( $this->post_id, wp_insert_term( 'Rye', 'category', array( 'parent' => $top ) )['term_id'], 'category' );
		$this->settle( $this->post_id );
		wp_update_term( $top, 'category', array( 'slug' => 'loaves' ) );
		$this->expand();
		$this->assert_queued( $this->post_id );
	}

	public function test_a_deleted_term_is_noted(): void {
		$term_id = wp_insert_term( 'Bread', 'post_tag' )['term_id'];
		wp_set_object_terms( $this->post_id, $term_id, 'post_tag' );
		$this->settle( $this->post_id );
		wp_delete_term( $term_id, 'post_tag' );
		$this->assert_queued( $this->post_id );
	}

	public function test_the_posts_of_terms_below_a_deleted_one_move(): void {
		$top = wp_insert_term( 'Bread', 'category' )['term_id'];
		wp_set_object_terms( $this->post_id, wp_insert_term( 'Rye', 'category', array( 'parent' => $top ) )['term_id'], 'category' );
		$this->settle( $this->post_id );
		wp_delete_term( $top, 'category' );
		$this->expand();
		$this->assert_queued( $this->post_id );
	}

	public function test_another_default_category_touches_the_posts_of_both(): void {
		$term_id = wp_insert_term( 'News', 'category' )['term_id'];
		$news    = $this->settled_post( array( 'post_type' => 'post' ) );
		wp_set_object_terms( $news, $term_id, 'category' );
		$this->settle( $news );
		update_option( 'default_category', $term_id );
		$this->expand();
		$this->assert_queued( $news );
		$this->assert_queued( $this->post_id, 'in the old one' );
	}
}
