<?php
/**
 * Question groups: the questions of the stored report, as the owner put them aside and together.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A question is known by a hash of its words, because the sidecar's groups come and go with what is asked.
 */
final class Question_Groups {

	/** Questions that the owner put aside: time by key. */
	public const DISMISSED = 'rag_ask_dismissed';

	/** Questions that the owner merged into another one: that question by key. */
	public const MERGED = 'rag_ask_merged';

	private const KINDS        = array( 'gaps', 'rated_down' );
	private const MAX_KEPT     = 500;
	private const MAX_WORDINGS = 20;

	/**
	 * The valid groups of a kind that are not put aside. One that was asked again since comes back.
	 *
	 * @param array  $insights The report.
	 * @param string $kind     'gaps', 'rated_down' or 'top'.
	 * @return array[]
	 */
	public static function of( array $insights, string $kind ): array {
		$dismissed = (array) get_option( self::DISMISSED, array() );
		$groups    = array_filter( (array) ( $insights[ $kind ] ?? array() ), static fn( $group ) => is_array( $group ) && is_string( $group['question'] ?? null ) );
		$is_shown  = static fn( array $group ): bool => 'top' === $kind || self::asked_at( $group ) > (int) ( $dismissed[ self::key( $group['question'] ) ] ?? -1 );
		return self::merged( array_values( array_filter( $groups, $is_shown ) ) );
	}

	/**
	 * Put questions aside until they are asked again.
	 *
	 * @param string[] $keys Keys of questions.
	 * @return int How many were in the list.
	 */
	public static function dismiss( array $keys ): int {
		$dismissed = array();
		$groups    = self::listed( $keys );
		foreach ( $groups as $group ) {
			foreach ( array( $group['question'], ...self::wordings( $group ) ) as $question ) {
				$dismissed[ self::key( $question ) ] = self::asked_at( $group );
			}
		}
		if ( $dismissed ) {
			self::keep( self::DISMISSED, $dismissed );
		}
		return count( $groups );
	}

	/**
	 * Show several questions of a list as one, the most asked of them.
	 *
	 * @param string[] $keys Keys of questions.
	 */
	public static function merge( array $keys ): bool {
		$insights = Insights::stored()['insights'];
		$from     = array();
		foreach ( self::KINDS as $kind ) {
			$from += self::into_one( self::with( self::of( $insights, $kind ), $keys ) );
		}
		if ( $from ) {
			self::keep( self::MERGED, $from );
		}
		return array() !== $from;
	}

	/**
	 * What leads to the most asked of these questions.
	 *
	 * @param array[] $groups Of one kind.
	 * @return array<string, string> That question by the key of another.
	 */
	private static function into_one( array $groups ): array {
		usort( $groups, static fn( array $one, array $other ): int => $other['count'] <=> $one['count'] );
		$into = array_shift( $groups )['question'] ?? '';
		$from = array();
		foreach ( $groups as $group ) {
			foreach ( array( $group['question'], ...self::wordings( $group ) ) as $question ) {
				$from[ self::key( $question ) ] = $into;
			}
		}
		// The one that is left may have been merged before, and must not lead back.
		return array_diff_key( $from, array( self::key( $into ) => '' ) );
	}

	/**
	 * Show what the owner merged apart again.
	 *
	 * @param string $key Key of the question that is shown.
	 */
	public static function split( string $key ): bool {
		$merged = (array) get_option( self::MERGED, array() );
		$left   = array_filter( $merged, static fn( $into ) => self::key( (string) $into ) !== $key );
		return $left !== $merged && update_option( self::MERGED, $left, false );
	}

	/**
	 * The group of a question; null when the report has it no longer.
	 *
	 * @param string $key Key of the question.
	 */
	public static function find( string $key ): ?array {
		return self::listed( array( $key ) )[0] ?? null;
	}

	/**
	 * Key of a question.
	 *
	 * @param string $question Its words.
	 */
	public static function key( string $question ): string {
		return substr( md5( mb_strtolower( trim( $question ) ) ), 0, 16 );
	}

	/**
	 * The other wordings of a group.
	 *
	 * @param array $group From the sidecar.
	 * @return string[]
	 */
	public static function wordings( array $group ): array {
		return array_values( array_filter( (array) ( $group['examples'] ?? array() ), 'is_string' ) );
	}

	/**
	 * What visitors said of the answers of a group, the newest of a wording first.
	 *
	 * @param array $group From the sidecar.
	 * @return string[]
	 */
	public static function comments( array $group ): array {
		return array_values( array_filter( (array) ( $group['comments'] ?? array() ), 'is_string' ) );
	}

	/**
	 * When a question was asked last.
	 *
	 * @param array $group From the sidecar.
	 */
	public static function asked_at( array $group ): int {
		return (int) strtotime( (string) ( $group['last_asked_at'] ?? '' ) );
	}

	/**
	 * Groups that can be put aside and together.
	 *
	 * @param string[] $keys Keys of questions.
	 * @return array[]
	 */
	private static function listed( array $keys ): array {
		$insights = Insights::stored()['insights'];
		$groups   = array_merge( ...array_map( static fn( string $kind ): array => self::of( $insights, $kind ), self::KINDS ) );
		return self::with( $groups, $keys );
	}

	private static function with( array $groups, array $keys ): array {
		return array_values( array_filter( $groups, static fn( array $group ): bool => in_array( self::key( $group['question'] ), $keys, true ) ) );
	}

	/**
	 * Put groups together that the owner merged.
	 *
	 * @param array[] $groups Of one kind.
	 * @return array[]
	 */
	private static function merged( array $groups ): array {
		$merged = (array) get_option( self::MERGED, array() );
		$found  = array();
		foreach ( $groups as $group ) {
			$into          = (string) ( $merged[ self::key( $group['question'] ) ] ?? $group['question'] );
			$into          = (string) ( $merged[ self::key( $into ) ] ?? $into );
			$key           = self::key( $into );
			$found[ $key ] = isset( $found[ $key ] ) ? self::both( $found[ $key ], $group, $into ) : $group;
		}
		return array_values( $found );
	}

	private static function both( array $one, array $other, string $question ): array {
		// The answer shown is that of the question shown.
		list( $shown, $hidden ) = $other['question'] === $question ? array( $other, $one ) : array( $one, $other );
		$wordings               = array( ...self::wordings( $shown ), $hidden['question'], ...self::wordings( $hidden ) );
		return array(
			'count'         => (int) ( $one['count'] ?? 0 ) + (int) ( $other['count'] ?? 0 ),
			'last_asked_at' => max( (string) ( $one['last_asked_at'] ?? '' ), (string) ( $other['last_asked_at'] ?? '' ) ),
			'examples'      => array_slice( array_values( array_unique( array_diff( $wordings, array( $shown['question'] ) ) ) ), 0, self::MAX_WORDINGS ),
			'comments'      => array( ...self::comments( $shown ), ...self::comments( $hidden ) ),
			'is_merged'     => true,
		) + $shown;
	}

	private static function keep( string $option, array $values ): void {
		update_option( $option, array_slice( $values + (array) get_option( $option, array() ), 0, self::MAX_KEPT, true ), false );
	}
}
