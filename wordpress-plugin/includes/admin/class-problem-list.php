<?php
/**
 * Problem list: the posts that failed, each with its reason.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A dead letter can be retried; a post that the sidecar could not index must be fixed.
 */
final class Problem_List {

	private const MAX_ITEMS = 20;

	/**
	 * Print both lists, unless they are empty.
	 *
	 * @param array[] $of_sidecar Problems of the sidecar's status.
	 */
	public static function render( array $of_sidecar ): void {
		$dead = Outbox::dead( self::MAX_ITEMS );
		if ( $dead ) {
			self::begin( __( 'Could not be sent', 'rag-ask' ) );
			foreach ( $dead as $row ) {
				self::item( self::name( $row ), '', $row->last_error, "retry-$row->object_type-$row->object_id" );
			}
			echo '</ul><p><button type="submit" class="button" name="task" value="retry-all">' . esc_html__( 'Retry all', 'rag-ask' ) . '</button></p>';
		}
		if ( $of_sidecar ) {
			self::begin( __( 'Sent, but not in the index', 'rag-ask' ) );
			foreach ( array_slice( $of_sidecar, 0, self::MAX_ITEMS ) as $problem ) {
				self::item( self::post_link( (int) ( $problem['id'] ?? 0 ), (string) ( $problem['title'] ?? '' ) ), Post_State::document_label( (string) ( $problem['state'] ?? '' ) ), (string) ( $problem['message'] ?? '' ) );
			}
			echo '</ul>';
		}
	}

	/**
	 * A link to the post; type and id for anything else.
	 *
	 * @param \stdClass $row Outbox row.
	 */
	public static function name( \stdClass $row ): string {
		return 'post' === $row->object_type ? self::post_link( $row->object_id, '' ) : esc_html( "$row->object_type $row->object_id" );
	}

	private static function begin( string $title ): void {
		echo '<h2>' . esc_html( $title ) . '</h2><ul class="rag-ask-state__problems">';
	}

	private static function item( string $name, string $state, string $reason, string $retry = '' ): void {
		printf(
			'<li><div>%s%s<br><span>%s</span></div>%s</li>',
			wp_kses_post( $name ),
			'' === $state ? '' : ' <em>' . esc_html( $state ) . '</em>',
			esc_html( $reason ),
			'' === $retry ? '' : '<button type="submit" class="button" name="task" value="' . esc_attr( $retry ) . '">' . esc_html__( 'Retry', 'rag-ask' ) . '</button>'
		);
	}

	private static function post_link( int $post_id, string $title_when_pushed ): string {
		/* translators: %d: number of a post. */
		$titles = array( get_the_title( $post_id ), $title_when_pushed, sprintf( __( 'Post %d', 'rag-ask' ), $post_id ) );
		$title  = current( array_filter( $titles, 'strlen' ) );
		$url    = get_edit_post_link( $post_id );
		return $url ? sprintf( '<a href="%s">%s</a>', esc_url( $url ), esc_html( $title ) ) : esc_html( $title );
	}
}
