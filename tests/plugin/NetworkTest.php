<?php

namespace RagAsk\Tests;

/**
 * A network of sites beside the single one: tables of another prefix in the same database, each step in a process of its own.
 */
final class NetworkTest extends TestCase {

	// A parameter of core's own that PHP 8.3 frowns at would be printed into what a test reads.
	private const CONSTANTS = 'set_error_handler( static fn( $kind, $message, $file ) => str_ends_with( $file, "ms-functions.php" ) ); $table_prefix = "net_"; define( "MULTISITE", true ); define( "SUBDOMAIN_INSTALL", false ); define( "DOMAIN_CURRENT_SITE", "shop.test" );
		define( "PATH_CURRENT_SITE", "/" ); define( "SITE_ID_CURRENT_SITE", 1 ); define( "BLOG_ID_CURRENT_SITE", 1 );';

	private static FakeSidecar $sidecar;

	private static bool $is_installed = false;

	public static function setUpBeforeClass(): void {
		self::$sidecar = new FakeSidecar();
	}

	public static function tearDownAfterClass(): void {
		global $wpdb;
		self::$sidecar->stop();
		foreach ( $wpdb->get_col( "SHOW TABLES LIKE 'net\\_%'" ) as $table ) {
			$wpdb->query( "DROP TABLE $table" );
		}
	}

