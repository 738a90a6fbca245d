<?php

namespace RagAsk\Tests;

use RagAsk\Settings;
use function RagAsk\as_anonymous;
use function RagAsk\change_for;

require_once dirname( __DIR__ ) . '/fakes/field-plugins.php';

final class ChosenFieldsTest extends TestCase {

	protected function tearDown(): void {
		\Field_Plugins_Fake::$acf      = array();
		\Field_Plugins_Fake::$meta_box = array();
		\Field_Plugins_Fake::$pods     = array();
	}

	/**
	 * @dataProvider acf_fields
	 */
	public function test_a_field_of_acf_is_read_as_a_person_would( array $field, array $lines ): void {
		$this->assertSame( $lines, $this->acf( $field ) );
	}

	public function acf_fields(): array {
		$day   = array( 'key' => 'field_1', 'name' => 'day', 'label' => 'Day', 'type' => 'select', 'choices' => array( 'sa' => 'Saturday', 'su' => 'Sunday' ) );
		$from  = array( 'key' => 'field_2', 'name' => 'from', 'label' => 'From:', 'type' => 'time_picker' );
		$note  = array( 'key' => 'field_3', 'name' => 'note', 'label' => 'Note', 'type' => 'text' );
		$rows  = array( array( 'field_1' => 'sa', 'field_2' => '09:00:00', 'field_3' => '' ), array( 'field_1' => 'su', 'field_2' => '11:30:00', 'field_3' => 'Brunch' ) );
		$cases = array(
			'text'          => array( array( 'type' => 'text', 'label' => 'Tide <b>table</b>:', 'value' => '<em>High</em> at noon' ), array( 'Tide table: High at noon' ) ),
			'no label'      => array( array( 'type' => 'text', 'label' => '', 'value' => 'x' ), array( 'berth: x' ) ),
			'number'        => array( array( 'type' => 'number', 'value' => '12', 'prepend' => '', 'append' => 'metres' ), array( 'Berth: 12 metres' ) ),
			'editor'        => array( array( 'type' => 'wysiwyg', 'value' => '<p>One.</p><p>Two.</p>' ), array( 'Berth: One. Two.' ) ),
			'choice'        => array( array( 'type' => 'select', 'choices' => array( 'Boats' => array( 'k' => 'Kayak' ), 's' => 'Sailing boat' ), 'value' => array( 'k', 's' ) ), array( 'Berth: Kayak, Sailing boat' ) ),
			'yes'           => array( array( 'type' => 'true_false', 'value' => '1' ), array( 'Berth: Yes' ) ),
			'no'            => array( array( 'type' => 'true_false', 'value' => '0' ), array( 'Berth: No' ) ),
			'date'          => array( array( 'type' => 'date_picker', 'value' => '20261205' ), array( 'Berth: Saturday, December 5, 2026' ) ),
			'date and time' => array( array( 'type' => 'date_time_picker', 'value' => '2026-12-05 19:30:00' ), array( 'Berth: Saturday, December 5, 2026, 7:30 pm' ) ),
			'time'          => array( array( 'type' => 'time_picker', 'value' => '19:30:00' ), array( 'Berth: 7:30 pm' ) ),
			'link'          => array( array( 'type' => 'link', 'value' => array( 'title' => 'Harbour office', 'url' => 'https://harbour.example' ) ), array( 'Berth: Harbour office' ) ),
			'map'           => array( array( 'type' => 'google_map', 'value' => array( 'address' => '1 Quay Street', 'lat' => 1 ) ), array( 'Berth: 1 Quay Street' ) ),
			'password'      => array( array( 'type' => 'password', 'value' => 'heron-seventy' ), array() ),
			'empty'         => array( array( 'type' => 'text', 'value' => '' ), array() ),
			'group'         => array( array( 'type' => 'group', 'sub_fields' => array( $day, $note ), 'value' => array( 'field_1' => 'sa', 'field_3' => 'Bring shoes' ) ), array( 'Berth: Day: Saturday; Note: Bring shoes' ) ),
			'repeater'      => array( array( 'type' => 'repeater', 'sub_fields' => array( $day, $from, $note ), 'value' => $rows ), array( 'Berth: Day: Saturday; From: 9:00 am', 'Berth: Day: Sunday; From: 11:30 am; Note: Brunch' ) ),
			'one column'    => array( array( 'type' => 'repeater', 'sub_fields' => array( $note ), 'value' => array( array( 'field_3' => 'Oars' ), array( 'field_3' => 'Vest' ) ) ), array( 'Berth: Oars', 'Berth: Vest' ) ),
			'flexible'      => array(
				array( 'type' => 'flexible_content', 'layouts' => array( array( 'name' => 'slot', 'sub_fields' => array( $day, $from ) ), array( 'name' => 'hint', 'sub_fields' => array( $note ) ) ), 'value' => array( array( 'acf_fc_layout' => 'hint', 'field_3' => 'Call first' ), array( 'acf_fc_layout' => 'slot' ) + $rows[1] ) ),
				array( 'Berth: Call first', 'Berth: Day: Sunday; From: 11:30 am' ),
			),
		);
		return $cases;
	}

