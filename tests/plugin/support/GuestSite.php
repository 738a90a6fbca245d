<?php

namespace RagAsk\Tests;

use RagAsk\Settings;

/**
 * The throw-away site at the address of a real web server, so that it can request its own pages, with must-use plugins of its own.
 */
trait GuestSite {

	private static WebSite $site;
	private static string $folder;

	public static function setUpBeforeClass(): void {
		self::$site   = new WebSite();
		self::$folder = WP_CONTENT_DIR . '/mu-plugins';
		is_dir( self::$folder ) || mkdir( self::$folder );
	}

	public static function tearDownAfterClass(): void {
		self::$site->stop();
	}

	protected function setUp(): void {
		parent::setUp();
		$this->move_to( self::$site->url );
	}

	protected function tearDown(): void {
		array_map( 'unlink', glob( self::$folder . '/*.php' ) );
		$this->move_to( 'http://shop.test' );
		parent::tearDown();
	}

	private function move_to( string $url ): void {
		update_option( 'home', $url );
		update_option( 'siteurl', $url );
		$this->forget_rows();
	}

	private function choose( string $setting ): void {
		update_option( Settings::OPTION, array( 'guest_check' => $setting ) );
	}

	/**
	 * Add a must-use plugin, which both the pusher and the web server load.
	 */
	private function use_plugin( string $code ): void {
		file_put_contents( self::$folder . '/' . md5( $code ) . '.php', '<?php ' . $code );
	}

	private function use_membership( string $design ): void {
		copy( dirname( __DIR__ ) . "/fakes/membership/$design.php", self::$folder . "/$design.php" );
	}

	/**
	 * What a push in a process of its own would send of a post.
	 */
	private function pushed( int $post_id ): array {
		return $this->pushed_all( array( $post_id ) )[0];
	}

	private function pushed_all( array $post_ids ): array {
		$changes = $this->in_another_request( '', sprintf( 'require WP_PLUGIN_DIR . "/rag-ask/includes/functions.php"; echo json_encode( array_map( fn( $id ) => RagAsk\change_for( $id, 5 ), array( %s ) ) );', implode( ',', $post_ids ) ) );
		wp_cache_flush();
		return $changes;
	}
}
