<?php
/**
 * What the plugin needs before it works.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Each site of a network installs itself at its first request, so new sites need no hook.
 */
final class Installer {

	public const OPTION = 'rag_ask_schema';

	private const SCHEMA = 2;

	/**
	 * Install here and now, and queue the content that is already there.
	 */
	public static function activate(): void {
		delete_option( self::OPTION );
		self::upgrade();
	}

	/**
	 * Bring this site up to date; one autoloaded option tells whether there is anything to do.
	 */
	public static function upgrade(): void {
		if ( self::SCHEMA === (int) get_option( self::OPTION ) ) {
			return;
		}
		// Before the work: a table that cannot be made must not be tried again on every page.
		update_option( self::OPTION, self::SCHEMA, true );
		// Made here, so that the first save is an update as all others are.
		add_option( Settings::OPTION, array(), '', true );
		add_option( Connection::OPTION, array(), '', false );
		Outbox::install();
		Push_Schedule::keep();
		Job_Schedule::keep();
		Site_Watcher::everything_changed();
	}

	/**
	 * Stop the events. The rows stay, so that nothing is forgotten while the plugin is off.
	 *
	 * @param bool $is_network_wide Whether for all sites of the network.
	 */
	public static function deactivate( bool $is_network_wide = false ): void {
		self::on_sites(
			$is_network_wide,
			static function () {
				Push_Schedule::stop();
				Job_Schedule::stop();
				Insights::stop();
				// The next activation scans again: changes made meanwhile were not seen.
				delete_option( self::OPTION );
			}
		);
	}

	/**
	 * A site that is removed from the network takes its outbox along.
	 *
	 * @param string[] $tables  What core drops.
	 * @param int      $site_id The site.
	 */
	public static function add_table( array $tables, int $site_id ): array {
		global $wpdb;
		$tables[] = $wpdb->get_blog_prefix( $site_id ) . Outbox::TABLE;
		return $tables;
	}

	/**
	 * Do something on this site, or on every site of the network.
	 *
	 * @param bool     $is_for_all Whether on every site.
	 * @param callable $work       What to do.
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
