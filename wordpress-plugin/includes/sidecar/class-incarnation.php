<?php
/**
 * Incarnation: notices that the index of the sidecar went back to a backup.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * An incarnation is a random id, its generation counts the pushes. Each token tells the sidecar the highest that this site has
 * seen, each answer tells this site what there is.
 */
final class Incarnation {

	public const OPTION = 'rag_ask_incarnation';

	/**
	 * What this site has seen of the index, as claims of a token.
	 *
	 * @param Connection $connection A connection.
	 * @return array{inc: string, gen: int} Empty and 0 before the first answer.
	 */
	public static function seen( Connection $connection ): array {
		$stored = self::stored( $connection );
		return array(
			'inc' => $stored['incarnation'],
			'gen' => $stored['generation'],
		);
	}

	/**
	 * Learn from an answer, and compare at once when the index went back.
	 *
	 * @param Connection $connection The connection in use.
	 * @param array      $seen       What the request said that this site had seen.
	 * @param array      $answer     With incarnation and generation, or without.
	 */
	public static function learn( Connection $connection, array $seen, array $answer ): void {
		$stored = self::stored( $connection );
		// Another process may have learned more since the request was sent.
		if ( ! isset( $answer['incarnation'], $answer['generation'] ) || $stored['incarnation'] !== $seen['inc'] ) {
			return;
		}
		$is_same   = $answer['incarnation'] === $seen['inc'];
		$went_back = '' !== $seen['inc'] && ( ! $is_same || $answer['generation'] < $seen['gen'] );
		$now       = array_merge(
			$stored,
			array(
				'incarnation'  => (string) $answer['incarnation'],
				'generation'   => $is_same && ! $went_back ? max( $stored['generation'], (int) $answer['generation'] ) : (int) $answer['generation'],
				'went_back_at' => $went_back ? time() : $stored['went_back_at'],
			)
		);
		if ( $now !== $stored ) {
			update_option( self::OPTION, $now, false );
		}
		if ( $went_back ) {
			Reconcile::restart();
		}
	}

	/**
	 * When the index was seen to go back; 0 when it did not, or was compared since.
	 */
	public static function went_back_at(): int {
		$connection = Connection::current();
		return $connection ? self::stored( $connection )['went_back_at'] : 0;
	}

	/**
	 * A comparison ended.
	 *
	 * @param int $started_at When it began.
	 */
	public static function compared( int $started_at ): void {
		if ( self::went_back_at() && $started_at >= self::went_back_at() ) {
			update_option( self::OPTION, array( 'went_back_at' => 0 ) + get_option( self::OPTION ), false );
		}
	}

	/**
	 * What is known of a connection.
	 *
	 * @param Connection $connection A connection.
	 * @return array{connection: string, incarnation: string, generation: int, went_back_at: int}
	 */
	private static function stored( Connection $connection ): array {
		$none   = array(
			'connection'   => "$connection->sidecar_url $connection->site_id",
			'incarnation'  => '',
			'generation'   => 0,
			'went_back_at' => 0,
		);
		$stored = (array) get_option( self::OPTION, array() );
		return ( $stored['connection'] ?? '' ) === $none['connection'] ? array_merge( $none, $stored ) : $none;
	}
}
