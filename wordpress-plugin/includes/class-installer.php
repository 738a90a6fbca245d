<?php
/**
 * Installer: table, options and events of a site.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Each site of a network installs itself on its first request, so new sites need no hook.
 */
final class Installer {

	public const OPTION = 'rag_ask_schema';

	private const SCHEMA = 2;

	/**
	 * Install on this site and queue its content.
	 */
	public static function activate(): void {
		delete_option( self::OPTION );
		self::upgrade();
	}

	/**
	 * Upgrade this site if its schema is old, which one autoloaded option tells.
	 */
	public static function upgrade(): void {
		if ( self::SCHEMA === (int) get_option( self::OPTION ) ) {
			return;
		}
		// Set first: a failing upgrade must not run again on every page.
		update_option( self::OPTION, self::SCHEMA, true );
		// Created here, so that the first save fires update_option_* as all others do.
		add_option( Settings::OPTION, array(), '', true );
		add_option( Connection::OPTION, array(), '', false );
		Outbox::install();
		File_Links::install();
		Push_Schedule::ensure_event();
		Job_Schedule::ensure_event();
		Site_Watcher::push_all();
	}

	/**
	 * Unschedule the events. The outbox stays, so that nothing is lost while the plugin is off.
	 *
	 * @param bool $is_network_wide Whether on all sites of the network.
	 */
	public static function deactivate( bool $is_network_wide = false ): void {
		self::on_sites(
			$is_network_wide,
			static function () {
				Push_Schedule::clear_events();
				Job_Schedule::clear_events();
				Insights::clear_events();
				// The next activation scans everything again, because changes made meanwhile are not recorded.
				delete_option( self::OPTION );
			}
		);
	}

	/**
	 * Drop the tables of this plugin with those of a deleted site.
	 *
	 * @param string[] $tables  Tables that core drops.
	 * @param int      $site_id The site.
	 */
	public static function add_table( array $tables, int $site_id ): array {
		global $wpdb;
		$tables[] = $wpdb->get_blog_prefix( $site_id ) . Outbox::TABLE;
		$tables[] = $wpdb->get_blog_prefix( $site_id ) . File_Links::TABLE;
		return $tables;
	}

	/**
	 * Call a function on this site, or on every site of the network.
	 *
	 * @param bool     $is_for_all Whether on every site.
	 * @param callable $work       The function.
	 */
	public static function on_sites( bool $is_for_all, callable $work ): void {
		if ( ! $is_for_all || ! is_multisite() ) {
			$work();
			return;
		}
		$site_ids = get_sites(
			array(
				'fields' => 'ids',
				'number' => 0,
			)
		);
		foreach ( $site_ids as $site_id ) {
			switch_to_blog( $site_id );
			$work();
			restore_current_blog();
		}
	}
}
