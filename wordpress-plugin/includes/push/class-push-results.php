<?php
/**
 * Settled rows: what the sidecar said of each change (tests/contract/push-response.json) -> how its row ends.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A change without a result is tried again: the sidecar may not have it.
 */
final class Push_Results {

	/**
	 * Close each row by its own result.
	 *
	 * @param array[] $batch   Rows with their changes.
	 * @param array[] $results From the sidecar.
	 * @param array   $report  Counts, added to.
	 */
	public static function close( array $batch, array $results, array &$report ): void {
		$by_key = array();
		foreach ( $results as $result ) {
			$by_key[ ( $result['id'] ?? '' ) . ':' . ( $result['version'] ?? '' ) ] = $result;
		}
		foreach ( $batch as $sent ) {
			$row    = $sent['row'];
			$ending = self::close_row( $row, $sent['hash'], $by_key[ $row->object_id . ':' . $row->version ] ?? array() );
			if ( '' !== $ending ) {
				++$report[ $ending ];
			}
		}
	}

	/**
	 * Close one row.
	 *
	 * @param \stdClass $row    A claimed row.
	 * @param string    $hash   Fingerprint of what was sent.
	 * @param array     $result From the sidecar, empty when it said nothing.
	 * @return string 'settled', 'failed', or '' when the row goes on at once.
	 */
	private static function close_row( \stdClass $row, string $hash, array $result ): string {
		$kind = $result['result'] ?? '';
		if ( 'stale' === $kind && (int) ( $result['current_version'] ?? 0 ) > $row->version ) {
			Lease::overtake( $row, (int) $result['current_version'] );
			return $row->attempts >= Lease::MAX_ATTEMPTS ? 'failed' : '';
		}
		if ( 'accepted' === $kind || 'stale' === $kind ) {
			Lease::settle( $row, $hash );
			return 'settled';
		}
		if ( 'rejected' === $kind ) {
			Lease::bury( $row, ( $result['code'] ?? 'rejected' ) . ': ' . ( $result['message'] ?? '' ) );
		} else {
			Lease::fail( $row, __( 'The sidecar did not say what became of this post.', 'rag-ask' ) );
		}
		return 'failed';
	}
}
