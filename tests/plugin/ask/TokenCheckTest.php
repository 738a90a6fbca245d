<?php

namespace RagAsk\Tests;

use RagAsk\Token_Check;
use RagAsk\Health;
use RagAsk\Site_Health;

final class TokenCheckTest extends TestCase {

	private static WebSite $site;

	public static function setUpBeforeClass(): void {
		self::$site = new WebSite();
	}

	public static function tearDownAfterClass(): void {
		self::$site->stop();
	}

	protected function setUp(): void {
		parent::setUp();
		add_filter( 'rest_url', array( $this, 'own_url' ) );
	}

	protected function tearDown(): void {
		remove_filter( 'rest_url', array( $this, 'own_url' ) );
		array_map( 'unlink', glob( WPMU_PLUGIN_DIR . '/shut-*.php' ) );
	}

	/**
	 * Where the site is reached here.
	 */
	public function own_url(): string {
		return self::$site->url . '/?rest_route=/rag-ask/v1/token';
	}

	public function test_a_site_that_gives_tokens_has_no_problem(): void {
		Token_Check::run();
		$this->assertSame( '', Token_Check::problem() );
	}

	/**
	 * As h13: what plugins do that "disable the REST API".
	 *
	 * @dataProvider designs
	 */
	public function test_guests_who_are_shut_out_are_a_problem( string $code, string $said ): void {
		$this->shut( $code );
		Token_Check::run();
		$this->assertStringContainsString( $said, Health::problems()['guests_refused'] );
		$this->assertStringContainsString( 'Allow POST ' . self::$site->url, Health::problems()['guests_refused'] );
		$this->assertStringContainsString( 'Visitors get no answers', Site_Health::sync_test()['description'] );
		array_map( 'unlink', glob( WPMU_PLUGIN_DIR . '/shut-*.php' ) );
		Token_Check::run();
		$this->assertArrayNotHasKey( 'guests_refused', Health::problems() );
	}

	public function designs(): array {
		return array(
			'an error for guests'      => array( 'add_filter( "rest_authentication_errors", fn( $r ) => is_user_logged_in() ? $r : new WP_Error( "rest_login_required", "Members <b>only</b>.", array( "status" => 401 ) ) );', '(HTTP 401, Members only.)' ),
			'the routes are taken out' => array( 'add_filter( "rest_endpoints", fn( $routes ) => is_user_logged_in() ? $routes : array() );', '(HTTP 404' ),
			'a page of a firewall'     => array( 'if ( isset( $_GET["rest_route"] ) ) { http_response_code( 403 ); exit( "<h1>Blocked</h1>" ); }', '(HTTP 403)' ),
			'sent to the login'        => array( 'add_filter( "rest_authentication_errors", function () { header( "Location: /wp-login.php", true, 302 ); exit; } );', '(HTTP 302)' ),
		);
	}

	public function test_a_challenge_and_a_host_without_loopback_are_no_problem(): void {
		$this->shut( 'add_filter( "rag_ask_challenge", "__return_false" );' );
		Token_Check::run();
		$this->assertSame( '', Token_Check::problem() );
		add_filter( 'rest_url', $nowhere = static fn() => 'http://127.0.0.1:9/', 11 );
		Token_Check::run();
		remove_filter( 'rest_url', $nowhere, 11 );
		$this->assertSame( '', Token_Check::problem() );
	}

	public function test_it_is_checked_once_an_hour(): void {
		Token_Check::refresh();
		$this->shut( 'add_filter( "rest_endpoints", "__return_empty_array" );' );
		Token_Check::refresh();
		$this->assertSame( '', Token_Check::problem() );
		update_option( Token_Check::OPTION, array( 'checked_at' => time() - HOUR_IN_SECONDS - 1, 'problem' => '' ), false );
		Token_Check::refresh();
		$this->assertNotSame( '', Token_Check::problem() );
	}

	private function shut( string $code ): void {
		wp_mkdir_p( WPMU_PLUGIN_DIR );
		file_put_contents( WPMU_PLUGIN_DIR . '/shut-' . bin2hex( random_bytes( 4 ) ) . '.php', "<?php\n$code" );
	}
}