	public function test_references_of_acf_are_names_that_guests_may_read(): void {
		$open   = $this->post( array( 'post_title' => 'Sailing course' ) );
		$hidden = $this->post( array( 'post_title' => 'Secret course', 'post_status' => 'draft' ) );
		$locked = $this->post( array( 'post_title' => 'Locked course', 'post_password' => 'open sesame' ) );
		$image  = $this->post( array( 'post_type' => 'attachment', 'post_status' => 'inherit', 'post_mime_type' => 'image/jpeg', 'post_excerpt' => 'At dawn' ) );
		update_post_meta( $image, '_wp_attachment_image_alt', 'The pier' );
		$term = wp_insert_term( 'Beginners & friends', 'category' );
		wp_update_user( array( 'ID' => 1, 'display_name' => 'Ada Skipper' ) );
		$this->assertSame( array( 'Berth: Sailing course' ), $this->acf( array( 'type' => 'relationship', 'value' => array( (string) $open, (string) $hidden, (string) $locked ) ) ) );
		$this->assertSame( array( 'Berth: Sailing course' ), $this->acf( array( 'type' => 'post_object', 'value' => get_post( $open ) ) ) );
		$this->assertSame( array( 'Berth: The pier, At dawn' ), $this->acf( array( 'type' => 'image', 'value' => (string) $image ) ) );
		$this->assertSame( array( 'Berth: Beginners & friends' ), $this->acf( array( 'type' => 'taxonomy', 'value' => array( $term['term_id'] ) ) ) );
		$this->assertSame( array( 'Berth: Ada Skipper' ), $this->acf( array( 'type' => 'user', 'value' => array( 'ID' => 1, 'display_name' => 'x' ) ) ) );
		wp_delete_term( $term['term_id'], 'category' );
	}

	public function test_fields_that_are_not_chosen_stay_out(): void {
		update_option( Settings::OPTION, array( 'meta_keys' => array( 'other' ) ) );
		$this->assertSame( array(), $this->acf( array( 'type' => 'text', 'value' => 'internal' ), false ) );
	}

	public function test_meta_box_and_pods_show_their_fields_under_their_labels(): void {
		update_option( Settings::OPTION, array( 'meta_keys' => array( 'depth', 'pin', 'guide', 'key' ) ) );
		\Field_Plugins_Fake::$meta_box = array(
			'depth' => array( 'settings' => array( 'type' => 'select', 'name' => 'Depth' ), 'html' => '<ul><li>Shallow</li><li>Deep</li></ul>' ),
			'pin'   => array( 'settings' => array( 'type' => 'password', 'name' => 'Pin' ), 'html' => 'heron-seventy' ),
		);
		\Field_Plugins_Fake::$pods     = array(
			'guide' => array( 'label' => 'Guide', 'type' => 'pick', 'text' => 'Ada and Ben' ),
			'key'   => array( 'label' => 'Key', 'type' => 'password', 'text' => 'heron-seventy' ),
		);
		$this->assertSame( array( 'Depth: Shallow Deep', 'Guide: Ada and Ben' ), $this->lines( $this->post() ) );
	}

