<?php
/**
 * Exclude switch: excludes a post from answers, in both editors.
 *
 * @package RagAsk
 */

namespace RagAsk;

require_once dirname( __DIR__ ) . '/functions.php';

/**
 * A REST field and not post meta: types without custom fields have no meta in the block editor.
 */
final class Exclude_Switch {

	public const FIELD = 'rag_ask_exclude';

	private const NONCE = 'rag_ask_exclude_nonce';

	/**
	 * Register the meta key, for those who set it by the REST API.
	 */
	public static function register_meta(): void {
		register_post_meta(
			'',
			EXCLUDE_META_KEY,
			array(
				'type'              => 'string',
				'single'            => true,
				'default'           => '',
				'show_in_rest'      => true,
				'sanitize_callback' => static fn( $value ): string => in_array( $value, array( '1', 1, true ), true ) ? '1' : '',
				'auth_callback'     => static fn( bool $is_allowed, string $key, int $post_id ): bool => current_user_can( 'edit_post', $post_id ),
			)
		);
	}

	/**
	 * Register the field for the block editor.
	 */
	public static function register_field(): void {
		register_rest_field(
			array_keys( Settings::choosable_post_types() ),
			self::FIELD,
			array(
				'get_callback'    => static fn( array $post ): bool => is_excluded_by_author( $post['id'] ),
				// The controller has checked that the user may edit this post.
				'update_callback' => static fn( bool $is_excluded, \WP_Post $post ) => self::set( $post->ID, $is_excluded ),
				'schema'          => array(
					'type'        => 'boolean',
					'description' => __( 'Whether RAG Ask excludes this post.', 'rag-ask' ),
					'context'     => array( 'edit' ),
				),
			)
		);
	}

	/**
	 * Add the meta box of the classic editor.
	 *
	 * @param string $post_type Type of the edited post.
	 */
	public static function add_box( string $post_type ): void {
		if ( isset( Settings::choosable_post_types()[ $post_type ] ) ) {
			add_meta_box( 'rag-ask', __( 'RAG Ask', 'rag-ask' ), array( self::class, 'render_box' ), $post_type, 'side', 'default', array( '__back_compat_meta_box' => true ) );
		}
	}

	/**
	 * Print the meta box.
	 *
	 * @param \WP_Post $post The edited post.
	 */
	public static function render_box( \WP_Post $post ): void {
		wp_nonce_field( self::NONCE, self::NONCE );
		$state = Post_State::listed( $post, Outbox::find( $post->ID ) );
		printf(
			'<p><strong>%s</strong> %s</p><p><label><input type="checkbox" name="%s" value="1"%s> %s</label></p>',
			esc_html( Post_State::labels()[ $state['state'] ] ),
			esc_html( $state['reason'] ),
			esc_attr( self::FIELD ),
			checked( is_excluded_by_author( $post->ID ), true, false ),
			esc_html__( 'Exclude this post from answers', 'rag-ask' )
		);
		Panel_Switch::render_checkbox( $post->ID );
	}

	/**
	 * Save the meta box. Runs before wp_after_insert_post, which records the change.
	 *
	 * @param int $post_id The post.
	 */
	public static function save_box( int $post_id ): void {
		$nonce = isset( $_POST[ self::NONCE ] ) ? sanitize_key( $_POST[ self::NONCE ] ) : '';
		if ( wp_is_post_revision( $post_id ) || ! wp_verify_nonce( $nonce, self::NONCE ) || ! current_user_can( 'edit_post', $post_id ) ) {
			return;
		}
		self::set( $post_id, ! empty( $_POST[ self::FIELD ] ) );
		Panel_Switch::set( $post_id, ! empty( $_POST[ Panel_Switch::FIELD ] ) );
	}

	/**
	 * Exclude a post, or include it again.
	 *
	 * @param int  $post_id     The post.
	 * @param bool $is_excluded Whether to exclude it.
	 */
	public static function set( int $post_id, bool $is_excluded ): void {
		if ( $is_excluded ) {
			update_post_meta( $post_id, EXCLUDE_META_KEY, '1' );
		} else {
			delete_post_meta( $post_id, EXCLUDE_META_KEY );
		}
	}
}
