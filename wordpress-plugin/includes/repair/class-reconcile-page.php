<?php
/**
 * Reconcile page: the posts that should be indexed between two ids, compared with the sidecar.
 *
 * @package RagAsk
 */

namespace RagAsk;

require_once dirname( __DIR__ ) . '/functions.php';

/**
 * A waiting row or a dead letter is no drift: it is known and shown elsewhere.
 */
final class Reconcile_Page {

	private const KINDS = array( 'missing', 'stale', 'extra' );

	/**
	 * Use read().
	 *
	 * @param int      $after     The page has the ids above this one.
	 * @param int|null $until     Last id of the page; null for the last page.
	 * @param array[]  $documents id, version and hash of each post that should be indexed.
	 */
	private function __construct( public readonly int $after, public readonly ?int $until, public readonly array $documents ) {}

	/**
	 * Read the posts above an id.
	 *
	 * @param int $after_id Last id of the previous page.
	 * @param int $limit    Maximum number of posts.
	 */
	public static function read( int $after_id, int $limit ): self {
		$post_ids = Content_Scan::page( $after_id, array( ...Settings::pushed_types(), 'attachment' ), $limit );
		_prime_post_caches( $post_ids );
		$rows      = Outbox_View::rows_of( $post_ids );
		$documents = array();
		foreach ( $post_ids as $post_id ) {
			$hash = self::hash_of( $post_id );
			if ( '' !== $hash ) {
				$documents[] = array(
					'id'      => $post_id,
					'version' => (int) ( $rows[ $post_id ]->version ?? 0 ),
					'hash'    => $hash,
				);
			}
		}
		foreach ( $post_ids as $post_id ) {
			// Frees memory: a site may have 50,000 posts.
			wp_cache_delete( $post_id, 'posts' );
			wp_cache_delete( $post_id, 'post_meta' );
		}
		return new self( $after_id, count( $post_ids ) === $limit ? end( $post_ids ) : null, $documents );
	}

	/**
	 * The request body.
	 */
	public function body(): string {
		return (string) wp_json_encode(
			array(
				'after'     => $this->after,
				'until'     => $this->until,
				'documents' => $this->documents,
			)
		);
	}

	/**
	 * Queue the posts that differ.
	 *
	 * @param array $answer Answer of the sidecar.
	 * @return array{missing: int, stale: int, extra: int, failed: int} Number of queued posts, and of those that failed.
	 */
	public function repair( array $answer ): array {
		$found = array();
		foreach ( self::KINDS as $kind ) {
			$found[ $kind ] = array_column( (array) ( $answer[ $kind ] ?? array() ), 'version', 'id' );
		}
		$rows  = Outbox_View::rows_of( array_keys( array_replace( ...array_values( $found ) ) ) );
		$known = array_column( $this->documents, 'version', 'id' );
		$drift = array();
		foreach ( $found as $kind => $versions ) {
			foreach ( $versions as $post_id => $version ) {
				$row        = $rows[ $post_id ] ?? null;
				$has_moved  = $row && isset( $known[ $post_id ] ) && $row->version !== $known[ $post_id ];
				$is_handled = $row && 'settled' !== $row->state;
				if ( ! $has_moved && ! $is_handled ) {
					$drift[ $kind ][ $post_id ] = (int) $version;
				}
			}
		}
		$queued = $drift ? array_replace( ...array_values( $drift ) ) : array();
		Outbox::record_above( $queued );
		// As published, but the sidecar could not index it: another push changes nothing.
		return array( 'failed' => count( (array) ( $answer['failed'] ?? array() ) ) ) + array_map( 'count', $drift );
	}

	/**
	 * The content hash of a post, empty when it should not be indexed or another plugin's filter fails.
	 *
	 * @param int $post_id The post.
	 */
	private static function hash_of( int $post_id ): string {
		try {
			return expected_hash( $post_id );
		} catch ( \Throwable $error ) {
			// The pusher fails on it too, and shows the reason to the site owner.
			Outbox::record( array( $post_id ) );
			return '';
		}
	}
}
