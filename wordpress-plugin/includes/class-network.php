<?php
/**
 * Sites of a network that are taken away, and come back.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A withdrawn site is noted in the network's options and purged from the sidecar by the main site's cron, until it worked.
 *
 * The note holds the connection, because a deleted site has no options of its own any more.
 */
final class Network {

	public const EVENT  = 'rag_ask_withdraw';
	public const PREFIX = 'rag_ask_withdrawal_';

	private const MAX_SITES_PER_RUN = 20;
	private const GIVE_UP_AFTER_S   = WEEK_IN_SECONDS;

	/**
	 * A site was archived, marked as deleted or as spam.
	 *
	 * @param int $blog_id The site.
	 */
	public static function site_left( int $blog_id ): void {
		self::note( $blog_id );
	}

	/**
	 * A site is about to be deleted for good, with its tables.
	 *
	 * @param \WP_Site $site The site.
	 */
	public static function site_deleted( \WP_Site $site ): void {
		self::note( (int) $site->blog_id );
	}

	/**
	 * A site was taken back: what it has is queued again.
	 *
	 * @param int $blog_id The site.
	 */
	public static function site_returned( int $blog_id ): void {
		if ( self::is_withdrawn( $blog_id ) ) {
			return;
		}
		delete_network_option( null, self::PREFIX . $blog_id );
		switch_to_blog( $blog_id );
		// A site that never ran the plugin installs itself, and queues everything, at its first request.
		if ( get_option( Installer::OPTION ) ) {
			Site_Watcher::everything_changed();
			wp_schedule_single_event( time(), Pusher::EVENT );
		}
		restore_current_blog();
	}

	/**
	 * Whether nobody can visit this site any more.
	 *
	 * @param int $blog_id The site, 0 for the current one.
	 */
	public static function is_withdrawn( int $blog_id = 0 ): bool {
		$site = is_multisite() ? get_site( $blog_id ? $blog_id : null ) : null;
		return $site && ( $site->archived || $site->deleted || $site->spam );
	}

	/**
	 * Ask the sidecar to forget the sites that were noted. Runs in the cron of the main site.
	 */
	public static function withdraw(): void {
		if ( ! is_multisite() || ! is_main_site() ) {
			return;
		}
		foreach ( self::notes() as $option => $note ) {
			$connection = Connection::from_parts( ...$note['parts'] );
			$error      = $connection ? Purge::ask( $connection ) : null;
			if ( ! $error ) {
				delete_network_option( null, $option );
				continue;
			}
			if ( time() - $note['noted_at'] > self::GIVE_UP_AFTER_S ) {
				Log::error( "the documents of $connection->site_id were not withdrawn in a week: " . $error->get_error_message() );
				delete_network_option( null, $option );
				continue;
			}
			++$note['attempts'];
			$note['next_attempt_at'] = time() + Backoff::delay_s( $note['attempts'] );
			update_network_option( null, $option, $note );
		}
	}

	private static function note( int $blog_id ): void {
		switch_to_blog( $blog_id );
		$parts   = Connection::parts();
		$is_used = (bool) get_option( Installer::OPTION );
		restore_current_blog();
		if ( ! $is_used || ! Connection::from_parts( ...$parts ) ) {
			return;
		}
		$note = array(
			'parts'           => $parts,
			'noted_at'        => time(),
			'attempts'        => 0,
			'next_attempt_at' => 0,
		);
		update_network_option( null, self::PREFIX . $blog_id, $note );
		switch_to_blog( get_main_site_id() );
		wp_schedule_single_event( time(), self::EVENT );
		restore_current_blog();
	}

	/**
	 * Sites to withdraw now.
	 *
	 * @return array<string, array{parts: array, noted_at: int, attempts: int, next_attempt_at: int}> By network option.
	 */
	private static function notes(): array {
		global $wpdb;
		$names = $wpdb->get_col( // phpcs:ignore WordPress.DB -- network options cannot be listed otherwise.
			$wpdb->prepare(
				"SELECT meta_key FROM {$wpdb->sitemeta} WHERE site_id = %d AND meta_key LIKE %s",
				get_current_network_id(),
				$wpdb->esc_like( self::PREFIX ) . '%'
			)
		);
		$notes = array();
		foreach ( $names as $name ) {
			$note = get_network_option( null, $name );
			if ( is_array( $note ) && $note['next_attempt_at'] <= time() ) {
				$notes[ $name ] = $note;
			}
		}
		return array_slice( $notes, 0, self::MAX_SITES_PER_RUN );
	}
}
