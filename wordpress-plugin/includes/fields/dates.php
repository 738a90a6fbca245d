<?php
/**
 * Dates: stored dates and times as a person would read them, in the language and the formats of the site.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** A date as databases and date pickers store it: 2026-12-05, 20261205, 2026-12-05 19:00:00, 2026-12-05T19:00+01:00, 2026-12-05 07:00 PM. */
const STORED_DATE_PATTERN = '/^(\d{4})-?(\d\d)-?(\d\d)(?:[T ]([01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:\.\d+)?(?: ?[AP]M|Z|[+-]\d\d:?\d\d)?)?$/i';

/** A time as time pickers store it. */
const STORED_TIME_PATTERN = '/^([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/';

/**
 * A stored date with its weekday. Anything else comes back unchanged.
 *
 * @param string $stored What is stored.
 */
function readable_date( string $stored ): string {
	$moment = stored_moment( $stored );
	if ( ! $moment ) {
		return $stored;
	}
	return has_time( $stored ) ? day_of( $moment ) . ', ' . time_of( $moment ) : day_of( $moment );
}

/**
 * A stored time in the site's format. Anything else comes back unchanged.
 *
 * @param string $stored What is stored.
 */
function readable_time( string $stored ): string {
	return preg_match( STORED_TIME_PATTERN, $stored ) ? time_of( new \DateTimeImmutable( "2000-01-01 $stored", wp_timezone() ) ) : $stored;
}

/**
 * The moment that a stored date means.
 *
 * @param string             $stored What is stored.
 * @param \DateTimeZone|null $zone   Where the event is; the site's zone when not given.
 */
function stored_moment( string $stored, ?\DateTimeZone $zone = null ): ?\DateTimeImmutable {
	if ( ! preg_match( STORED_DATE_PATTERN, $stored, $part ) || ! checkdate( (int) $part[2], (int) $part[3], (int) $part[1] ) ) {
		return null;
	}
	$zone = $zone ?? wp_timezone();
	try {
		return ( new \DateTimeImmutable( $stored, $zone ) )->setTimezone( $zone );
	} catch ( \Exception $error ) {
		return null; // 13:00 PM.
	}
}

/**
 * Whether a stored date has a time.
 *
 * @param string $stored What is stored.
 */
function has_time( string $stored ): bool {
	return str_contains( $stored, ':' );
}

/**
 * The day of a moment, with its weekday: Saturday, December 5, 2026.
 *
 * @param \DateTimeImmutable $moment The moment, in its own zone.
 */
function day_of( \DateTimeImmutable $moment ): string {
	$format = (string) get_option( 'date_format' );
	return in_format( preg_match( '/(?<!\\\\)[lD]/', $format ) ? $format : "l, $format", $moment );
}

/**
 * The time of a moment: 7:00 pm.
 *
 * @param \DateTimeImmutable $moment The moment, in its own zone.
 */
function time_of( \DateTimeImmutable $moment ): string {
	return in_format( (string) get_option( 'time_format' ), $moment );
}

/**
 * A moment in a format of PHP, with the site's names of days and months.
 *
 * @param string             $format The format.
 * @param \DateTimeImmutable $moment The moment, in its own zone.
 */
function in_format( string $format, \DateTimeImmutable $moment ): string {
	return (string) wp_date( $format, $moment->getTimestamp(), $moment->getTimezone() );
}
