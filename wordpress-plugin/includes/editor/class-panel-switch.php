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

	public const FIELD = 'rag_ask_no_panel';

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
				'update_callback' => static fn( bool $is_hidden, \WP_Post $post ) => self::set( $post->ID, $is_hidden ),
				'schema'          => array(
					'type'        => 'boolean',
					'description' => __( 'Whether the page hides the floating ask button.', 'rag-ask' ),
					'context'     => array( 'edit' ),
				),
			)
		);
	}

	/**
	 * The checkbox in the meta box of the classic editor, which Exclude_Switch prints and saves.
	 *
	 * @param int $post_id The edited post.
	 */
	public static function render_checkbox( int $post_id ): void {
		printf(
			'<p><label><input type="checkbox" name="%s" value="1"%s> %s</label></p>',
			esc_attr( self::FIELD ),
			checked( (bool) get_post_meta( $post_id, Ask_Panel::META_KEY, true ), true, false ),
			esc_html__( 'Hide the ask button on this page', 'rag-ask' )
		);
	}

	/**
	 * Hide the button on a page, or show it again.
	 *
	 * @param int  $post_id   The post.
	 * @param bool $is_hidden Whether to hide it.
	 */
	public static function set( int $post_id, bool $is_hidden ): void {
		if ( $is_hidden ) {
			update_post_meta( $post_id, Ask_Panel::META_KEY, '1' );
		} else {
			delete_post_meta( $post_id, Ask_Panel::META_KEY );
		}
	}
}
