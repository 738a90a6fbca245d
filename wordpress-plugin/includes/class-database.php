<?php
/**
 * The database, asked without an error ever reaching the page.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A post that is being saved comes first: what fails here goes to PHP's log.
 */
final class Database {

	/** Columns of the outbox that hold numbers; the database gives text. */
	private const NUMBERS = array( 'object_id', 'version', 'priority', 'attempts', 'next_attempt_at', 'leased_until', 'cursor_id' );

	/**
	 * Run a statement.
	 *
	 * @param string $sql       With placeholders.
	 * @param mixed  ...$values For the placeholders.
	 * @return int|false Rows touched, or false when it failed.
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

	private static function ask( string $method, string $sql, array $values ) {
		global $wpdb;
		$was_quiet = $wpdb->suppress_errors( true );
		try {
			$result = $wpdb->$method( $values ? $wpdb->prepare( $sql, ...$values ) : $sql ); // phpcs:ignore WordPress.DB -- the tables' owners write the SQL.
			if ( '' !== $wpdb->last_error ) {
				Log::error( 'the database said: ' . $wpdb->last_error );
			}
			return $result;
		} finally {
			$wpdb->suppress_errors( $was_quiet );
		}
	}
}
