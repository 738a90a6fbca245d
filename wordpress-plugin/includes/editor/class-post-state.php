<?php
/**
 * Where one post stands, as its editors see it.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Known from the post and its outbox row alone; the sidecar is not asked.
 */
final class Post_State {

	public const INDEXED  = 'indexed';
	public const WAITING  = 'waiting';
	public const GIVEN_UP = 'given_up';
	public const LEFT_OUT = 'left_out';

	/**
	 * The state of a post.
	 *
	 * @param \WP_Post       $post The post.
	 * @param \stdClass|null $row  Its outbox row, if it has one.
	 * @return array{state: string, reason: string} The reason may be empty.
	 */
	public static function of( \WP_Post $post, ?\stdClass $row ): array {
		if ( $row && 'dead' === $row->state ) {
			return self::state( self::GIVEN_UP, $row->last_error );
		}
		try {
			$why = why_left_out( $post );
		} catch ( \Throwable $error ) {
			return self::state( self::GIVEN_UP, $error->getMessage() );
		}
		if ( '' !== $why && ( ! $row || 'settled' === $row->state ) ) {
			return self::state( self::LEFT_OUT, self::reason( $why ) );
		}
		if ( $row && 'settled' === $row->state ) {
			return self::state( self::INDEXED, '' );
		}
		if ( ! $row ) {
			return self::state( self::WAITING, __( 'Not noted yet. The next comparison with the sidecar finds it.', 'rag-ask' ) );
		}
		return self::state( self::WAITING, '' === $why ? $row->last_error : __( 'It is being withdrawn.', 'rag-ask' ) );
	}

	/**
	 * The states in words.
	 *
	 * @return array<string, string>
	 */
	public static function labels(): array {
		return array(
			self::INDEXED  => __( 'Indexed', 'rag-ask' ),
			self::WAITING  => __( 'Waiting', 'rag-ask' ),
			self::GIVEN_UP => __( 'Given up', 'rag-ask' ),
			self::LEFT_OUT => __( 'Left out', 'rag-ask' ),
		);
	}

	private static function reason( string $why ): string {
		return match ( $why ) {
			'status'   => __( 'It is not published.', 'rag-ask' ),
			'password' => __( 'It has a password.', 'rag-ask' ),
			'type'     => __( 'Its post type is not chosen under Settings > RAG Ask.', 'rag-ask' ),
			'excluded' => __( 'Its author excluded it.', 'rag-ask' ),
			'noindex'  => __( 'It is hidden from search engines.', 'rag-ask' ),
			default    => __( 'Another plugin left it out.', 'rag-ask' ),
		};
	}

	private static function state( string $state, string $reason ): array {
		return compact( 'state', 'reason' );
	}
}
