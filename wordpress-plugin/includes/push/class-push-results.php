<?php
/**
 * Push results: what the sidecar says of each change (tests/contract/push-response.json) -> the outcome of its row.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A change without a result is retried: the sidecar may not have it.
 */
final class Push_Results {

	/**
	 * The outcome of each row. Writes nothing.
	 *
	 * @param array{row: \stdClass, json: string, hash: string}[] $batch   Rows with their changes.
	 * @param array[]                                             $results From the sidecar.
	 * @return Row_Outcome[] In the order of the batch.
	 */
	public static function outcomes( array $batch, array $results ): array {
		$by_key = array();
		foreach ( $results as $result ) {
			$by_key[ ( $result['id'] ?? '' ) . ':' . ( $result['version'] ?? '' ) ] = $result;
		}
		$outcomes = array();
		foreach ( $batch as $sent ) {
			$row        = $sent['row'];
			$outcomes[] = self::outcome( $row, $sent['hash'], $by_key[ $row->object_id . ':' . $row->version ] ?? array() );
		}
		return $outcomes;
	}

	/**
	 * The outcome of one row.
	 *
	 * @param \stdClass $row    A claimed row.
	 * @param string    $hash   Content hash of what was sent.
	 * @param array     $result From the sidecar, empty when it gave none.
	 */
	private static function outcome( \stdClass $row, string $hash, array $result ): Row_Outcome {
		$kind    = $result['result'] ?? '';
		$version = (int) ( $result['current_version'] ?? 0 );
		return match ( true ) {
			'stale' === $kind && $version > $row->version => Row_Outcome::outdated( $version ),
			'accepted' === $kind, 'stale' === $kind       => Row_Outcome::settled( $hash ),
			'rejected' === $kind                          => Row_Outcome::dead( ( $result['code'] ?? 'rejected' ) . ': ' . ( $result['message'] ?? '' ) ),
			default                                       => Row_Outcome::retry( __( 'The sidecar returned no result for this post.', 'rag-ask' ) ),
		};
	}
}
