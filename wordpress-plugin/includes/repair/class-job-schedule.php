<?php
/**
 * Job schedule: a reindex on demand, reconcile every night.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Each run takes one step of each running job; the pusher's five-minute event goes on where a run died.
 */
final class Job_Schedule {

	public const SOON    = 'rag_ask_jobs';
	public const NIGHTLY = 'rag_ask_reconcile';

	private const PAUSE_S       = 10;
	private const PAUSE_DOWN_S  = 120; // Nothing moves while the sidecar is down.
	private const NIGHT_FROM_H  = 1;
	private const NIGHT_MINUTES = 240;

	/**
	 * Take one step of each running job.
	 */
	public static function run(): void {
		try {
			if ( Reconcile::is_overdue() || Incarnation::went_back_at() ) {
				// The nightly event did not run: WP-Cron is off, and the system's cron only pushes. Or the last one failed.
				Reconcile::start();
			}
			Reindex::step();
			Reconcile::step();
		} catch ( \Throwable $error ) {
			Log::error( 'a job stopped and will be tried again: ' . $error->getMessage() );
		}
		if ( Reindex::is_running() || Reconcile::is_running() ) {
			self::soon( Push_Log::read()['failures'] ? self::PAUSE_DOWN_S : self::PAUSE_S );
		}
	}

	/**
	 * Run in another request.
	 *
	 * @param int $delay_s Seconds from now.
	 */
	public static function soon( int $delay_s = 0 ): void {
		wp_schedule_single_event( time() + $delay_s, self::SOON );
	}

	/**
	 * Start reconcile.
	 */
	public static function run_nightly(): void {
		Reconcile::start();
		self::run();
	}

	/**
	 * Schedule the nightly event if it is missing.
	 */
	public static function ensure_event(): void {
		if ( ! wp_next_scheduled( self::NIGHTLY ) ) {
			wp_schedule_event( self::next_night( time() ), 'daily', self::NIGHTLY );
		}
	}

	/**
	 * Unschedule all events.
	 */
	public static function clear_events(): void {
		wp_clear_scheduled_hook( self::SOON );
		wp_clear_scheduled_hook( self::NIGHTLY );
	}

	/**
	 * The next time between 01:00 and 05:00 in the site's time zone, at a minute derived from its URL, because many sites share a sidecar.
	 *
	 * @param int $now Unix time.
	 */
	public static function next_night( int $now ): int {
		$minute = crc32( home_url() ) % self::NIGHT_MINUTES;
		$night  = ( new \DateTimeImmutable( '@' . $now ) )->setTimezone( wp_timezone() )->setTime( self::NIGHT_FROM_H, $minute );
		return $night->getTimestamp() > $now ? $night->getTimestamp() : $night->modify( '+1 day' )->getTimestamp();
	}
}
