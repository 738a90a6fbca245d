<?php
/**
 * Events: when, where and for how much, from event plugins and from any post with a start and an end.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Meta keys of event plugins by post type: The Events Calendar, Events Manager, Modern Events Calendar. */
const EVENT_META = array(
	'tribe_events' => array(
		'start'   => '_EventStartDate',
		'end'     => '_EventEndDate',
		'zone'    => '_EventTimezone',
		'all_day' => '_EventAllDay',
	),
	'event'        => array(
		'start'   => '_event_start_local',
		'end'     => '_event_end_local',
		'zone'    => '_event_timezone',
		'all_day' => '_event_all_day',
	),
	'mec-events'   => array(
		'start'   => 'mec_start_datetime',
		'end'     => 'mec_end_datetime',
		'zone'    => 'mec_timezone',
		'all_day' => 'mec_allday',
	),
);

/** The Events Calendar's other meta keys. */
const TRIBE_META = array( '_EventVenueID', '_EventOrganizerID', '_EventCost', '_EventCurrencySymbol', '_EventCurrencyPosition' );

/** Words in the key of a field that holds a start, and the words for its end. */
const START_WORDS = array(
	'start' => 'end',
	'Start' => 'End',
	'START' => 'END',
	'begin' => 'end',
	'from'  => 'to',
);

/**
 * When an event is, and of The Events Calendar where, by whom and for how much.
 *
 * @param \WP_Post $post The post.
 * @return array{name: string, value: string}[] Empty for posts that are no events.
 */
function event_fields( \WP_Post $post ): array {
	$fields = array();
	foreach ( event_keys( $post ) as $keys ) {
		$fields[] = field( __( 'When', 'rag-ask' ), event_time( $post, $keys ) );
	}
	return 'tribe_events' === $post->post_type ? array( ...$fields, ...tribe_fields( $post ) ) : $fields;
}

/**
 * Meta keys that event_fields() reads of a post.
 *
 * @param \WP_Post $post The post.
 * @return string[]
 */
function event_keys_read( \WP_Post $post ): array {
	return array_merge( 'tribe_events' === $post->post_type ? TRIBE_META : array(), ...array_map( 'array_values', event_keys( $post ) ) );
}

/**
 * Whether a meta key says something of an event.
 *
 * @param string $key The meta key.
 */
function is_event_key( string $key ): bool {
	return in_array( $key, array_merge( TRIBE_META, ...array_map( 'array_values', array_values( EVENT_META ) ) ), true );
}

/**
 * The keys of the start and the end of a post: those of its type, or pairs among the chosen fields that hold dates.
 *
 * @param \WP_Post $post The post.
 * @return array{start: string, end: string}[]
 */
function event_keys( \WP_Post $post ): array {
	$of_type = EVENT_META[ $post->post_type ] ?? array();
	if ( $of_type && stored_moment( meta_text( $post, $of_type['start'] ) ) ) {
		return array( $of_type );
	}
	$chosen = Settings::get( 'meta_keys' );
	$pairs  = array();
	foreach ( $chosen as $start ) {
		$end = strtr( $start, START_WORDS );
		if ( $end !== $start && in_array( $end, $chosen, true ) && stored_moment( meta_text( $post, $start ) ) && stored_moment( meta_text( $post, $end ) ) ) {
			$pairs[] = array(
				'start' => $start,
				'end'   => $end,
			);
		}
	}
	return $pairs;
}

/**
 * Day and time of an event: `Saturday, December 5, 2026, 7:00 pm – 9:00 pm (CET)`.
 *
 * @param \WP_Post              $post The post.
 * @param array<string, string> $keys From event_keys().
 */
function event_time( \WP_Post $post, array $keys ): string {
	$zone       = event_zone( isset( $keys['zone'] ) ? meta_text( $post, $keys['zone'] ) : '' );
	$stored     = meta_text( $post, $keys['start'] );
	$start      = stored_moment( $stored, $zone );
	$end        = stored_moment( meta_text( $post, $keys['end'] ), $zone ) ?? $start;
	$is_all_day = ! has_time( $stored ) || ( isset( $keys['all_day'] ) && in_array( strtolower( meta_text( $post, $keys['all_day'] ) ), array( 'yes', '1', 'true' ), true ) );
	$is_one_day = day_of( $start ) === day_of( $end );
	if ( $is_all_day ) {
		return $is_one_day ? day_of( $start ) : day_of( $start ) . ' – ' . day_of( $end );
	}
	$text = day_of( $start ) . ', ' . time_of( $start );
	if ( $end > $start ) {
		$text .= ' – ' . ( $is_one_day ? '' : day_of( $end ) . ', ' ) . time_of( $end );
	}
	return "$text (" . zone_name( $start ) . ')';
}

