<?php
/**
 * Claimed outbox rows: who holds them, and how a claim ends.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Every ending names version and lease, so it touches nothing once the post has changed again.
 */
final class Lease {

	public const MAX_ATTEMPTS = 8;

	private const LEASE_S       = 120;
	private const MAX_BACKOFF_S = 3600;
	private const MAX_ERROR     = 500;
	private const MINE          = ' WHERE object_type = %s AND object_id = %d AND version = %d AND lease_id = %s';

	/**
	 * Lease due rows: edits before scans, and the newest first. A row whose holder died comes last and alone: it may be the
	 * one that kills.
	 *
	 * @param int $limit Most rows to lease.
	 * @return \stdClass[] As in the table; attempts includes this one.
	 */
	public static function claim( int $limit ): array {
		$lease = bin2hex( random_bytes( 16 ) );
		$take  = 'UPDATE ' . Outbox::table() . " SET lease_id = %s, leased_until = %d, attempts = attempts + 1 WHERE state = 'waiting' AND ";
		$until = time() + self::LEASE_S;
		$count = Database::query( $take . "lease_id = '' AND next_attempt_at <= %d ORDER BY priority, next_attempt_at DESC LIMIT %d", $lease, $until, time(), $limit );
		if ( 0 === $count ) {
			$count = Database::query( $take . "lease_id <> '' AND leased_until < %d ORDER BY leased_until LIMIT 1", $lease, $until, time() );
		}
		return $count ? Database::rows( 'SELECT * FROM ' . Outbox::table() . ' WHERE lease_id = %s ORDER BY priority, object_id', $lease ) : array();
	}

	/**
	 * The sidecar has this version or a newer one. A row that changed meanwhile goes on waiting.
	 *
	 * @param \stdClass $row  A claimed row.
	 * @param string    $hash Fingerprint of what was pushed, empty for a delete.
	 */
	public static function settle( \stdClass $row, string $hash = '' ): void {
		self::close( $row, "state = 'settled', attempts = 0, last_error = '', hash = %s", $hash );
	}

	/**
	 * The sidecar has a version that this site never gave, as after a restored backup: go on above it.
	 *
	 * @param \stdClass $row             A claimed row.
	 * @param int       $current_version What the sidecar has.
	 */
	public static function overtake( \stdClass $row, int $current_version ): void {
		if ( $row->attempts >= self::MAX_ATTEMPTS ) {
			self::bury( $row, __( 'The sidecar has a newer version of this post each time. See that no other copy of this site pushes to it.', 'rag-ask' ) );
			return;
		}
		self::close( $row, 'version = %d, next_attempt_at = %d', $current_version + 1, time() );
	}

	/**
	 * An expansion got this far; it may take as long again.
	 *
	 * @param \stdClass $row       A claimed row.
	 * @param int       $cursor_id Last id that was recorded.
	 * @return bool False when the row changed meanwhile.
	 */
	public static function advance( \stdClass $row, int $cursor_id ): bool {
		$row->cursor_id = $cursor_id;
		$sql            = 'UPDATE ' . Outbox::table() . ' SET cursor_id = %d, leased_until = %d' . self::MINE;
		return 1 === Database::query( $sql, $cursor_id, time() + self::LEASE_S, ...self::key( $row ) );
	}

	/**
	 * An expansion is complete. Its version means nothing to the sidecar, so nothing of it is kept.
	 *
	 * @param \stdClass $row A claimed row.
	 */
	public static function finish( \stdClass $row ): void {
		Database::query( 'DELETE FROM ' . Outbox::table() . self::MINE, ...self::key( $row ) );
	}

	/**
	 * This row failed by itself: later again, dead after MAX_ATTEMPTS.
	 *
	 * @param \stdClass $row    A claimed row.
	 * @param string    $reason Shown to the site owner.
	 */
	public static function fail( \stdClass $row, string $reason ): void {
		if ( $row->attempts >= self::MAX_ATTEMPTS ) {
			self::bury( $row, $reason );
			return;
		}
		self::close( $row, 'next_attempt_at = %d, last_error = %s', time() + self::backoff_s( $row->attempts ), self::cut( $reason ) );
	}

	/**
	 * Trying again cannot help; kept and shown until the post is saved or the site owner asks for another try.
	 *
	 * @param \stdClass $row    A claimed row.
	 * @param string    $reason Shown to the site owner.
	 */
	public static function bury( \stdClass $row, string $reason ): void {
		self::close( $row, "state = 'dead', last_error = %s", self::cut( $reason ) );
	}

	/**
	 * It was not this row's fault (the sidecar is down): later again, and the attempt does not count.
	 *
	 * @param \stdClass $row     A claimed row.
	 * @param int       $delay_s Seconds from now.
	 * @param string    $reason  Shown to the site owner.
	 */
	public static function postpone( \stdClass $row, int $delay_s, string $reason ): void {
		self::close( $row, 'attempts = %d, next_attempt_at = %d, last_error = %s', $row->attempts - 1, time() + $delay_s, self::cut( $reason ) );
	}

	/**
	 * Give back what is left of a claim, untried.
	 *
	 * @param string $lease_id From a claimed row.
	 */
	public static function release( string $lease_id ): void {
		Database::query( 'UPDATE ' . Outbox::table() . " SET attempts = attempts - 1, leased_until = 0, lease_id = '' WHERE lease_id = %s", $lease_id );
	}

	/**
	 * Exponential, with jitter so that sites do not come back to a sidecar in step.
	 *
	 * @param int $attempts Failures so far, at least one.
	 */
	public static function backoff_s( int $attempts ): int {
		$longest = min( self::MAX_BACKOFF_S, 15 * 2 ** min( 16, $attempts - 1 ) );
		return random_int( intdiv( $longest, 2 ), $longest );
	}

	private static function close( \stdClass $row, string $set, ...$values ): void {
		$sql = 'UPDATE ' . Outbox::table() . " SET $set, leased_until = 0, lease_id = ''" . self::MINE;
		Database::query( $sql, ...array( ...$values, ...self::key( $row ) ) );
	}

	private static function key( \stdClass $row ): array {
		return array( $row->object_type, $row->object_id, $row->version, $row->lease_id );
	}

	private static function cut( string $text ): string {
		return mb_substr( $text, 0, self::MAX_ERROR );
	}
}
