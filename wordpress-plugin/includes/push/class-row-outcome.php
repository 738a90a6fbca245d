<?php
/**
 * What becomes of a claimed outbox row: a value that Lease::close() writes.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Expander, Change_Encoder and Push_Request return outcomes and write nothing.
 */
final class Row_Outcome {

	public const SETTLED   = 'settled';
	public const EXPANDED  = 'expanded';
	public const RETRY     = 'retry';
	public const DEAD      = 'dead';
	public const POSTPONED = 'postponed';
	public const OUTDATED  = 'outdated';

	/**
	 * Use the named constructors.
	 *
	 * @param self::* $kind   One of the constants.
	 * @param string $reason  Shown to the site owner.
	 * @param string $hash    Content hash of the pushed document.
	 * @param int    $delay_s Seconds until the next attempt.
	 * @param int    $version Version that the sidecar has.
	 */
	private function __construct(
		public readonly string $kind,
		public readonly string $reason = '',
		public readonly string $hash = '',
		public readonly int $delay_s = 0,
		public readonly int $version = 0
	) {}

	/**
	 * The sidecar has this version or a newer one.
	 *
	 * @param string $hash Content hash of the pushed document, empty for a delete.
	 */
	public static function settled( string $hash ): self {
		return new self( self::SETTLED, hash: $hash );
	}

	/**
	 * Every post that the row stands for has a row of its own.
	 */
	public static function expanded(): self {
		return new self( self::EXPANDED );
	}

	/**
	 * This row alone failed: back off and retry, until no attempt is left.
	 *
	 * @param string $reason Shown to the site owner.
	 */
	public static function retry( string $reason ): self {
		return new self( self::RETRY, $reason );
	}

	/**
	 * A dead letter: a retry cannot help before the post is saved or the site owner asks for one.
	 *
	 * @param string $reason Shown to the site owner.
	 */
	public static function dead( string $reason ): self {
		return new self( self::DEAD, $reason );
	}

	/**
	 * The sidecar is down: retry later. The attempt does not count against this row.
	 *
	 * @param int    $delay_s Seconds until the next attempt.
	 * @param string $reason  Shown to the site owner.
	 */
	public static function postponed( int $delay_s, string $reason ): self {
		return new self( self::POSTPONED, $reason, delay_s: $delay_s );
	}

	/**
	 * The sidecar has a version that this site never gave, as after a restored backup: push again with a higher one.
	 *
	 * @param int $version Version that the sidecar has.
	 */
	public static function outdated( int $version ): self {
		return new self( self::OUTDATED, version: $version );
	}

	/**
	 * The same outcome after the last attempt.
	 */
	public function without_attempts_left(): self {
		return match ( $this->kind ) {
			self::RETRY    => self::dead( $this->reason ),
			self::OUTDATED => self::dead( __( 'The sidecar has a newer version of this post each time. Check that no other copy of this site sends to it.', 'rag-ask' ) ),
			default        => $this,
		};
	}
}
