<?php

namespace RagAsk\Tests;

use RagAsk\Settings;
use function RagAsk\change_for;

final class EventsTest extends TestCase {

	private const TALK = array(
		'_EventStartDate' => '2026-12-05 19:00:00',
		'_EventEndDate'   => '2026-12-05 21:00:00',
		'_EventTimezone'  => 'Europe/Zurich',
	);

	protected function setUp(): void {
		parent::setUp();
		update_option( 'timezone_string', 'Europe/London' );
		foreach ( array( 'tribe_events', 'event', 'mec-events', 'tribe_venue', 'tribe_organizer' ) as $type ) {
			register_post_type( $type, array( 'public' => ! str_starts_with( $type, 'tribe_v' ), 'supports' => array( 'title', 'editor' ) ) );
		}
		update_option( Settings::OPTION, array( 'post_types' => array( 'page', 'tribe_events', 'event', 'mec-events' ), 'meta_keys' => array( '_EventStartDate', 'race_start', 'race_end', 'closing_from', 'closing_to' ) ) );
		$this->forget_rows();
	}

	protected function tearDown(): void {
		array_map( 'unregister_post_type', array( 'tribe_events', 'event', 'mec-events', 'tribe_venue', 'tribe_organizer' ) );
	}

	/**
	 * @dataProvider times
	 */
	public function test_when_an_event_is( string $type, array $meta, string $when ): void {
		$post_id = $this->post( array( 'post_type' => $type, 'meta_input' => $meta ) );
		$this->assertSame( array( "When: $when" ), $this->lines( $post_id ) );
	}

	public function times(): array {
		return array(
			'one evening'         => array( 'tribe_events', self::TALK, 'Saturday, December 5, 2026, 7:00 pm – 9:00 pm (CET)' ),
			'over midnight'       => array( 'tribe_events', array( '_EventEndDate' => '2026-12-06 02:00:00' ) + self::TALK, 'Saturday, December 5, 2026, 7:00 pm – Sunday, December 6, 2026, 2:00 am (CET)' ),
			'no end'              => array( 'tribe_events', array( '_EventEndDate' => '2026-12-05 19:00:00' ) + self::TALK, 'Saturday, December 5, 2026, 7:00 pm (CET)' ),
			'all day'             => array( 'tribe_events', array( '_EventStartDate' => '2026-12-05 00:00:00', '_EventEndDate' => '2026-12-05 23:59:59', '_EventAllDay' => 'yes' ), 'Saturday, December 5, 2026' ),
			'some days'           => array( 'tribe_events', array( '_EventStartDate' => '2026-12-05 00:00:00', '_EventEndDate' => '2026-12-07 23:59:59', '_EventAllDay' => 'yes' ), 'Saturday, December 5, 2026 – Monday, December 7, 2026' ),
			'a zone of hours'     => array( 'tribe_events', array( '_EventTimezone' => 'UTC+5.5' ) + self::TALK, 'Saturday, December 5, 2026, 7:00 pm – 9:00 pm (UTC+05:30)' ),
			'no zone'             => array( 'tribe_events', array( '_EventTimezone' => '' ) + self::TALK, 'Saturday, December 5, 2026, 7:00 pm – 9:00 pm (GMT)' ),
			'Events Manager'      => array( 'event', array( '_event_start_local' => '2026-12-05 19:00:00', '_event_end_local' => '2026-12-05 21:00:00', '_event_timezone' => 'America/New_York', '_event_all_day' => '0' ), 'Saturday, December 5, 2026, 7:00 pm – 9:00 pm (EST)' ),
			'Modern Events'       => array( 'mec-events', array( 'mec_start_datetime' => '2026-12-05 07:00 PM', 'mec_end_datetime' => '2026-12-05 09:00 PM' ), 'Saturday, December 5, 2026, 7:00 pm – 9:00 pm (GMT)' ),
			'chosen fields'       => array( 'page', array( 'race_start' => '2026-07-05T08:00', 'race_end' => '2026-07-05T12:00' ), 'Sunday, July 5, 2026, 8:00 am – 12:00 pm (BST)' ),
			'days of date fields' => array( 'page', array( 'closing_from' => '20260701', 'closing_to' => '20260703' ), 'Wednesday, July 1, 2026 – Friday, July 3, 2026' ),
		);
	}

	public function test_where_by_whom_and_for_how_much_an_event_is(): void {
		$venue     = $this->post( array( 'post_type' => 'tribe_venue', 'post_title' => 'Boat house', 'meta_input' => array( '_VenueAddress' => '1 Quay Street', '_VenueCity' => 'Thun', '_VenueZip' => '3600' ) ) );
		$organizer = $this->post( array( 'post_type' => 'tribe_organizer', 'post_title' => 'Rowing club' ) );
		$post_id   = $this->post( array( 'post_type' => 'tribe_events', 'meta_input' => self::TALK + array( '_EventVenueID' => $venue, '_EventOrganizerID' => $organizer, '_EventCost' => '12', '_EventCurrencySymbol' => '£' ) ) );
		$this->assertSame( array( 'Where: Boat house, 1 Quay Street, 3600 Thun', 'Organizer: Rowing club', 'Price: £12' ), array_slice( $this->lines( $post_id ), 1 ) );
		update_post_meta( $post_id, '_EventCost', '0' );
		wp_update_post( array( 'ID' => $venue, 'post_status' => 'draft' ) );
		$this->assertSame( array( 'Organizer: Rowing club', 'Price: Free' ), array_slice( $this->lines( $post_id ), 1 ) );
	}

	/**
	 * @dataProvider keys
	 */
	public function test_another_time_of_an_event_is_noted( string $type, string $key ): void {
		$post_id = $this->settled_post( array( 'post_type' => $type ) );
		update_post_meta( $post_id, $key, '2026-12-12 19:00:00' );
		$this->assert_queued( $post_id );
	}

	public function keys(): array {
		return array( array( 'tribe_events', '_EventStartDate' ), array( 'tribe_events', '_EventVenueID' ), array( 'event', '_event_end_local' ), array( 'page', 'race_end' ) );
	}

	private function lines( int $post_id ): array {
		return array_map( static fn( array $field ): string => "{$field['name']}: {$field['value']}", change_for( $post_id, 5 )['document']['fields'] );
	}
}
