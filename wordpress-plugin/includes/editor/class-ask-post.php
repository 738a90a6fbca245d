<?php
/**
 * Ask post: the route of the editor panel that asks one post.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Answers an author's question from this post alone. The server asks, so that no token reaches the page.
 */
final class Ask_Post {

	/**
	 * Register the route.
	 */
	public static function register_route(): void {
		register_rest_route(
			'rag-ask/v1',
			'/documents/(?P<id>\d+)/ask',
			array(
				'methods'             => 'POST',
				'callback'            => array( self::class, 'answer' ),
				'permission_callback' => static fn( \WP_REST_Request $request ): bool => current_user_can( 'edit_post', (int) $request['id'] ),
				'args'                => array(
					'question' => array(
						'type'              => 'string',
						'required'          => true,
						'minLength'         => 1,
						'maxLength'         => Token_Route::MAX_QUESTION_CHARACTERS,
						'validate_callback' => 'rest_validate_request_arg',
						'sanitize_callback' => 'sanitize_text_field',
					),
				),
			)
		);
	}

	/**
	 * Ask the sidecar about one document.
	 *
	 * @param \WP_REST_Request $request Has the id of the post and the question.
	 * @return \WP_REST_Response|\WP_Error
	 */
	public static function answer( \WP_REST_Request $request ) {
		$post     = get_post( (int) $request['id'] );
		$question = array(
			'question' => $request['question'],
			'filter'   => array( 'ids' => array( $post->ID ) ),
		);
		$answer   = Sidecar::ask( $question, 'editor-' . get_current_user_id(), Audience::of_post( $post ) );
		if ( is_wp_error( $answer ) ) {
			return new \WP_Error( $answer->get_error_code(), $answer->get_error_message(), array( 'status' => 502 ) );
		}
		$response = new \WP_REST_Response( array( 'answer' => self::text( $answer ) ) );
		$response->header( 'Cache-Control', 'no-store' );
		return $response;
	}

	/**
	 * The answer, or the passages that may help; empty when there is neither.
	 *
	 * @param array<string, mixed> $answer As in tests/contract/ask-response.json.
	 */
	public static function text( array $answer ): string {
		if ( 'unsure' !== ( $answer['outcome'] ?? '' ) ) {
			return (string) ( $answer['answer'] ?? '' );
		}
		$lines = array( __( 'This may help. It is not a sure answer:', 'rag-ask' ) );
		foreach ( $answer['excerpts'] ?? array() as $excerpt ) {
			foreach ( $excerpt['pieces'] as $piece ) {
				$lines = array_merge( $lines, $piece['lines'] );
			}
		}
		return implode( "\n", $lines );
	}
}
