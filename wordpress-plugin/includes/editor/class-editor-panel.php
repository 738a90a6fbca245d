<?php
/**
 * Editor panel: the state of a post in the block editor.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The route asks the sidecar when the panel opens, never while the editor loads.
 */
final class Editor_Panel {

	private const HANDLE    = 'rag-ask-editor-panel';
	private const TIMEOUT_S = 5;

	/**
	 * Register the route of the panel.
	 */
	public static function register_route(): void {
		register_rest_route(
			'rag-ask/v1',
			'/documents/(?P<id>\d+)',
			array(
				'methods'             => 'GET',
				'callback'            => array( self::class, 'document' ),
				'permission_callback' => static fn( \WP_REST_Request $request ): bool => current_user_can( 'edit_post', (int) $request['id'] ),
			)
		);
	}

	/**
	 * Enqueue the panel for post types with public pages.
	 */
	public static function enqueue(): void {
		$screen = get_current_screen();
		if ( ! $screen || 'post' !== $screen->base || ! isset( Settings::choosable_post_types()[ $screen->post_type ] ) ) {
			return;
		}
		$dependencies = array( 'wp-api-fetch', 'wp-components', 'wp-data', 'wp-editor', 'wp-element', 'wp-i18n', 'wp-plugins' );
		wp_enqueue_script( self::HANDLE, plugins_url( 'editor/panel.js', PLUGIN_FILE ), $dependencies, VERSION, true );
		wp_set_script_translations( self::HANDLE, 'rag-ask', plugin_dir_path( PLUGIN_FILE ) . 'languages' );
		wp_enqueue_style( 'rag-ask-admin', plugins_url( 'assets/admin.css', PLUGIN_FILE ), array( 'wp-components' ), VERSION );
	}

	/**
	 * The state of a post on this site and in the sidecar.
	 *
	 * @param \WP_REST_Request $request Has the id of the post.
	 */
	public static function document( \WP_REST_Request $request ): \WP_REST_Response {
		$post   = get_post( (int) $request['id'] );
		$row    = Outbox::find( $post->ID );
		$state  = Post_State::of( $post, $row );
		$answer = array(
			'state'                   => $state['state'],
			'label'                   => Post_State::labels()[ $state['state'] ],
			'reason'                  => $state['reason'],
			'lines'                   => array(),
			'text'                    => '',
			'max_question_characters' => Token_Route::MAX_QUESTION_CHARACTERS,
		);
		if ( Post_State::EXCLUDED !== $state['state'] && $row ) {
			$answer = self::with_sidecar( $answer, $post->ID );
		}
		$response = new \WP_REST_Response( $answer );
		$response->header( 'Cache-Control', 'no-store' );
		return $response;
	}

	/**
	 * The answer with the state in the sidecar (tests/contract/document-response.json).
	 *
	 * @param array $answer  State on this site.
	 * @param int   $post_id The post.
	 */
	private static function with_sidecar( array $answer, int $post_id ): array {
		$document = Sidecar::request( 'GET', '/v1/documents/' . $post_id, '', null, self::TIMEOUT_S );
		if ( is_wp_error( $document ) ) {
			$is_unknown        = 'document_unknown' === $document->get_error_code();
			$answer['lines'][] = $is_unknown ? __( 'The sidecar does not have this post yet.', 'rag-ask' ) : $document->get_error_message();
			return $answer;
		}
		$state = (string) ( $document['state'] ?? '' );
		if ( Post_State::INDEXED === $answer['state'] && 'indexed' !== $state ) {
			$answer['state']  = 'pending' === $state ? Post_State::WAITING : $state;
			$answer['label']  = Post_State::document_label( $state );
			$answer['reason'] = (string) ( $document['message'] ?? '' );
		}
		$answer['lines'] = array_filter(
			array(
				/* translators: %s: a date and time. */
				self::at( __( 'Indexed on %s', 'rag-ask' ), $document['indexed_at'] ?? null ),
				/* translators: %s: a date and time. */
				self::at( __( 'Sent on %s', 'rag-ask' ), $document['pushed_at'] ?? null ),
				/* translators: %s: a version number. */
				sprintf( __( 'Version %s', 'rag-ask' ), (int) ( $document['version'] ?? 0 ) ),
				/* translators: %s: names of groups of visitors. */
				array( 'public' ) === ( $document['groups'] ?? array() ) ? '' : sprintf( __( 'Not for every visitor: %s', 'rag-ask' ), implode( ', ', (array) ( $document['groups'] ?? array() ) ) ),
			)
		);
		$answer['lines'] = array_values( $answer['lines'] );
		$answer['text']  = (string) ( $document['text'] ?? '' );
		return $answer;
	}

	private static function at( string $what, ?string $utc ): string {
		$time = $utc ? strtotime( $utc ) : false;
		return $time ? sprintf( $what, wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $time ) ) : '';
	}
}
