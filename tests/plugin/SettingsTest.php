<?php

namespace RagAsk\Tests;

use RagAsk\Connection;
use RagAsk\Connection_Form;
use RagAsk\Settings;

final class SettingsTest extends TestCase {

	public function test_defaults_hold_where_nothing_is_stored(): void {
		delete_option( Settings::OPTION );
		$this->assertSame( array( 'post', 'page' ), Settings::get( 'post_types' ) );
		$this->assertSame( 50, Settings::get( 'batch_size' ) );
		$this->assertSame( 'Ask', Settings::get( 'text_button' ) );
	}

	/**
	 * @dataProvider spoilt
	 */
	public function test_defaults_hold_where_the_option_is_spoilt( $stored ): void {
		update_option( Settings::OPTION, $stored );
		$this->assertSame( array( 'post', 'page' ), Settings::get( 'post_types' ) );
		$this->assertSame( 50, Settings::get( 'batch_size' ) );
	}

	public function spoilt(): array {
		return array(
			'text'        => array( 'nonsense' ),
			'wrong types' => array( array( 'post_types' => 'post', 'batch_size' => array() ) ),
			'null'        => array( null ),
		);
	}

	/**
	 * @dataProvider typed
	 */
	public function test_bad_input_becomes_good_values( $input, array $wanted ): void {
		$clean = Settings::sanitize( $input );
		$this->assertSame( array_keys( Settings::definitions() ), array_keys( $clean ) );
		$this->assertSame( $wanted, array_intersect_key( $clean, $wanted ) );
		$this->assertSame( $clean, Settings::sanitize( $clean ), 'WordPress may sanitize twice' );
	}

	public function typed(): array {
		return array(
			'nothing'           => array( null, array( 'post_types' => array( 'post', 'page' ), 'batch_size' => 50 ) ),
			'no type'           => array( array( 'post_types' => array( '' ) ), array( 'post_types' => array() ) ),
			'types'             => array( array( 'post_types' => array( '', 'page', 'wp_block', '<b>', array() ) ), array( 'post_types' => array( 'page' ) ) ),
			'fields by line'    => array( array( 'meta_keys' => " Phone \r\n\nOpens\nPhone" ), array( 'meta_keys' => array( 'Phone', 'Opens' ) ) ),
			'fields as a list'  => array( array( 'meta_keys' => array( 'Phone', array(), '' ) ), array( 'meta_keys' => array( 'Phone' ) ) ),
			'switches'          => array( array( 'include_comments' => '1', 'index_private' => '0' ), array( 'include_comments' => true, 'index_private' => false ) ),
			'a choice'          => array( array( 'guest_check' => 'never' ), array( 'guest_check' => 'never' ) ),
			'no choice'         => array( array( 'guest_check' => array( 'never' ) ), array( 'guest_check' => 'doubt' ) ),
			'a long push'       => array( array( 'push_budget_s' => '9999' ), array( 'push_budget_s' => 300 ) ),
			'too many'          => array( array( 'batch_size' => '9999' ), array( 'batch_size' => 50 ) ),
			'too few'           => array( array( 'batch_size' => '-3' ), array( 'batch_size' => 1 ) ),
			'no number'         => array( array( 'batch_size' => 'many', 'timeout_s' => array() ), array( 'batch_size' => 50, 'timeout_s' => 10 ) ),
			'markup'            => array( array( 'text_button' => '<script>alert(1)</script>Go' ), array( 'text_button' => 'Go' ) ),
			'array as text'     => array( array( 'text_button' => array( 'x' ) ), array( 'text_button' => '' ) ),
			'long text'         => array( array( 'text_label' => str_repeat( 'é', 500 ) ), array( 'text_label' => str_repeat( 'é', 200 ) ) ),
		);
	}

	public function test_an_emptied_text_is_the_built_in_one(): void {
		update_option( Settings::OPTION, array( 'text_button' => '' ) );
		$this->assertSame( 'Ask', Settings::get( 'text_button' ) );
	}

	public function test_a_pasted_connection_string_fills_all_parts(): void {
		$contract = $this->contract( 'connection-string' );
		$wanted   = array_intersect_key( $contract, array( 'sidecar_url' => 1, 'site_id' => 1, 'secret' => 1 ) );
		$clean    = Connection_Form::sanitize( array( 'connection_string' => $contract['connection_string'], 'sidecar_url' => 'http://old', 'site_id' => 'old', 'secret' => '' ) );
		$this->assertSame( $wanted, $clean );
		$this->assertSame( $clean, Connection_Form::sanitize( $clean ), 'WordPress may sanitize twice' );
	}

	/**
	 * @dataProvider wrong_connections
	 */
	public function test_a_wrong_part_keeps_the_old_one_and_says_so( array $input, string $setting ): void {
		global $wp_settings_errors;
		$wp_settings_errors = array();
		$was                = Connection::parts();
		$this->assertSame( $was, Connection_Form::sanitize( $input ) );
		$this->assertSame( array( $setting ), array_column( get_settings_errors( Settings::GROUP ), 'code' ) );
	}

	public function wrong_connections(): array {
		return array(
			'string' => array( array( 'connection_string' => 'nonsense' ), 'connection_string' ),
			'url'    => array( array( 'sidecar_url' => 'javascript:alert(1)' ), 'sidecar_url' ),
			'site'   => array( array( 'site_id' => '../etc' ), 'site_id' ),
			'secret' => array( array( 'secret' => 'short' ), 'secret' ),
		);
	}

	public function test_an_empty_secret_field_keeps_the_secret(): void {
		$this->assertSame( Connection::parts()['secret'], Connection_Form::sanitize( array( 'secret' => '' ) )['secret'] );
	}

	public function test_emptied_url_disconnects(): void {
		update_option( Connection::OPTION, Connection_Form::sanitize( array( 'sidecar_url' => '' ) ) );
		$this->assertNull( Connection::current() );
	}

	public function test_the_connection_is_not_loaded_with_every_page(): void {
		$this->assertArrayNotHasKey( Connection::OPTION, wp_load_alloptions( true ) );
	}

	/**
	 * @dataProvider left_out
	 */
	public function test_the_owner_is_told_what_was_left_out( string $setting, string $typed, $kept, string $said ): void {
		$GLOBALS['wp_settings_errors'] = array();
		$this->assertSame( $kept, Settings::sanitize( array( $setting => $typed ) )[ $setting ] );
		$this->assertSame( '' === $said ? array() : array( $said ), array_column( get_settings_errors( Settings::GROUP ), 'message' ) );
		$GLOBALS['wp_settings_errors'] = array();
	}

	public function left_out(): array {
		return array(
			'no URL'       => array( 'contact', 'javascript:alert(1)', '', 'This is neither an e-mail address nor the URL of a page and was left out: javascript:alert(1).' ),
			'no contact'   => array( 'contact', '', '', '' ),
			'a contact'    => array( 'contact', 'us@shop.test', 'us@shop.test', '' ),
			'no addresses' => array( 'digest_to', "me@shop.test\nus & you", array( 'me@shop.test' ), 'These are no e-mail addresses and were left out: us, &amp;, you.' ),
			'addresses'    => array( 'digest_to', 'me@shop.test; you@shop.test', array( 'me@shop.test', 'you@shop.test' ), '' ),
			'no ranges'    => array( 'trusted_proxies', "10.0.0.0/8\nmy proxy", array( '10.0.0.0/8' ), 'These are no IP addresses or ranges and were left out: my proxy.' ),
		);
	}
}
