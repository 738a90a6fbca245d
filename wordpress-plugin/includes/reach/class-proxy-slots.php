<?php
/**
 * Proxy slots: how many answers pass through WordPress at a time.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Each answer holds a PHP process while it streams. A slot is a locked file: the system frees it however the process ends.
 */
final class Proxy_Slots {

	/**
	 * Locked files, which stay open until the request ends.
	 *
	 * @var resource[]
	 */
	private static array $held = array();

	/**
	 * Take a slot without waiting.
	 *
	 * @param string $kind What the slot is for.
	 * @param int    $most How many there are of that kind.
	 * @return string Empty, or the code of what is wrong: busy, no_temp_folder.
	 */
	public static function take( string $kind, int $most ): string {
		$is_open = false;
		for ( $number = 0; $number < $most; $number++ ) {
			// phpcs:ignore WordPress.WP.AlternativeFunctions, WordPress.PHP.NoSilencedErrors, Generic.PHP.NoSilencedErrors -- WP_Filesystem knows no locks; the error is told below.
			$file = @fopen( self::path( "$kind-$number" ), 'c' );
			if ( $file && flock( $file, LOCK_EX | LOCK_NB ) ) {
				self::$held[] = $file;
				return '';
			}
			$is_open = $is_open || $file;
		}
		return $is_open ? 'busy' : 'no_temp_folder';
	}

	/**
	 * Free what this request took, before it ends.
	 */
	public static function free(): void {
		// phpcs:ignore WordPress.WP.AlternativeFunctions -- as above.
		array_map( 'fclose', self::$held );
		self::$held = array();
	}

	/**
	 * A name that others on the same server cannot guess.
	 *
	 * @param string $slot Name of the slot.
	 */
	private static function path( string $slot ): string {
		return get_temp_dir() . 'rag-ask-' . substr( wp_hash( ABSPATH . $slot ), 0, 16 ) . '.lock';
	}
}
