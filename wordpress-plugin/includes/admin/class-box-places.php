<?php
/**
 * Box places: where the site shows the ask box.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Looks into published content, templates and widgets.
 */
final class Box_Places {

	private const LIMIT = 20;

	/**
	 * Posts, pages and templates with the box.
	 *
	 * @return \WP_Post[] The newest first.
	 */
	public static function find(): array {
		global $wpdb;
		$like = static fn( string $text ): string => '%' . $wpdb->esc_like( $text ) . '%';
		$ids  = Database::ids(
			"SELECT ID FROM {$wpdb->posts} WHERE post_status = 'publish' AND post_type <> 'revision' AND ( post_content LIKE %s OR post_content LIKE %s ) ORDER BY ID DESC LIMIT %d",
			$like( '<!-- wp:' . Ask_Box::BLOCK . ' ' ),
			$like( '[' . Ask_Box::SHORTCODE ),
			self::LIMIT
		);
		return array_filter( array_map( 'get_post', $ids ) );
	}

	/**
	 * Publish a page with the box.
	 *
	 * @return \WP_Post|\WP_Error
	 */
	public static function make_page() {
		$page_id = wp_insert_post(
			array(
				'post_type'    => 'page',
				'post_status'  => 'publish',
				'post_title'   => (string) Settings::get( 'text_label' ),
				'post_content' => '<!-- wp:' . Ask_Box::BLOCK . ' /-->',
			),
			true
		);
		return is_wp_error( $page_id ) ? $page_id : get_post( $page_id );
	}
}
