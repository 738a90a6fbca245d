<?php
/**
 * Stored copy: an answer of the sidecar, kept in an option for the screens.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Questions and titles hold any characters. A table of utf8 takes no emoji, and a host limits the size of a statement.
 */
final class Stored_Copy {

	/**
	 * Store a copy. When the database does not take it, store the reason in its place.
	 *
	 * @param string $option Name of the option.
	 * @param array  $copy   With `error`, the message of the last attempt, and `code`.
	 * @param array  $none   The same without what came from the sidecar.
	 */
	public static function keep( string $option, array $copy, array $none ): void {
		if ( update_option( $option, $copy, false ) || get_option( $option ) === $copy ) {
			return;
		}
		$reason = array(
			'code'  => 'unstored',
			'error' => __( 'The database of WordPress did not store the answer of the sidecar. Convert the options table to utf8mb4, and ask your host whether the disk is full or statements are limited (max_allowed_packet).', 'rag-ask' ),
		);
		if ( ! update_option( $option, $reason + $none, false ) ) {
			Log::error( $option . ': ' . $reason['error'] );
		}
	}
}