/**
 * The zone of an event; the site's when it has none.
 *
 * @param string $name A name as `Europe/Zurich` or `UTC+5.5`.
 */
function event_zone( string $name ): \DateTimeZone {
	if ( preg_match( '/^UTC([+-])(\d{1,2})(?:[.:](\d{1,2}))?$/', $name, $part ) ) {
		// A half is written .5, a quarter .75.
		$minutes = str_contains( $name, '.' ) ? 60 * (float) "0.$part[3]" : (int) ( $part[3] ?? 0 );
		$name    = sprintf( '%s%02d:%02d', $part[1], $part[2], $minutes );
	}
	try {
		return '' === $name ? wp_timezone() : new \DateTimeZone( $name );
	} catch ( \Exception $error ) {
		return wp_timezone();
	}
}

/**
 * The short name of the zone of a moment: CET, or UTC+03:00 where it has none.
 *
 * @param \DateTimeImmutable $moment The moment.
 */
function zone_name( \DateTimeImmutable $moment ): string {
	$name = $moment->format( 'T' );
	return preg_match( '/^[A-Z]+$/', $name ) ? $name : 'UTC' . $moment->format( 'P' );
}

/**
 * Venue, organizer and price of an event of The Events Calendar.
 *
 * @param \WP_Post $post The event.
 * @return array{name: string, value: string}[]
 */
function tribe_fields( \WP_Post $post ): array {
	return array(
		field( __( 'Where', 'rag-ask' ), implode( '; ', array_map( __NAMESPACE__ . '\tribe_venue', ids_in( get_post_meta( $post->ID, '_EventVenueID' ) ) ) ) ),
		field( __( 'Organizer', 'rag-ask' ), implode( ', ', post_names( get_post_meta( $post->ID, '_EventOrganizerID' ) ) ) ),
		field( __( 'Price', 'rag-ask' ), tribe_cost( $post ) ),
	);
}

/**
 * Name and address of a venue.
 *
 * @param int $venue_id The venue.
 */
function tribe_venue( int $venue_id ): string {
	$name  = post_names( $venue_id );
	$parts = array_map( static fn( string $key ): string => plain_text( (string) get_post_meta( $venue_id, $key, true ) ), array( '_VenueAddress', '_VenueZip', '_VenueCity', '_VenueStateProvince', '_VenueCountry' ) );
	$town  = trim( "$parts[1] $parts[2]" );
	return $name ? implode( ', ', array_filter( array( $name[0], $parts[0], $town, $parts[3], $parts[4] ), 'strlen' ) ) : '';
}

/**
 * The price of an event, as The Events Calendar writes it when it is active.
 *
 * @param \WP_Post $post The event.
 */
function tribe_cost( \WP_Post $post ): string {
	if ( function_exists( 'tribe_get_cost' ) ) {
		return plain_text( (string) tribe_get_cost( $post->ID, true ) );
	}
	$cost   = meta_text( $post, '_EventCost' );
	$symbol = is_numeric( $cost ) ? meta_text( $post, '_EventCurrencySymbol' ) : '';
	return match ( true ) {
		'' === $cost                                                    => '',
		is_numeric( $cost ) && 0.0 === (float) $cost                    => __( 'Free', 'rag-ask' ),
		'suffix' === meta_text( $post, '_EventCurrencyPosition' )       => trim( "$cost $symbol" ),
		default                                                         => "$symbol$cost",
	};
}

/**
 * One value of a meta key as text.
 *
 * @param \WP_Post $post The post.
 * @param string   $key  The meta key.
 */
function meta_text( \WP_Post $post, string $key ): string {
	$stored = get_post_meta( $post->ID, $key, true );
	return is_scalar( $stored ) ? plain_text( (string) $stored ) : '';
}