	public function test_registered_meta_has_its_label_and_dates_their_weekday(): void {
		update_option( Settings::OPTION, array( 'meta_keys' => array( 'is_open', 'closes', 'code' ) ) );
		register_post_meta( 'page', 'is_open', array( 'label' => 'Open to all', 'type' => 'boolean', 'single' => true ) );
		register_meta( 'post', 'closes', array( 'label' => 'Bookings close', 'type' => 'string', 'single' => true ) );
		$post_id = $this->post( array( 'meta_input' => array( 'is_open' => '1', 'closes' => '2026-12-01', 'code' => '20261201' ) ) );
		$lines   = $this->lines( $post_id );
		unregister_post_meta( 'page', 'is_open' );
		unregister_meta_key( 'post', 'closes' );
		$this->assertSame( array( 'Open to all: Yes', 'Bookings close: Tuesday, December 1, 2026', 'code: 20261201' ), $lines );
	}

	public function test_a_filter_adds_fields(): void {
		$post_id = $this->post();
		$more    = static fn( array $fields, \WP_Post $post ): array => array( ...$fields, array( 'name' => 'Tide', 'value' => "High on $post->post_name" ), array( 'name' => 'Empty', 'value' => '' ) );
		add_filter( 'rag_ask_fields', $more, 10, 2 );
		$lines = $this->lines( $post_id );
		remove_filter( 'rag_ask_fields', $more, 10 );
		$this->assertSame( array( 'Tide: High on opening-hours' ), $lines );
	}

	public function test_the_cell_of_a_repeater_and_a_key_that_a_block_shows_are_noted(): void {
		update_option( Settings::OPTION, array( 'meta_keys' => array( 'hours' ) ) );
		$this->expand();
		$post_id = $this->settled_post( array( 'post_content' => '<!-- wp:paragraph {"metadata":{"bindings":{"content":{"source":"core/post-meta","args":{"key":"price_note"}}}}} --><p></p><!-- /wp:paragraph -->' ) );
		foreach ( array( 'hours_0_day', 'price_note' ) as $key ) {
			update_post_meta( $post_id, $key, 'Saturday' );
			$this->assert_queued( $post_id, $key );
			$this->settle( $post_id );
		}
		update_post_meta( $post_id, 'price', '7' );
		$this->assert_not_queued( $post_id );
	}

	public function test_a_document_is_made_in_the_language_of_the_site(): void {
		$german = static fn(): string => 'de_DE'; // As the profile of an author says in the admin.
		add_filter( 'determine_locale', $german, 5 );
		$seen  = as_anonymous( get_post( $this->post() ), 'determine_locale' );
		$after = determine_locale();
		remove_filter( 'determine_locale', $german, 5 );
		$this->assertSame( array( 'en_US', 'de_DE' ), array( $seen, $after ) );
	}

	private function acf( array $field, bool $is_chosen = true ): array {
		if ( $is_chosen ) {
			update_option( Settings::OPTION, array( 'meta_keys' => array( 'berth' ) ) );
		}
		$post_id                                = $this->post();
		\Field_Plugins_Fake::$acf[ $post_id ] = array( 'berth' => $field + array( 'key' => 'field_0', 'name' => 'berth', 'label' => 'Berth' ) );
		return $this->lines( $post_id );
	}

	private function lines( int $post_id ): array {
		return array_map( static fn( array $field ): string => "{$field['name']}: {$field['value']}", change_for( $post_id, 5 )['document']['fields'] );
	}
}
