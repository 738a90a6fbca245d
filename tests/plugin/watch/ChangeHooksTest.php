<?php

namespace RagAsk\Tests;

use RagAsk\Change_Hooks;
use RagAsk\Connection;
use RagAsk\Outbox;

final class ChangeHooksTest extends TestCase {

	public function test_the_table_in_the_docs_names_every_hook_and_a_test_of_each(): void {
		preg_match_all( '/^\|(.+)\|(.+)\|(.+)\| `(\w+)::(\w+)` \|$/m', file_get_contents( dirname( __DIR__, 3 ) . '/docs/developers/sync.md' ), $rows, PREG_SET_ORDER );
		$this->assertGreaterThan( 30, count( $rows ) );
		$hooks = '';
		foreach ( $rows as list( , , $hook, , $class, $method ) ) {
			require_once current( (array) glob( dirname( __DIR__ ) . "/{watch,content,fields,files}/$class.php", GLOB_BRACE ) );
			$this->assertTrue( method_exists( __NAMESPACE__ . '\\' . $class, $method ), "$class::$method" );
			$hooks .= $hook;
		}
		foreach ( Change_Hooks::ALL as list( $hook ) ) {
			$this->assertStringContainsString( "`$hook`", $hooks );
		}
	}

	public function test_every_hook_is_listened_to(): void {
		foreach ( Change_Hooks::ALL as list( $hook, $watcher, $method ) ) {
			$this->assertTrue( has_action( $hook ), $hook );
			$this->assertTrue( is_callable( array( $watcher, $method ) ), "$watcher::$method" );
		}
	}

	public function test_what_other_plugins_hand_to_a_hook_breaks_nothing(): void {
		$log = $this->logged( static function () {
			do_action( 'edited_term', null, null, null );
			do_action( 'profile_update', 1, 'no user' );
			do_action( 'wp_after_insert_post', 1, null, true, null );
		} );
		$this->assertSame( 3, substr_count( $log, 'RAG Ask: a change was not queued' ) );
	}

	/**
	 * A page that is only looked at gets its hooks at the first write.
	 *
	 * @dataProvider changes
	 */
	public function test_what_a_plugin_changes_while_a_page_is_looked_at_is_seen( string $change, string $type = 'post' ): void {
		global $wpdb;
		$post_id = $this->post( array( 'post_type' => 'post', 'meta_input' => array( '_genesis_noindex' => '0' ) ) );
		$this->forget_rows();
		$this->in_another_request( '$_SERVER["REQUEST_METHOD"] = "GET";', "global \$wpdb; \$id = $post_id; $change echo 1;" );
		$this->assertSame( array( $type ), $wpdb->get_col( 'SELECT object_type FROM ' . Outbox::table() . " WHERE state = 'waiting' AND object_id = $post_id" ) );
	}

	public function changes(): array {
		return array(
			'update'             => array( 'wp_update_post( array( "ID" => $id, "post_content" => "We open at eight." ) );' ),
			'trash'              => array( 'wp_trash_post( $id );' ),
			'delete'             => array( 'wp_delete_post( $id, true );' ),
			'terms'              => array( 'wp_set_post_terms( $id, "Fresh", "post_tag" );' ),
			'meta'               => array( 'update_post_meta( $id, "_genesis_noindex", "1" );' ),
			'meta of all posts'  => array( 'delete_post_meta_by_key( "_genesis_noindex" );' ),
			'written by itself'  => array( '$wpdb->update( $wpdb->posts, array( "post_title" => "Tea" ), array( "ID" => $id ) ); clean_post_cache( $id );', 'check' ),
			'after a comment'    => array( '$wpdb->query( "/* tea */ UPDATE $wpdb->posts SET post_title = \'Tea\' WHERE ID = $id" ); clean_post_cache( $id );', 'check' ),
			'after a transient'  => array( 'set_transient( "tea", 1 ); wp_update_post( array( "ID" => $id, "post_title" => "Tea" ) );' ),
		);
	}

	public function test_the_key_is_encrypted_also_where_the_first_write_stores_it(): void {
		$parts = $this->contract( 'connection-string' );
		$code  = sprintf( 'update_option( "rag_ask_connection", array( "sidecar_url" => "http://127.0.0.1:9", "site_id" => "tea", "secret" => %s ), false ); echo 1;', var_export( $parts['secret'], true ) );
		$this->in_another_request( '$_SERVER["REQUEST_METHOD"] = "GET";', $code );
		wp_cache_flush();
		$stored = get_option( Connection::OPTION );
		$this->assertSame( 'tea', $stored['site_id'] );
		$this->assertStringStartsWith( 'encrypted:', $stored['secret'] );
	}
}
