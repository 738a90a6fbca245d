<?php
/**
 * Post state: indexed, waiting, failed or excluded.
 *
 * @package RagAsk
 */

namespace RagAsk;

require_once dirname( __DIR__ ) . '/functions.php';

/**
 * From the post, its outbox row and the stored status of the sidecar; sends no request.
 */
final class Post_State {

	public const INDEXED  = 'indexed';
	public const WAITING  = 'waiting';
	public const FAILED   = 'failed';
	public const EXCLUDED = 'excluded';

	/**
	 * The state of a post.
	 *
	 * @param \WP_Post       $post The post.
	 * @param \stdClass|null $row  Its outbox row, if it has one.
	 * @return array{state: string, reason: string} The reason may be empty.
	 */
	public static function of( \WP_Post $post, ?\stdClass $row ): array {
		if ( $row && 'dead' === $row->state ) {
			return self::state( self::FAILED, $row->last_error );
		}
		try {
			$why = exclusion_reason( $post );
		} catch ( \Throwable $error ) {
			return self::state( self::FAILED, $error->getMessage() );
		}
		if ( '' !== $why && ( ! $row || 'settled' === $row->state ) ) {
			return self::state( self::EXCLUDED, 'guest' === $why ? self::guest_reason( Guest_Verdict::why_unseen( $post->ID ) ) : self::reason( $why ) );
		}
		if ( $row && 'settled' === $row->state ) {
			return self::state( self::INDEXED, '' );
		}
		if ( ! $row ) {
			return self::state( self::WAITING, __( 'Not queued yet. The next comparison with the sidecar finds it.', 'rag-ask' ) );
		}
		return self::state( self::WAITING, '' === $why ? $row->last_error : __( 'It is being deleted from the index.', 'rag-ask' ) );
	}

	/**
	 * The state of a post, with what the sidecar said last of those that were sent.
	 *
	 * @param \WP_Post       $post The post.
	 * @param \stdClass|null $row  Its outbox row, if it has one.
	 * @return array{state: string, reason: string} The reason may be empty.
	 */
	public static function listed( \WP_Post $post, ?\stdClass $row ): array {
		$state  = self::of( $post, $row );
		$unread = Sidecar_Status::unread()[ $post->ID ] ?? null;
		// A version is a time in microseconds.
		if ( self::INDEXED !== $state['state'] || ! $unread || (int) $row->version >= Sidecar_Status::stored()['checked_at'] * 1_000_000 ) {
			return $state;
		}
		return self::state( 'failed' === $unread['state'] ? self::FAILED : self::EXCLUDED, (string) ( $unread['message'] ?? '' ) );
	}

	/**
	 * The label of a document that is not indexed.
	 *
	 * @param string $state Of the sidecar.
	 */
	public static function document_label( string $state ): string {
		return match ( $state ) {
			'pending' => __( 'Being indexed', 'rag-ask' ),
			'skipped' => __( 'Nothing to index', 'rag-ask' ),
			'failed'  => __( 'Not indexed', 'rag-ask' ),
			default   => __( 'Deleted', 'rag-ask' ),
		};
	}

	/**
	 * The label of each state.
	 *
	 * @return array<string, string>
	 */
	public static function labels(): array {
		return array(
			self::INDEXED  => __( 'Indexed', 'rag-ask' ),
			self::WAITING  => __( 'Waiting', 'rag-ask' ),
			self::FAILED   => __( 'Failed', 'rag-ask' ),
			self::EXCLUDED => __( 'Excluded', 'rag-ask' ),
		);
	}

	private static function reason( string $why ): string {
		return match ( $why ) {
			'status'     => __( 'It is not published.', 'rag-ask' ),
			'password'   => __( 'It has a password.', 'rag-ask' ),
			'type'       => __( 'Its post type is not chosen under Settings > RAG Ask.', 'rag-ask' ),
			'author'     => __( 'It was excluded by hand, in its editor or in the list of documents.', 'rag-ask' ),
			'incomplete' => __( 'Its question or its answer is empty.', 'rag-ask' ),
			'noindex'    => __( 'It is set to noindex.', 'rag-ask' ),
			'posts_page' => __( 'Guests do not see this text: its page shows the list of posts.', 'rag-ask' ),
			'search'     => __( "It is kept out of the site's search.", 'rag-ask' ),
			'parent'     => __( 'A page above it is private or has a password.', 'rag-ask' ),
			'box'        => __( 'It shows only the ask box.', 'rag-ask' ),
			default      => __( 'Another plugin excluded it.', 'rag-ask' ),
		};
	}

	private static function guest_reason( string $why ): string {
		list( $kind, $status ) = explode( ' ', $why ) + array( '', '' );
		return match ( $kind ) {
			'redirect' => __( 'Guests do not see this text: its page leads them to another address.', 'rag-ask' ),
			'login'    => __( 'Guests do not see this text: its page asks them to log in.', 'rag-ask' ),
			/* translators: %s: number of an HTTP status. */
			'status'   => sprintf( __( 'Guests do not see this text: its page answers with HTTP %s.', 'rag-ask' ), $status ),
			default    => __( 'Guests do not see this text: its page shows them another one.', 'rag-ask' ),
		};
	}

	private static function state( string $state, string $reason ): array {
		return array(
			'state'  => $state,
			'reason' => $reason,
		);
	}
}
