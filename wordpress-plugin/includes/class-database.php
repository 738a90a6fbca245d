<?php
/**
 * Database access that logs errors and never prints them.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Saving a post must not fail because of this plugin.
 */
final class Database {

	/** Integer columns of the outbox; the database returns strings. */
	private const NUMBERS = array( 'object_id', 'version', 'priority', 'attempts', 'next_attempt_at', 'leased_until', 'cursor_id' );

	/**
	 * Run a statement.
	 *
	 * @param string $sql       With placeholders.
	 * @param mixed  ...$values For the placeholders.
	 * @return int|false Affected rows, or false on failure.
	 */
	public static function query( string $sql, ...$values ): int|false {
		$result = self::ask( 'query', $sql, $values );
		return false === $result ? false : (int) $result;
	}

	/**
	 * Read rows of the outbox.
	 *
	 * @param string $sql       With placeholders.
	 * @param mixed  ...$values For the placeholders.
	 * @return \stdClass[]
	 */
	public static function rows( string $sql, ...$values ): array {
		$rows = (array) self::ask( 'get_results', $sql, $values );
		foreach ( $rows as $row ) {
			foreach ( array_intersect( self::NUMBERS, array_keys( (array) $row ) ) as $column ) {
				$row->$column = (int) $row->$column;
			}
		}
		return $rows;
	}

	/**
	 * Read one value.
	 *
	 * @param string $sql       With placeholders.
	 * @param mixed  ...$values For the placeholders.
	 */
	public static function value( string $sql, ...$values ): ?string {
		return self::ask( 'get_var', $sql, $values );
	}

	/**
	 * Read one column.
	 *
	 * @param string $sql       With placeholders.
	 * @param mixed  ...$values For the placeholders.
	 * @return string[]
	 */
	public static function column( string $sql, ...$values ): array {
		return array_map( 'strval', (array) self::ask( 'get_col', $sql, $values ) );
	}

	/**
	 * Read ids.
	 *
	 * @param string $sql       With placeholders.
	 * @param mixed  ...$values For the placeholders.
	 * @return int[]
	 */
	public static function ids( string $sql, ...$values ): array {
		return array_map( 'intval', self::column( $sql, ...$values ) );
	}

	/**
	 * Call a method of $wpdb without printing its errors.
	 *
	 * @param string  $method Name of the method.
	 * @param string  $sql    With placeholders.
	 * @param mixed[] $values For the placeholders.
	 * @return mixed
	 */
	private static function ask( string $method, string $sql, array $values ) {
		global $wpdb;
		$was_quiet = $wpdb->suppress_errors( true );
		try {
			$result = $wpdb->$method( $values ? $wpdb->prepare( $sql, ...$values ) : $sql ); // phpcs:ignore WordPress.DB.PreparedSQL -- the callers write the SQL; values are placeholders or come from Content_Scan::in().
			if ( '' !== $wpdb->last_error ) {
				Log::error( 'database error: ' . $wpdb->last_error );
			}
			return $result;
		} finally {
			$wpdb->suppress_errors( $was_quiet );
		}
	}
}
