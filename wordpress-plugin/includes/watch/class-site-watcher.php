<?php
/**
 * Site watcher: changes of site settings and of this plugin's settings -> one row for all posts.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Pushes everything only where the sidecar cannot have it; elsewhere content hashes show which posts changed.
 */
final class Site_Watcher {

	/** Settings that decide what is indexed. */
	private const OF_CONTENT = array( 'post_types', 'meta_keys', 'linked_files', 'include_comments', 'index_private', 'guest_check' );

	/**
	 * Every URL changed, or the sidecar did: push every post.
	 */
	public static function push_all(): void {
		Watch::record( array( 0 ), 'site', Outbox::SCAN );
	}

	/**
	 * Any post may have changed, as after an import: compare the content hash of every post.
	 */
	public static function check_all(): void {
		Watch::record( array( 0 ), 'check', Outbox::SCAN );
	}

	/**
	 * Another theme or other plugins may show guests less, or more.
	 */
	public static function plugins_changed(): void {
		if ( 'never' !== Settings::get( 'guest_check' ) ) {
			self::check_all();
		}
	}

	/**
	 * The language of the site changed.
	 */
	public static function language_changed(): void {
		// Core caches the locale for the whole request, and the push may follow in this request.
		$GLOBALS['locale'] = null; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- resets core's cache.
		self::check_all();
	}

	/**
	 * The front page changed, whose URL is the site's, or the posts page, whose text nobody sees.
	 *
	 * @param mixed $old_value Before: an id, or what the front page shows.
	 * @param mixed $new_value After.
	 */
	public static function front_page_changed( $old_value, $new_value ): void {
		$page_ids = array_map( 'intval', array( $old_value, $new_value, get_option( 'page_on_front' ), get_option( 'page_for_posts' ) ) );
		Watch::record( array_unique( array_filter( $page_ids ) ), 'page' );
	}

	/**
	 * The roles that may read private posts may have changed.
	 */
	public static function roles_changed(): void {
		if ( Settings::get( 'index_private' ) ) {
			self::check_all();
		}
	}

	/**
	 * Settings of this plugin were saved.
	 *
	 * @param mixed $old_settings Before.
	 * @param mixed $new_settings After.
	 */
	public static function settings_changed( $old_settings, $new_settings ): void {
		if ( ! ( $old_settings['linked_files'] ?? true ) && ( $new_settings['linked_files'] ?? true ) ) {
			// Only a post that is rendered tells its files.
			self::push_all();
			return;
		}
		foreach ( self::OF_CONTENT as $name ) {
			$default = Settings::definitions()[ $name ]['default'];
			if ( ( $old_settings[ $name ] ?? $default ) !== ( $new_settings[ $name ] ?? $default ) ) {
				self::check_all();
				return;
			}
		}
	}

	/**
	 * Another sidecar, or another site in it, has no documents yet. A new secret alone changes nothing. What failed by the old
	 * connection waits no longer.
	 *
	 * @param mixed $old_parts Before.
	 * @param mixed $new_parts After.
	 */
	public static function connection_changed( $old_parts, $new_parts ): void {
		delete_option( Push_Log::OPTION );
		Outbox::retry_now();
		foreach ( array( 'sidecar_url', 'site_id' ) as $part ) {
			if ( ( $old_parts[ $part ] ?? '' ) !== ( $new_parts[ $part ] ?? '' ) && ! Moved::is_moving() ) {
				self::push_all();
				return;
			}
		}
		Push_Schedule::soon();
	}
}