	protected function setUp(): void {
		parent::setUp();
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'purge-response' ) ) );
		if ( self::$is_installed ) {
			return;
		}
		self::$is_installed = true;
		$this->in_another_request(
			'$table_prefix = "net_"; define( "WP_INSTALLING", true );',
			'require_once ABSPATH . "wp-admin/includes/upgrade.php"; add_filter( "pre_wp_mail", "__return_true" );
			wp_install( "Network", "owner", "owner@shop.test", true, "", "a password of the test" );
			update_option( "siteurl", "http://shop.test" ); update_option( "home", "http://shop.test" );
			foreach ( $wpdb->tables( "ms_global" ) as $table => $name ) { $wpdb->$table = $name; }
			install_network(); populate_network( 1, "shop.test", "owner@shop.test", "Network", "/", false );
			echo "true";'
		);
		$this->network( 'update_site_option( "active_sitewide_plugins", array( "rag-ask/rag-ask.php" => time() ) );' );
	}

	public function test_a_new_site_installs_itself_and_is_a_tenant_of_its_own(): void {
		$site = $this->site( 'one' );
		$this->assertSame( array( 'site-one', array( 'site', 'waiting' ) ), $this->network( 'return array( RagAsk\Connection::current()->site_id, $wpdb->get_row( "SELECT object_type, state FROM " . RagAsk\Outbox::table() . " WHERE object_type = \'site\'", ARRAY_N ) );', $site ) );
		$this->assertNull( $this->network( 'return RagAsk\Connection::current();' ), 'The main site has a connection of its own, or none.' );
	}

	public function test_the_connection_of_wp_config_is_that_of_the_main_site_only(): void {
		$site     = $this->site( 'two' );
		$constant = 'define( "RAG_ASK_CONNECTION", ' . var_export( $this->contract( 'connection-string' )['connection_string'], true ) . ' );';
		$this->assertSame( 'crumb-and-kettle', $this->network( 'return RagAsk\Connection::current()->site_id;', 1, $constant ) );
		$this->assertSame( 'site-two', $this->network( 'return RagAsk\Connection::current()->site_id;', $site, $constant ) );
	}

	/**
	 * @testWith ["archived"]
	 *           ["deleted"]
	 *           ["spam"]
	 */
	public function test_a_site_that_is_taken_away_is_purged_by_the_main_site_and_comes_back_whole( string $status ): void {
		$site = $this->site( $status );
		$this->network( 'wp_clear_scheduled_hook( "rag_ask_purge" );' );
		self::$sidecar->answers( array( 'hang_s' => 1, 'status' => 500, 'error' => array( 'internal_error', 'No.' ) ), array( 'status' => 200, 'json' => $this->contract( 'purge-response' ) ) );
		$this->network( "update_blog_status( $site, '$status', 1 );" );
		$this->assertSame( array(), self::$sidecar->requests(), 'Whoever archives a site does not wait.' );
		$this->assertTrue( $this->network( 'return (bool) wp_next_scheduled( "rag_ask_purge" );' ) );
		$this->assertNull( $this->network( "switch_to_blog( $site ); return RagAsk\Connection::current();" ), 'Nothing is pushed from a site that nobody can visit.' );

		$this->network( 'RagAsk\Network::purge_closed(); RagAsk\Network::purge_closed();' );
		$this->assertCount( 1, self::$sidecar->requests(), 'After a failure the next attempt waits.' );
		$this->network( "\$note = get_network_option( null, 'rag_ask_purge_$site' ); \$note['next_attempt_at'] = 0; update_network_option( null, 'rag_ask_purge_$site', \$note ); RagAsk\Network::purge_closed(); RagAsk\Network::purge_closed();" );
		$requests = self::$sidecar->requests();
		$this->assertSame( array( 'DELETE', '/v1/site', "{\"site_id\":\"site-$status\"}" ), array( $requests[1]['method'], $requests[1]['path'], $requests[1]['body'] ) );
		$this->assertCount( 2, $requests );

		$this->network( "switch_to_blog( $site ); \$wpdb->query( 'UPDATE ' . RagAsk\Outbox::table() . ' SET state = \"settled\"' );" );
		$this->network( "update_blog_status( $site, '$status', 0 );" );
		$this->assertSame( array( "site-$status", 'waiting', true ), $this->network( 'return array( RagAsk\Connection::current()->site_id, $wpdb->get_var( "SELECT state FROM " . RagAsk\Outbox::table() . " WHERE object_type = \'site\'" ), (bool) wp_next_scheduled( "rag_ask_push" ) );', $site ) );
	}

	public function test_a_site_that_comes_back_at_once_is_not_purged(): void {
		$site = $this->site( 'quick' );
		$this->network( "update_blog_status( $site, 'archived', 1 ); update_blog_status( $site, 'archived', 0 ); RagAsk\Network::purge_closed();" );
		$this->assertSame( array(), self::$sidecar->requests() );
	}

	public function test_a_site_deleted_for_good_is_purged_and_leaves_no_table(): void {
		$site = $this->site( 'gone' );
		$this->network( "require_once ABSPATH . 'wp-admin/includes/admin.php'; wp_delete_site( $site );" );
		$this->network( 'RagAsk\Network::purge_closed();' );
		$this->assertSame( '{"site_id":"site-gone"}', self::$sidecar->requests()[0]['body'] );
		$this->assertSame( array(), $GLOBALS['wpdb']->get_col( "SHOW TABLES LIKE 'net\\_{$site}\\_rag%'" ) );
		$this->assertSame( array(), $this->network( 'return $wpdb->get_col( "SELECT meta_key FROM $wpdb->sitemeta WHERE meta_key LIKE \'rag_ask%\'" );' ) );
	}

	public function test_after_a_week_a_failing_purge_is_dropped_and_logged(): void {
		$note = array( 'parts' => $this->parts( 'lost' ), 'queued_at' => time() - 8 * DAY_IN_SECONDS, 'attempts' => 40, 'next_attempt_at' => 0 );
		self::$sidecar->answers( array( 'status' => 401, 'error' => array( 'token_invalid', 'The token is not valid.' ) ) );
		$code = 'update_network_option( null, "rag_ask_purge_99", ' . var_export( $note, true ) . ' ); $file = tempnam( sys_get_temp_dir(), "log" ); ini_set( "error_log", $file ); RagAsk\Network::purge_closed();
			return array( get_network_option( null, "rag_ask_purge_99" ), file_get_contents( $file ) );';
		list( $left, $log ) = $this->network( $code );
		$this->assertFalse( $left );
		$this->assertStringContainsString( 'the documents of site-lost could not be purged in a week: The token is not valid.', $log );
	}

	public function test_uninstalling_leaves_nothing_on_more_than_a_hundred_sites(): void {
		$this->site( 'first' );
		$this->network(
			'for ( $i = 0; $i < 101; $i++ ) { $id = wp_insert_site( array( "domain" => "shop.test", "path" => "/many-$i/", "network_id" => 1, "user_id" => 1, "title" => "Many" ) ); }
			switch_to_blog( $id ); RagAsk\Installer::activate(); update_option( "rag_ask_connection", ' . var_export( $this->parts( 'last' ), true ) . ', false );
			$post_id = wp_insert_post( array( "post_title" => "A post", "post_status" => "publish" ) ); update_post_meta( $post_id, "_rag_ask_exclude", "1" );
			set_transient( "rag_ask_estimate", 1, 60 ); wp_schedule_single_event( time(), "rag_ask_jobs" ); restore_current_blog();
			update_user_meta( 1, "rag_ask_notice", 1 ); update_network_option( null, "rag_ask_purge_1", array() ); delete_site_option( "active_sitewide_plugins" );'
		);
		self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'purge-response' ) ) );
		$this->in_another_request( self::CONSTANTS, 'define( "WP_UNINSTALL_PLUGIN", "rag-ask/rag-ask.php" ); require WP_PLUGIN_DIR . "/rag-ask/uninstall.php"; echo "true";' );
		$bodies = array_column( self::$sidecar->requests(), 'body' );
		$this->assertContains( '{"site_id":"site-last"}', $bodies );
		$this->assertContains( '{"site_id":"site-first"}', $bodies );
		$this->assertSame( array(), $this->left() );
	}

	/**
	 * Everything of the plugin in every table of the network.
	 */
	private function left(): array {
		global $wpdb;
		$left = $wpdb->get_col( "SHOW TABLES LIKE 'net\\_%rag\\_ask%'" );
		foreach ( array( 'options' => 'option_name', 'postmeta' => 'meta_key', 'usermeta' => 'meta_key', 'sitemeta' => 'meta_key' ) as $kind => $column ) {
			foreach ( $wpdb->get_col( "SHOW TABLES LIKE 'net\\_%$kind'" ) as $table ) {
				$left = array( ...$left, ...$wpdb->get_col( "SELECT $column FROM $table WHERE $column LIKE '%rag\\_ask%'" ) );
			}
		}
		foreach ( $wpdb->get_col( "SHOW TABLES LIKE 'net\\_%options'" ) as $table ) {
			$left = array( ...$left, ...$wpdb->get_col( "SELECT option_value FROM $table WHERE option_name = 'cron' AND option_value LIKE '%rag\\_ask%'" ) );
		}
		return $left;
	}

	/**
	 * A new site, connected, after its first request.
	 */
	private function site( string $name ): int {
		$site = $this->network( 'return wp_insert_site( array( "domain" => "shop.test", "path" => "/' . $name . '/", "network_id" => 1, "user_id" => 1, "title" => "A site" ) );' );
		$this->network( 'update_option( "rag_ask_connection", ' . var_export( $this->parts( $name ), true ) . ', false );', $site );
		return $site;
	}

	private function parts( string $name ): array {
		return array( 'sidecar_url' => self::$sidecar->url, 'site_id' => "site-$name", 'secret' => $this->contract( 'connection-string' )['secret'] );
	}

	/**
	 * Run PHP on a site of the network, as a request to that site would.
	 */
	private function network( string $code, int $site = 1, string $before = '' ) {
		$path = 1 === $site ? '/' : $GLOBALS['wpdb']->get_var( "SELECT path FROM net_blogs WHERE blog_id = $site" );
		return $this->in_another_request( "\$_SERVER['REQUEST_URI'] = '$path';" . self::CONSTANTS . $before, "echo json_encode( ( static function () { global \$wpdb; $code } )() );" );
	}
}
