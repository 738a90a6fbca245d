<?php
/**
 * Network: sites that are closed, deleted or reopened.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A closed site is purged from the sidecar by the main site's cron, with retries; the pending purge is a network option.
 *
 * It holds the connection, because a deleted site has no options any more.
 */
final class Network {

	public const EVENT  = 'rag_ask_purge';
	public const PREFIX = 'rag_ask_purge_';

	private const MAX_SITES_PER_RUN = 20;
	private const MAX_AGE_S         = WEEK_IN_SECONDS;

	/**
	 * A site was archived, marked as deleted or as spam.
	 *
	 * @param int $blog_id The site.
	 */
	public static function site_closed( int $blog_id ): void {
		self::queue_purge( $blog_id );
	}

	/**
	 * A site is about to be deleted for good, with its tables.
	 *
	 * @param \WP_Site $site The site.
	 */
	public static function site_deleted( \WP_Site $site ): void {
		self::queue_purge( (int) $site->blog_id );
	}

	/**
	 * A site was reopened: queue its content again.
	 *
	 * @param int $blog_id The site.
	 */
	public static function site_reopened( int $blog_id ): void {
		if ( self::is_closed( $blog_id ) ) {
			return;
		}
		delete_network_option( null, self::PREFIX . $blog_id );
		switch_to_blog( $blog_id );
		// A site that never ran the plugin installs itself on its first request.
		if ( get_option( Installer::OPTION ) ) {
			Site_Watcher::push_all();
			wp_schedule_single_event( time(), Pusher::EVENT );
		}
		restore_current_blog();
	}

	/**
	 * Whether this site is archived, deleted or marked as spam.
	 *
	 * @param int $blog_id The site, 0 for the current one.
	 */
	public static function is_closed( int $blog_id = 0 ): bool {
		$site = is_multisite() ? get_site( $blog_id ? $blog_id : null ) : null;
		return $site && ( $site->archived || $site->deleted || $site->spam );
	}

	/**
	 * Send the pending purges. Runs in the cron of the main site.
	 */
	public static function purge_closed(): void {
		if ( ! is_multisite() || ! is_main_site() ) {
			return;
		}
		foreach ( self::due_purges() as $option => $purge ) {
			$connection = Connection::from_parts( ...$purge['parts'] );
			$error      = $connection ? Purge::send( $connection ) : null;
			if ( ! $error ) {
				delete_network_option( null, $option );
				continue;
			}
			if ( time() - $purge['queued_at'] > self::MAX_AGE_S ) {
				Log::error( "the documents of $connection->site_id could not be purged in a week: " . $error->get_error_message() );
				delete_network_option( null, $option );
				continue;
			}
			++$purge['attempts'];
			$purge['next_attempt_at'] = time() + Backoff::delay_s( $purge['attempts'] );
			update_network_option( null, $option, $purge );
		}
	}

	private static function queue_purge( int $blog_id ): void {
		switch_to_blog( $blog_id );
		$parts   = Connection::parts() + array( 'urls' => Address::urls() );
		$is_used = get_option( Installer::OPTION ) && '' === Address::problem();
		restore_current_blog();
		if ( ! $is_used || ! Connection::from_parts( ...$parts ) ) {
			return;
		}
		$purge = array(
			'parts'           => $parts,
			'queued_at'       => time(),
			'attempts'        => 0,
			'next_attempt_at' => 0,
		);
		update_network_option( null, self::PREFIX . $blog_id, $purge );
		switch_to_blog( get_main_site_id() );
		wp_schedule_single_event( time(), self::EVENT );
		restore_current_blog();
	}

	/**
	 * Purges that are due.
	 *
	 * @return array<string, array{parts: array, queued_at: int, attempts: int, next_attempt_at: int}> By network option.
	 */
	private static function due_purges(): array {
		global $wpdb;
		// Core has no function that lists network options.
		$names = Database::column(
			"SELECT meta_key FROM {$wpdb->sitemeta} WHERE site_id = %d AND meta_key LIKE %s",
			get_current_network_id(),
			$wpdb->esc_like( self::PREFIX ) . '%'
		);
		$due   = array();
		foreach ( $names as $name ) {
			$purge = get_network_option( null, $name );
			if ( is_array( $purge ) && $purge['next_attempt_at'] <= time() ) {
				$due[ $name ] = $purge;
			}
		}
		return array_slice( $due, 0, self::MAX_SITES_PER_RUN );
	}
}
