<?php

namespace RagAsk\Tests;

use RagAsk\Outbox;
use RagAsk\Settings;

final class MetaWatcherTest extends TestCase {

	/**
	 * @dataProvider keys
	 */
	public function test_an_indexed_field_is_noted_when_it_is_added_changed_or_deleted( string $key, $value, $other ): void {
		update_option( Settings::OPTION, array( 'meta_keys' => array( 'Phone' ) ) );
		$this->expand();
		$post_id = $this->settled_post();
		foreach ( array( 'add' => array( 'add_post_meta', $value ), 'change' => array( 'update_post_meta', $other ), 'delete' => array( 'delete_post_meta', '' ) ) as $name => list( $function, $argument ) ) {
			$function( $post_id, $key, $argument );
			$this->assert_queued( $post_id, $name );
			$this->settle( $post_id );
		}
	}

	public function keys(): array {
		return array(
			'allow-listed'      => array( 'Phone', '01632 960 001', '01632 960 002' ),
			'our switch'        => array( '_rag_ask_exclude', '1', '0' ),
			'featured image'    => array( '_thumbnail_id', '7', '8' ),
			'Yoast'             => array( '_yoast_wpseo_meta-robots-noindex', '1', '2' ),
			'Rank Math'         => array( 'rank_math_robots', array( 'noindex' ), array( 'index' ) ),
			'SEOPress'          => array( '_seopress_robots_index', 'yes', '' ),
			'The SEO Framework' => array( '_genesis_noindex', '1', '0' ),
		);
	}

	public function test_other_fields_are_ignored(): void {
		$post_id = $this->settled_post();
		add_post_meta( $post_id, '_edit_lock', time() . ':1' );
		update_post_meta( $post_id, '_edit_lock', '1:1' );
		delete_post_meta( $post_id, '_edit_lock' );
		$this->assert_not_queued( $post_id );
	}

	public function test_a_field_that_says_who_may_read_a_post_is_noted(): void {
		$post_id = $this->settled_post();
		add_post_meta( $post_id, '_members_access_role', 'editor' );
		$this->assert_queued( $post_id );
	}

	public function test_a_field_deleted_from_all_posts_is_noted_on_those_that_had_it(): void {
		update_option( Settings::OPTION, array( 'meta_keys' => array( 'Phone' ) ) );
		$this->expand();
		list( $one, $other, $without ) = array( $this->settled_post(), $this->settled_post(), $this->settled_post() );
		add_post_meta( $one, 'Phone', '1' );
		add_post_meta( $other, 'Phone', '2' );
		$this->settle( $one, $other );
		delete_post_meta_by_key( 'Phone' );
		$this->assert_queued( $one );
		$this->assert_queued( $other );
		$this->assert_not_queued( $without );
	}

	public function test_all_in_one_seo_is_heard_when_it_saves_its_own_table(): void {
		$post_id = $this->settled_post();
		do_action( 'aioseo_insert_post', $post_id );
		$this->assert_queued( $post_id );
	}

	/**
	 * @dataProvider attachment_changes
	 */
	public function test_the_text_of_an_attachment_takes_along_the_posts_that_show_it( callable $change ): void {
		$parent   = $this->settled_post();
		$image    = $this->post( array( 'post_type' => 'attachment', 'post_status' => 'inherit', 'post_parent' => $parent, 'post_mime_type' => 'image/jpeg' ) );
		$featured = $this->settled_post();
		add_post_meta( $featured, '_thumbnail_id', $image );
		$content  = $this->settled_post( array( 'post_content' => "<img class=\"wp-image-$image\" src=\"/a.jpg\">" ) );
		$other    = $this->settled_post( array( 'post_content' => "<img class=\"wp-image-{$image}0\" src=\"/a.jpg\">" ) );
		add_post_meta( $image, '_wp_attachment_image_alt', 'A loaf' );
		$this->expand();
		$this->settle( $parent, $featured, $content );
		$change( $image );
		$this->expand();
		$this->assert_queued( $parent, 'hangs on it' );
		$this->assert_queued( $featured, 'featured' );
		$this->assert_queued( $content, 'in the content' );
		$this->assert_not_queued( $other );
		$this->assertNull( $this->row( $image ), 'an attachment is no document' );
	}

	public function attachment_changes(): array {
		return array(
			'alt'         => array( static fn( int $id ) => update_post_meta( $id, '_wp_attachment_image_alt', 'A loaf of rye' ) ),
			'no alt'      => array( static fn( int $id ) => delete_post_meta( $id, '_wp_attachment_image_alt' ) ),
			'title'       => array( static fn( int $id ) => wp_update_post( array( 'ID' => $id, 'post_title' => 'Rye' ) ) ),
			'caption'     => array( static fn( int $id ) => wp_update_post( array( 'ID' => $id, 'post_excerpt' => 'Rye' ) ) ),
			'description' => array( static fn( int $id ) => wp_update_post( array( 'ID' => $id, 'post_content' => 'Rye' ) ) ),
		);
	}

	public function test_a_deleted_featured_image_is_noted(): void {
		$post_id = $this->settled_post();
		$image   = $this->post( array( 'post_type' => 'attachment', 'post_status' => 'inherit', 'post_mime_type' => 'image/jpeg' ) );
		add_post_meta( $post_id, '_thumbnail_id', $image );
		$this->settle( $post_id );
		wp_delete_attachment( $image, true );
		$this->assert_queued( $post_id );
		$this->assertNull( $this->row( 0, 'site' ) );
	}
}
