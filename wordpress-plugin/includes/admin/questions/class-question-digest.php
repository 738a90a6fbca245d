<?php
/**
 * Question digest: a weekly mail about what visitors asked. Off until somebody's address is in the settings.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Made of the stored report, which holds no words older than the owner keeps them.
 */
final class Question_Digest {

	public const EVENT = 'rag_ask_digest';

	private const DAYS       = 7;
	private const MAX_LISTED = 10;

	/**
	 * Schedule the event while there is somebody to write to, and not otherwise.
	 */
	public static function ensure_event(): void {
		$is_wanted = array() !== Settings::get( 'digest_to' );
		$next      = wp_next_scheduled( self::EVENT );
		if ( $is_wanted && ! $next ) {
			wp_schedule_event( self::next_monday( time() ), 'weekly', self::EVENT );
		} elseif ( ! $is_wanted && $next ) {
			wp_clear_scheduled_hook( self::EVENT );
		}
	}

	/**
	 * Send the mail of this week, made of a new report where the sidecar answers.
	 */
	public static function run(): void {
		if ( Settings::get( 'digest_to' ) ) {
			Insights::refresh();
			self::send();
		}
	}

	/**
	 * Send the mail.
	 */
	public static function send(): bool {
		// In the language of the site, whoever pressed the button.
		$is_switched = switch_to_locale( get_locale() );
		try {
			return wp_mail( Settings::get( 'digest_to' ), self::subject(), self::text( Insights::stored(), time() ) );
		} finally {
			if ( $is_switched ) {
				restore_previous_locale();
			}
		}
	}

	/**
	 * The text of the mail.
	 *
	 * @param array $stored From Insights::stored().
	 * @param int   $now    Unix time.
	 */
	public static function text( array $stored, int $now ): string {
		$insights = $stored['insights'];
		// A report that could not be renewed may hold words that the owner keeps no longer.
		$since = $now - min( self::DAYS, Settings::get( 'question_days' ) ) * DAY_IN_SECONDS;
		$parts = array( implode( "\n", self::totals( $insights, gmdate( 'Y-m-d', $now - self::DAYS * DAY_IN_SECONDS ) ) ) );
		if ( '' !== $stored['error'] ) {
			/* translators: %s: a message of an error. */
			$parts[] = sprintf( __( 'The newest figures could not be fetched: %s', 'rag-ask' ), $stored['error'] );
		}
		$parts[] = self::listed( __( 'New questions without an answer', 'rag-ask' ), self::since( Question_Groups::of( $insights, 'gaps' ), $since ) );
		$parts[] = self::listed( __( 'Answers that were rated down', 'rag-ask' ), self::since( Question_Groups::of( $insights, 'rated_down' ), $since ) );
		$parts[] = implode( "\n", Health::problems() );
		$parts[] = __( 'Look at them and answer:', 'rag-ask' ) . "\n" . Settings_Page::url( 'questions' );
		return implode( "\n\n", array_filter( $parts ) ) . "\n";
	}

	private static function subject(): string {
		/* translators: %s: name of the site. */
		return sprintf( __( '[%s] What visitors asked this week', 'rag-ask' ), wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES ) );
	}

	/**
	 * A line for each figure of the week.
	 *
	 * @param array  $insights The report.
	 * @param string $from     The day before the first.
	 * @return string[]
	 */
	private static function totals( array $insights, string $from ): array {
		$days     = array_filter( (array) ( $insights['by_day'] ?? array() ), static fn( $day ) => is_array( $day ) && ( $day['day'] ?? '' ) > $from );
		$sum      = static fn( string $name ): float => (float) array_sum( array_column( $days, $name ) );
		$asked    = $sum( 'questions' );
		$answered = $sum( 'answered' );
		$failed   = max( 0.0, $asked - $answered - $sum( 'unsure' ) - $sum( 'abstained' ) );
		$line     = static fn( string $label, string $value ): string => "$label: $value";
		/* translators: %s: a number from 0 to 100. */
		$rate = $asked ? sprintf( __( '%s %%', 'rag-ask' ), number_format_i18n( 100 * $answered / $asked ) ) : '–';
		return array(
			$line( __( 'Questions', 'rag-ask' ), number_format_i18n( $asked ) ),
			$line( __( 'Answered', 'rag-ask' ), number_format_i18n( $answered ) . " ($rate)" ),
			$line( __( 'Unsure', 'rag-ask' ), number_format_i18n( $sum( 'unsure' ) ) ),
			$line( __( 'Not found', 'rag-ask' ), number_format_i18n( $sum( 'abstained' ) ) ),
			$line( __( 'Broken off', 'rag-ask' ), number_format_i18n( $failed ) ),
			$line( __( 'Cost', 'rag-ask' ), Question_Figures::dollars( $sum( 'cost_usd' ) ) ),
		);
	}

	/**
	 * The questions that were asked since.
	 *
	 * @param array[] $groups From Question_Groups.
	 * @param int     $since  Unix time.
	 * @return array[]
	 */
	private static function since( array $groups, int $since ): array {
		return array_filter( $groups, static fn( array $group ): bool => Question_Groups::asked_at( $group ) >= $since );
	}

	private static function listed( string $title, array $groups ): string {
		if ( ! $groups ) {
			return '';
		}
		$lines = array_map(
			static fn( array $group ): string => '- ' . preg_replace( '/\s+/', ' ', $group['question'] ) . ' (' . Question_List::reason( $group ) . ', ' . Question_List::asked( $group ) . ')',
			array_slice( $groups, 0, self::MAX_LISTED )
		);
		return $title . "\n" . implode( "\n", $lines );
	}

	/**
	 * The next Monday at eight in the site's time zone.
	 *
	 * @param int $now Unix time.
	 */
	public static function next_monday( int $now ): int {
		return ( new \DateTimeImmutable( '@' . $now ) )->setTimezone( wp_timezone() )->modify( 'next monday 08:00' )->getTimestamp();
	}
}
