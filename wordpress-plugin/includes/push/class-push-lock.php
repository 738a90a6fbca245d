<?php
/**
 * Push lock: one pusher at a time.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A row of the options table that only one process can insert, or take over after it expired.
 *
 * The value holds the Unix time of expiry and a random owner. Times of ten digits compare correctly as text.
 */
final class Push_Lock {

	public const OPTION = 'rag_ask_push_lock';

	private const LIFE_S = 120;

	/**
	 * The value of this process, empty while it does not hold the lock.
	 *
	 * @var string
	 */
	private static string $mine = '';

	/**
	 * Acquire the lock without waiting.
	 */
	public static function acquire(): bool {
		global $wpdb;
		self::$mine = self::fresh();
		// The option functions go through a cache, which cannot tell two processes apart.
		$inserted   = Database::query(
			"INSERT IGNORE INTO {$wpdb->options} (option_name, option_value, autoload) VALUES (%s, %s, 'off')",
			self::OPTION,
			self::$mine
		);
		$is_taken   = 1 === $inserted || 1 === Database::query(
			"UPDATE {$wpdb->options} SET option_value = %s WHERE option_name = %s AND option_value < %s",
			self::$mine,
			self::OPTION,
			(string) time()
		);
		self::$mine = $is_taken ? self::$mine : '';
		return $is_taken;
	}

	/**
	 * Extend the lock.
	 *
	 * @return bool False when another process has taken it over.
	 */
	public static function renew(): bool {
		global $wpdb;
		$fresh      = self::fresh();
		$is_on      = 1 === Database::query(
			"UPDATE {$wpdb->options} SET option_value = %s WHERE option_name = %s AND option_value = %s",
			$fresh,
			self::OPTION,
			self::$mine
		);
		self::$mine = $is_on ? $fresh : '';
		return $is_on;
	}

	/**
	 * Release the lock.
	 */
	public static function release(): void {
		global $wpdb;
		Database::query( "DELETE FROM {$wpdb->options} WHERE option_name = %s AND option_value = %s", self::OPTION, self::$mine );
		self::$mine = '';
	}

	private static function fresh(): string {
		return ( time() + self::LIFE_S ) . ' ' . bin2hex( random_bytes( 8 ) );
	}
}
