<?php
/**
 * Guest answer: what a guest who opens the address of a post gets.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A page, a refusal, or neither when the request failed.
 */
final class Guest_Answer {

	public const PAGE    = 'page';
	public const REFUSED = 'refused';
	public const UNKNOWN = 'unknown';

	/**
	 * Use the named constructors.
	 *
	 * @param self::* $kind       One of the constants.
	 * @param string  $html       The page.
	 * @param string  $reason     Of a refusal: 'redirect', 'login' or 'status 404'. Of a failure: a message.
	 * @param bool    $is_ours    Whether this WordPress certainly gave the answer.
	 * @param bool    $is_failure Of a failure: whether other posts may fail in the same way.
	 */
	private function __construct( public readonly string $kind, public readonly string $html = '', public readonly string $reason = '', public readonly bool $is_ours = false, public readonly bool $is_failure = false ) {}

	/**
	 * A page.
	 *
	 * @param string $html    Its HTML.
	 * @param bool   $is_ours Whether this WordPress certainly gave the answer.
	 */
	public static function page( string $html, bool $is_ours ): self {
		return new self( self::PAGE, html: $html, is_ours: $is_ours );
	}

	/**
	 * Guests do not get the page.
	 *
	 * @param string $reason  'redirect', 'login', or 'status' and its number.
	 * @param bool   $is_ours Whether this WordPress certainly gave the answer.
	 */
	public static function refused( string $reason, bool $is_ours ): self {
		return new self( self::REFUSED, reason: $reason, is_ours: $is_ours );
	}

	/**
	 * The request failed and says nothing of the post.
	 *
	 * @param string $message Why.
	 */
	public static function failed( string $message ): self {
		return new self( self::UNKNOWN, reason: $message, is_failure: true );
	}

	/**
	 * This post cannot be asked for, or not now.
	 */
	public static function unknown(): self {
		return new self( self::UNKNOWN );
	}
}
