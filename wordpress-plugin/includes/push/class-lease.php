<?php
/**
 * Leases on outbox rows: claim, extend, close.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Every statement names the row's version and lease, so it changes nothing once the post has changed again.
 */
final class Lease {

	public const MAX_ATTEMPTS = 8;

	private const LEASE_S              = 120;
	private const MAX_ERROR_CHARACTERS = 500;
	private const WHERE_CLAIMED        = ' WHERE object_type = %s AND object_id = %d AND version = %d AND lease_id = %s';

	/**
	 * Claim due rows: edits before scans, the newest first. A row whose process died comes last and alone, because it may be
	 * the row that kills PHP.
	 *
	 * @param int $limit Maximum number of rows.
	 * @return \stdClass[] As in the table; attempts includes this one.
	 * @throws Unwritten When the database stores nothing.
	 */
	public static function claim( int $limit ): array {
		$lease = bin2hex( random_bytes( 16 ) );
		$claim = 'UPDATE ' . Outbox::table() . " SET lease_id = %s, leased_until = %d, attempts = attempts + 1 WHERE state = 'waiting' AND ";
		$until = time() + self::LEASE_S;
		$count = Database::query( $claim . "lease_id = '' AND next_attempt_at <= %d ORDER BY priority, next_attempt_at DESC LIMIT %d", $lease, $until, time(), $limit );
		if ( 0 === $count ) {
			$count = Database::query( $claim . "lease_id <> '' AND leased_until < %d ORDER BY leased_until LIMIT 1", $lease, $until, time() );
		}
		if ( false === $count ) {
			throw new Unwritten();
		}
		return $count ? Database::rows( 'SELECT * FROM ' . Outbox::table() . ' WHERE lease_id = %s ORDER BY priority, object_id', $lease ) : array();
	}

	/**
	 * Save the cursor of an expansion and extend its lease.
	 *
	 * @param \stdClass $row       A claimed row.
	 * @param int       $cursor_id Last post id that was recorded.
	 * @return bool False when the row changed meanwhile.
	 */
	public static function advance( \stdClass $row, int $cursor_id ): bool {
		$row->cursor_id = $cursor_id;
		$sql            = 'UPDATE ' . Outbox::table() . ' SET cursor_id = %d, leased_until = %d' . self::WHERE_CLAIMED;
		return 1 === Database::query( $sql, $cursor_id, time() + self::LEASE_S, ...self::key( $row ) );
	}

	/**
	 * Write the outcome of a claimed row. The only place that ends a claim, besides release().
	 *
	 * @param \stdClass   $row     A claimed row.
	 * @param Row_Outcome $outcome What became of it.
	 * @return Row_Outcome As written: a dead letter when a retry has no attempt left.
	 * @throws Unwritten When the database stores nothing.
	 */
	public static function close( \stdClass $row, Row_Outcome $outcome ): Row_Outcome {
		$outcome    = $row->attempts < self::MAX_ATTEMPTS ? $outcome : $outcome->without_attempts_left();
		$is_written = self::write( $row, $outcome, mb_substr( $outcome->reason, 0, self::MAX_ERROR_CHARACTERS ) )
			// The reason holds characters that the table does not take, such as an emoji of another plugin in a table of utf8.
			|| self::write( $row, $outcome, (string) preg_replace( '/[^\x20-\x7e]+/', '?', substr( $outcome->reason, 0, self::MAX_ERROR_CHARACTERS ) ) );
		if ( ! $is_written ) {
			throw new Unwritten();
		}
		return $outcome;
	}

	private static function write( \stdClass $row, Row_Outcome $outcome, string $reason ): bool {
		$changed = match ( $outcome->kind ) {
			Row_Outcome::SETTLED   => self::update( $row, "state = 'settled', attempts = 0, last_error = '', hash = %s", $outcome->hash ),
			// The version of an expansion means nothing to the sidecar, so the row need not stay.
			Row_Outcome::EXPANDED  => Database::query( 'DELETE FROM ' . Outbox::table() . self::WHERE_CLAIMED, ...self::key( $row ) ),
			Row_Outcome::RETRY     => self::update( $row, 'next_attempt_at = %d, last_error = %s', time() + Backoff::delay_s( $row->attempts ), $reason ),
			Row_Outcome::DEAD      => self::update( $row, "state = 'dead', last_error = %s", $reason ),
			Row_Outcome::POSTPONED => self::update( $row, 'attempts = %d, next_attempt_at = %d, last_error = %s', $row->attempts - 1, time() + $outcome->delay_s, $reason ),
			Row_Outcome::OUTDATED  => self::update( $row, 'version = %d, next_attempt_at = %d', $outcome->version + 1, time() ),
		};
		return false !== $changed;
	}

	/**
	 * Give back the rows of a claim that have no outcome yet; the attempt does not count.
	 *
	 * @param string $lease_id Of the claimed rows.
	 */
	public static function release( string $lease_id ): void {
		Database::query( 'UPDATE ' . Outbox::table() . " SET attempts = attempts - 1, leased_until = 0, lease_id = '' WHERE lease_id = %s", $lease_id );
	}

	/**
	 * Change a claimed row and end its lease.
	 *
	 * @param \stdClass  $row       A claimed row.
	 * @param string     $set       Assignments with placeholders.
	 * @param int|string ...$values For the placeholders.
	 */
	private static function update( \stdClass $row, string $set, int|string ...$values ): int|false {
		$sql = 'UPDATE ' . Outbox::table() . " SET $set, leased_until = 0, lease_id = ''" . self::WHERE_CLAIMED;
		return Database::query( $sql, ...array( ...$values, ...self::key( $row ) ) );
	}

	private static function key( \stdClass $row ): array {
		return array( $row->object_type, $row->object_id, $row->version, $row->lease_id );
	}
}
