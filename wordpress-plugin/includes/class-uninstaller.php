<?php
/**
 * Uninstaller: deletes everything of the plugin, here and in the sidecar.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Deletes by prefix and not by a list of names, so that nothing can be missed.
 */
final class Uninstaller {

	private const PURGE_BUDGET_S = 30.0;

	/** How the names of what core keeps of a user's screens begin. */
	private const SCREEN_OPTIONS = array( 'closedpostboxes_rag_ask_', 'metaboxhidden_rag_ask_', 'meta-box-order_rag_ask_', 'screen_layout_rag_ask_', 'edit_rag_ask_', 'manageedit-rag_ask_', 'managesettings_page_rag-ask' );

	/**
	 * Sidecars that did not answer, by URL; they are not tried again for each site.
	 *
	 * @var array<string, true>
	 */
	private static array $unreachable = array();

	/**
	 * Remove everything on every site.
	 */
	public static function run(): void {
		$deadline = microtime( true ) + self::PURGE_BUDGET_S;
		Installer::on_sites(
			is_multisite(),
			static function () use ( $deadline ) {
				if ( microtime( true ) < $deadline ) {
					self::purge();
				}
				self::remove_site();
			}
		);
		self::remove_network();
	}

	/**
	 * Purge this site from the sidecar. A failure does not stop the rest.
	 */
	private static function purge(): void {
		$connection = Connection::from_parts( ...Connection::parts(), urls: Address::urls() );
		if ( ! $connection || '' !== Address::problem() || isset( self::$unreachable[ $connection->sidecar_url ] ) ) {
			return;
		}
		$error = Purge::send( $connection );
		if ( $error ) {
			if ( 0 === $error->get_error_data()['status'] ) {
				self::$unreachable[ $connection->sidecar_url ] = true;
			}
			Log::error( "the sidecar still has the documents of $connection->site_id: " . $error->get_error_message() );
		}
	}

	/**
	 * Tables, options, transients, notes, post meta and events of this site.
	 */
	private static function remove_site(): void {
		global $wpdb;
		foreach ( _get_cron_array() as $events ) {
			foreach ( array_keys( $events ) as $hook ) {
				if ( str_starts_with( $hook, 'rag_ask_' ) ) {
					wp_unschedule_hook( $hook );
				}
			}
		}
		self::remove( $wpdb->options, 'option_name', 'rag_ask_', '_transient_rag_ask_', '_transient_timeout_rag_ask_' );
		self::remove( $wpdb->postmeta, 'meta_key', '_rag_ask_', 'rag_ask_' );
		self::remove_notes();
		Database::query( 'DROP TABLE IF EXISTS ' . Outbox::table() );
		Database::query( 'DROP TABLE IF EXISTS ' . File_Links::table() );
		// The rows were deleted past the functions that keep the cache up to date.
		wp_cache_flush();
	}

	/**
	 * The notes with what core keeps of a post: autosaves, and who edits it.
	 */
	private static function remove_notes(): void {
		global $wpdb;
		$notes = Database::ids( "SELECT ID FROM $wpdb->posts WHERE post_type = %s", Note_Type::NAME );
		foreach ( array_chunk( $notes, 1000 ) as $ids ) {
			$in = implode( ',', array_map( 'intval', $ids ) );
			Database::query( "DELETE FROM $wpdb->postmeta WHERE post_id IN ($in)" );
			Database::query( "DELETE FROM $wpdb->posts WHERE ID IN ($in) OR ( post_type = 'revision' AND post_parent IN ($in) )" );
		}
	}

	/**
	 * User meta and network options.
	 */
	private static function remove_network(): void {
		global $wpdb;
		self::remove( $wpdb->usermeta, 'meta_key', 'rag_ask_', '_rag_ask_', ...self::SCREEN_OPTIONS );
		if ( is_multisite() ) {
			self::remove( $wpdb->sitemeta, 'meta_key', 'rag_ask_', '_site_transient_rag_ask_', '_site_transient_timeout_rag_ask_' );
		}
		wp_cache_flush();
	}

	private static function remove( string $table, string $column, string ...$prefixes ): void {
		global $wpdb;
		foreach ( $prefixes as $prefix ) {
			Database::query( "DELETE FROM $table WHERE $column LIKE %s", $wpdb->esc_like( $prefix ) . '%' );
		}
	}
}
