<?php
/**
 * Expansion: a row about something that posts share, such as a term -> rows of these posts.
 *
 * @package RagAsk
 */

namespace RagAsk;

require_once dirname( __DIR__ ) . '/functions.php';

/**
 * Runs in the background, so that a hook writes one row only; page by page, so that a killed process loses one page only.
 */
final class Expander {

	/** What the id of a row refers to, by type. */
	public const TYPES = array(
		'term'    => 'a term: posts that have it or one of its descendants',
		'user'    => 'an author: posts of this author',
		'pattern' => 'a synced pattern: posts that show it, also through other patterns',
		'media'   => 'an attachment: posts that show it',
		'page'    => 'a page: itself and its descendants',
		'check'   => 'a post, or 0 for all: posts whose content hash is not the one pushed last',
		'site'    => '0: every post, and every post pushed before',
	);

	/** Posts in a page. A check reads each post, so its pages are smaller. */
	private const PAGE       = 500;
	private const PAGE_CHECK = 100;

	/**
	 * Continue an expansion. Records rows of posts; closes nothing.
	 *
	 * @param \stdClass $row      A claimed row.
	 * @param float     $deadline Unix time after which no further page starts.
	 * @return Row_Outcome|null Null when the time is over or the row changed meanwhile.
	 */
	public static function expand( \stdClass $row, float $deadline ): ?Row_Outcome {
		if ( $row->attempts > Lease::MAX_ATTEMPTS ) {
			return Row_Outcome::dead( __( 'PHP stopped each time while the posts of this change were looked up. Look into the PHP error log.', 'rag-ask' ) );
		}
		try {
			while ( microtime( true ) <= $deadline ) {
				$post_ids = self::page( $row );
				if ( ! $post_ids ) {
					return Row_Outcome::expanded();
				}
				if ( ! self::record( $row, $post_ids ) ) {
					return Row_Outcome::retry( __( 'The database stored no rows. Look into the PHP error log.', 'rag-ask' ) );
				}
				if ( ! Lease::advance( $row, end( $post_ids ) ) ) {
					return null;
				}
			}
		} catch ( \Throwable $error ) {
			return Row_Outcome::retry( $error->getMessage() );
		}
		return null;
	}

	private static function record( \stdClass $row, array $post_ids ): bool {
		$priority = 'site' === $row->object_type || 0 === $row->object_id ? Outbox::SCAN : Outbox::LIVE;
		return Outbox::record( 'check' === $row->object_type ? self::changed( $post_ids ) : $post_ids, 'post', $priority );
	}

	/**
	 * The next page of posts that a row stands for.
	 *
	 * @param \stdClass $row A claimed row.
	 * @return int[]
	 */
	private static function page( \stdClass $row ): array {
		if ( 'check' === $row->object_type && $row->object_id ) {
			return $row->cursor_id < $row->object_id ? array( $row->object_id ) : array();
		}
		$types = Settings::pushed_types();
		if ( 0 === $row->object_id ) {
			$limit    = 'check' === $row->object_type ? self::PAGE_CHECK : self::PAGE;
			$post_ids = array_unique( array( ...Content_Scan::page( $row->cursor_id, $types, $limit ), ...Outbox::page( $row->cursor_id, $limit ) ) );
			sort( $post_ids );
			return array_slice( $post_ids, 0, $limit );
		}
		return Content_Scan::page( $row->cursor_id, $types, self::PAGE, self::condition( $row->object_type, $row->object_id ) );
	}

	/**
	 * An SQL condition on the posts table, aliased p.
	 *
	 * @param string $type One of TYPES.
	 * @param int    $id   What the row refers to.
	 * @throws \UnexpectedValueException When the type is none of TYPES.
	 */
	private static function condition( string $type, int $id ): string {
		return match ( $type ) {
			'term'    => Post_Relations::of_term( $id ),
			'user'    => Post_Relations::of_author( $id ),
			'pattern' => Post_Relations::of_pattern( $id ),
			'media'   => Post_Relations::of_attachment( $id ),
			'page'    => Post_Relations::below_page( $id ),
			default   => throw new \UnexpectedValueException( esc_html( "Unknown type of an outbox row: $type." ) ),
		};
	}

	/**
	 * The posts whose content hash differs from the one pushed last, or of which a guest's page has to be asked for.
	 *
	 * @param int[] $post_ids A page.
	 * @return int[]
	 */
	private static function changed( array $post_ids ): array {
		_prime_post_caches( $post_ids );
		return array_filter(
			$post_ids,
			static function ( int $post_id ) {
				$row = Outbox::find( $post_id );
				if ( $row && 'settled' !== $row->state ) {
					return false; // Already queued, or a dead letter.
				}
				return expected_hash( $post_id ) !== ( $row->hash ?? '' ) || is_guest_check_due( $post_id );
			}
		);
	}
}
