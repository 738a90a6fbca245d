<?php
/**
 * Push schedule: after the response where PHP can, otherwise by WP-Cron, and every five minutes in any case.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Nothing here runs before the author has the response.
 */
final class Push_Schedule {

	public const SAFETY = 'rag_ask_push_safety';

	private const INTERVAL = 'rag_ask_five_minutes';

	/**
	 * Whether this request has planned its push.
	 *
	 * @var bool
	 */
	private static bool $is_planned = false;

	/**
	 * Plan one push for what this request changed.
	 */
	public static function soon(): void {
		if ( self::$is_planned || self::is_system_cron_only() ) {
			return;
		}
		if ( self::can_finish_response() ) {
			// Whether there is a sidecar to push to is asked after the response: it takes queries.
			self::$is_planned = true;
			add_action( 'shutdown', array( self::class, 'after_response' ), PHP_INT_MAX, 0 );
		} elseif ( Connection::current() && '' === Address::problem() ) {
			self::$is_planned = true;
			// Before core starts WP-Cron at 10 for other events: a run that has started does not see ours.
			add_action( 'shutdown', array( self::class, 'wake_cron' ), 0, 0 );
		}
	}

	/**
	 * Send the response, then push.
	 */
	public static function after_response(): void {
		self::$is_planned = false;
		ignore_user_abort( true );
		if ( PHP_SESSION_ACTIVE === session_status() ) {
			// An open session would make the author's next page wait for the push.
			session_write_close();
		}
		if ( function_exists( 'fastcgi_finish_request' ) ) {
			fastcgi_finish_request();
		} elseif ( function_exists( 'litespeed_finish_request' ) ) {
			litespeed_finish_request();
		}
		self::run();
	}

	/**
	 * Leave the push to WP-Cron, started now unless the site owner starts it by other means.
	 */
	public static function wake_cron(): void {
		self::$is_planned = false;
		wp_schedule_single_event( time(), Pusher::EVENT );
		$is_started_elsewhere = ( defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON ) || ( defined( 'ALTERNATE_WP_CRON' ) && ALTERNATE_WP_CRON );
		if ( ! $is_started_elsewhere && ! wp_doing_cron() ) {
			spawn_cron();
		}
	}

	/**
	 * Push within the time budget, and go on in another request when the time was not enough.
	 */
	public static function run(): void {
		try {
			if ( 'time' === Pusher::push( self::budget_s() )['stopped_by'] ) {
				wp_schedule_single_event( time(), Pusher::EVENT );
			}
		} catch ( \Throwable $error ) {
			Log::error( 'a push stopped: ' . $error->getMessage() );
		}
	}

	/**
	 * Time budget of a push in seconds. It is shorter where the host limits PHP's time, because the last request of a push may
	 * begin just before the budget ends.
	 */
	public static function budget_s(): float {
		$budget_s = (float) Settings::get( 'push_budget_s' );
		$limit_s  = (int) ini_get( 'max_execution_time' );
		if ( $limit_s > 0 ) {
			$used_s   = microtime( true ) - ( isset( $_SERVER['REQUEST_TIME_FLOAT'] ) ? (float) $_SERVER['REQUEST_TIME_FLOAT'] : microtime( true ) );
			$budget_s = min( $budget_s, 0.8 * $limit_s - Settings::get( 'timeout_s' ) - $used_s );
		}
		return max( 1.0, $budget_s );
	}

	/**
	 * Whether only the system's cron pushes, so that no request of an author or a visitor starts a push.
	 */
	public static function is_system_cron_only(): bool {
		return ( defined( 'RAG_ASK_SYSTEM_CRON' ) && RAG_ASK_SYSTEM_CRON ) || Settings::get( 'system_cron' );
	}

	/**
	 * Schedule the five-minute event if it is missing.
	 */
	public static function ensure_event(): void {
		if ( ! wp_next_scheduled( self::SAFETY ) ) {
			wp_schedule_event( time() + 5 * MINUTE_IN_SECONDS, self::INTERVAL, self::SAFETY );
		}
	}

	/**
	 * Unschedule all events.
	 */
	public static function clear_events(): void {
		wp_clear_scheduled_hook( Pusher::EVENT );
		wp_clear_scheduled_hook( self::SAFETY );
	}

	/**
	 * Add the interval of five minutes to WP-Cron.
	 *
	 * @param array $schedules Intervals by name.
	 */
	public static function intervals( array $schedules ): array {
		$schedules[ self::INTERVAL ] = array(
			'interval' => 5 * MINUTE_IN_SECONDS,
			// Not translated: other plugins ask for the intervals before translations may be loaded.
			'display'  => 'Every five minutes (RAG Ask)',
		);
		return $schedules;
	}

	private static function can_finish_response(): bool {
		return function_exists( 'fastcgi_finish_request' ) || function_exists( 'litespeed_finish_request' );
	}
}
