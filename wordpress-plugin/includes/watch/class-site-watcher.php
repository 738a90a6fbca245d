<?php
/**
 * Settings of the site and of this plugin: a WordPress hook -> "any post may have changed".
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Everything is pushed again only where the sidecar cannot have it; elsewhere fingerprints tell which posts changed.
 */
final class Site_Watcher {

	/** Settings that decide what is indexed, and how. */
	private const OF_CONTENT = array( 'post_types', 'meta_keys', 'include_comments', 'index_private' );

	/**
	 * Every address, or the sidecar, is another one.
	 */
	public static function everything_changed(): void {
		Watch::record( array( 0 ), 'site', Outbox::SCAN );
	}

	/**
	 * Any post may have changed: after an import, or with a setting.
	 */
	public static function anything_changed(): void {
		Watch::record( array( 0 ), 'check', Outbox::SCAN );
	}

	/**
	 * The site speaks another language.
	 */
	public static function language_changed(): void {
		// Core remembers the locale for the whole request, and the push may follow in this one.
		$GLOBALS['locale'] = null; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- read again when it is needed.
		self::anything_changed();
	}

	/**
	 * Another page may be the front page, whose address is the site's.
	 *
	 * @param mixed $old_value Before: an id, or what the front page shows.
	 * @param mixed $new_value After.
	 */
	public static function front_page_changed( $old_value, $new_value ): void {
		$page_ids = array_map( 'intval', array( $old_value, $new_value, get_option( 'page_on_front' ) ) );
		Watch::record( array_unique( array_filter( $page_ids ) ), 'page' );
	}

	/**
	 * Another role may read private posts.
	 */
	public static function roles_changed(): void {
		if ( Settings::get( 'index_private' ) ) {
			self::anything_changed();
		}
	}

	/**
	 * Settings of this plugin were saved.
	 *
	 * @param mixed $old_settings Before.
	 * @param mixed $new_settings After.
	 */
	public static function settings_changed( $old_settings, $new_settings ): void {
		foreach ( self::OF_CONTENT as $name ) {
			$default = Settings::definitions()[ $name ]['default'];
			if ( ( $old_settings[ $name ] ?? $default ) !== ( $new_settings[ $name ] ?? $default ) ) {
				self::anything_changed();
				return;
			}
		}
	}

	/**
	 * Another sidecar, or another site in it, knows nothing yet. A new secret alone changes nothing.
	 *
	 * @param mixed $old_parts Before.
	 * @param mixed $new_parts After.
	 */
	public static function connection_changed( $old_parts, $new_parts ): void {
		foreach ( array( 'sidecar_url', 'site_id' ) as $part ) {
			if ( ( $old_parts[ $part ] ?? '' ) !== ( $new_parts[ $part ] ?? '' ) ) {
				self::everything_changed();
				return;
			}
		}
		Push_Schedule::soon();
	}
}
