<?php
/**
 * Panel switch: hides the floating ask button on one page.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A REST field and not post meta, for the reason that Exclude_Switch gives.
 */
final class Panel_Switch {

	private const FIELD = 'rag_ask_no_panel';

	/**
	 * Register the field for the block editor.
	 */
	public static function register_field(): void {
		register_rest_field(
			array_keys( Settings::choosable_post_types() ),
			self::FIELD,
			array(
				'get_callback'    => static fn( array $post ): bool => (bool) get_post_meta( $post['id'], Ask_Panel::META_KEY, true ),
				// The controller has checked that the user may edit this post.
				'update_callback' => static fn( bool $is_hidden, \WP_Post $post ) => $is_hidden ? update_post_meta( $post->ID, Ask_Panel::META_KEY, '1' ) : delete_post_meta( $post->ID, Ask_Panel::META_KEY ),
				'schema'          => array(
					'type'        => 'boolean',
					'description' => __( 'Whether the page hides the floating ask button.', 'rag-ask' ),
					'context'     => array( 'edit' ),
				),
			)
		);
	}
}
