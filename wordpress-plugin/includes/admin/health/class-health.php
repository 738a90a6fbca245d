<?php
/**
 * Health: the problems that need the site owner, from stored data only.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * One list for the settings page, the notice, Site Health and WP-CLI. Sends no request.
 */
final class Health {

	private const PUSH_LATE_S      = HOUR_IN_SECONDS;
	private const RECONCILE_LATE_S = 2 * DAY_IN_SECONDS;
	private const CRON_LATE_S      = 30 * MINUTE_IN_SECONDS;
	private const DRIFT_STAYS      = 2;

	/** Nothing works until the owner pastes another connection string. */
	private const KEY_REFUSED = array( 'key_unknown', 'token_invalid' );

	/**
	 * The problems, the most serious first.
	 *
	 * @return array<string, string> Text with its remedy, by stable code.
	 */
	public static function problems(): array {
		$key = Stored_Key::problem();
		if ( '' !== $key ) {
			return array( 'key_unreadable' => $key );
		}
		if ( ! Connection::current() ) {
			return array( 'not_connected' => __( 'There is no connection to a sidecar, so visitors get no answers. Paste the connection string under Settings > RAG Ask.', 'rag-ask' ) );
		}
		$elsewhere = Address::problem();
		if ( '' !== $elsewhere ) {
			return array( Address::CODE => $elsewhere );
		}
		return array_filter(
			array(
				'key_refused'        => self::key_refused(),
				'restored'           => self::restored(),
				'unwritten'          => Unwritten::CODE === Push_Log::read()['code'] ? Push_Log::read()['message'] : '',
				'guests_refused'     => Token_Check::problem(),
				'visitors_unreached' => Reach::problem(),
				'push_late'          => self::push_late(),
				'failed'             => self::failed(),
				'drift'              => self::drift(),
				'budget_exhausted'   => self::budget_exhausted(),
				'reconcile_failed'   => self::reconcile_failed(),
				'unstored'           => self::unstored(),
				'origin_refused'     => self::origin_refused(),
				'cron_late'          => self::cron_late(),
			)
		);
	}

	/**
	 * The result of the last comparison in one line; empty before the first.
	 */
	public static function reconcile_summary(): string {
		$result = Reconcile::result();
		if ( ! $result['finished_at'] ) {
			return '';
		}
		$at = self::time( $result['finished_at'] );
		if ( '' !== $result['error'] ) {
			/* translators: 1: a time, 2: the message of an error. */
			return sprintf( __( 'The comparison at %1$s failed: %2$s', 'rag-ask' ), $at, $result['error'] );
		}
		$drift = $result['missing'] + $result['stale'] + $result['extra'];
		if ( 0 === $drift && 0 < $result['failed'] ) {
			$current = $result['checked'] - $result['failed'];
			/* translators: 1: number of documents, 2: a time. */
			$text = sprintf( _n( '%1$s document current as of %2$s.', '%1$s documents current as of %2$s.', $current, 'rag-ask' ), number_format_i18n( $current ), $at );
			/* translators: %s: number of documents. */
			return $text . ' ' . sprintf( _n( '%s could not be indexed.', '%s could not be indexed.', $result['failed'], 'rag-ask' ), number_format_i18n( $result['failed'] ) );
		}
		if ( 0 === $drift ) {
			/* translators: 1: number of documents, 2: a time. */
			return sprintf( _n( '%1$s document, current as of %2$s.', 'All %1$s documents current as of %2$s.', $result['checked'], 'rag-ask' ), number_format_i18n( $result['checked'] ), $at );
		}
		/* translators: 1: a time, 2: number, 3: number, 4: number, 5: number of documents. */
		$text = __( 'Queued for repair at %1$s: %2$s missing, %3$s out of date, %4$s to be deleted, of %5$s documents.', 'rag-ask' );
		return sprintf( $text, $at, number_format_i18n( $result['missing'] ), number_format_i18n( $result['stale'] ), number_format_i18n( $result['extra'] ), number_format_i18n( $result['checked'] ) );
	}

	/**
	 * What to do when the last comparison is too old to rely on; empty when it is not.
	 */
	public static function reconcile_late(): string {
		$finished_at = Reconcile::result()['finished_at'];
		// A new site is compared in its first night.
		$since = $finished_at ? $finished_at : (int) wp_next_scheduled( Job_Schedule::NIGHTLY );
		return time() - $since > self::RECONCILE_LATE_S
			? __( 'The index was not compared with the site in the last two days. WP-Cron does it each night, and the button under Settings > RAG Ask does it now.', 'rag-ask' )
			: '';
	}

	/**
	 * A time in the site's time zone, with its date unless it is today.
	 *
	 * @param int $at Unix time.
	 */
	public static function time( int $at ): string {
		$is_today = wp_date( 'Y-m-d', $at ) === wp_date( 'Y-m-d' );
		return wp_date( $is_today ? get_option( 'time_format' ) : get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $at );
	}

	private static function key_refused(): string {
		$stored = Sidecar_Status::stored();
		return in_array( $stored['code'], self::KEY_REFUSED, true ) ? $stored['error'] : '';
	}

	private static function restored(): string {
		$at = Incarnation::went_back_at();
		return $at
			/* translators: %s: a time. */
			? sprintf( __( 'At %s the sidecar was found to be restored from a backup. The index is being compared with the site. Until that is done, questions are answered only from posts that are known to be current. There is nothing to do here; whoever runs the sidecar makes new keys for those that were changed since the backup.', 'rag-ask' ), self::time( $at ) )
			: '';
	}

	private static function push_late(): string {
		$since = Outbox_View::waiting_since();
		$log   = Push_Log::read();
		// A long reindex takes hours and is no problem while pushes succeed.
		if ( 0 === $since || time() - max( $since, $log['succeeded_at'] ) < self::PUSH_LATE_S ) {
			return '';
		}
		return '' === $log['message']
			/* translators: %s: a time span such as "3 hours". */
			? sprintf( __( 'Changes have waited for %s and none could be sent. Sending was not started. Check that WP-Cron runs.', 'rag-ask' ), human_time_diff( $since ) )
			/* translators: 1: a time span such as "3 hours", 2: the message of an error. */
			: sprintf( __( 'Changes have waited for %1$s and none could be sent. %2$s', 'rag-ask' ), human_time_diff( $since ), $log['message'] );
	}

	private static function failed(): string {
		$count = Outbox::counts()['dead'];
		return $count
			/* translators: %s: number of posts. */
			? sprintf( _n( '%s post could not be sent. Settings > RAG Ask shows the reason and retries.', '%s posts could not be sent. Settings > RAG Ask shows the reasons and retries.', $count, 'rag-ask' ), number_format_i18n( $count ) )
			: '';
	}

	private static function drift(): string {
		$runs = Reconcile::result()['runs_with_drift'];
		return $runs >= self::DRIFT_STAYS
			/* translators: %s: number of comparisons. */
			? sprintf( __( 'The index differed from the site in each of the last %s comparisons. The differences are queued each time. If this continues, check whether a plugin changes posts without WordPress hooks, or prints a different text on each request.', 'rag-ask' ), number_format_i18n( $runs ) )
			: '';
	}

	private static function budget_exhausted(): string {
		$at     = Sidecar_Status::budget_exhausted_at();
		$budget = Sidecar_Status::stored()['status']['budget'] ?? array();
		$is_own = isset( $budget['owner_usd'] ) && $budget['owner_usd'] <= $budget['limit_usd'];
		$text   = $is_own
			/* translators: %s: a time. */
			? __( 'Today\'s answer budget was used up at %s. Visitors get quotes until midnight (UTC). To raise it, change it under Settings > RAG Ask > Questions.', 'rag-ask' )
			/* translators: %s: a time. */
			: __( 'Today\'s answer budget was used up at %s. Visitors get quotes until midnight (UTC). To raise it, run "rag-ask sites budget" on the server of the sidecar.', 'rag-ask' );
		return $at ? sprintf( $text, self::time( $at ) ) : '';
	}

	private static function reconcile_failed(): string {
		return '' === Reconcile::result()['error'] ? '' : self::reconcile_summary();
	}

	private static function unstored(): string {
		foreach ( array( Sidecar_Status::stored(), Insights::stored() ) as $copy ) {
			if ( 'unstored' === $copy['code'] ) {
				return $copy['error'];
			}
		}
		return '';
	}

	private static function origin_refused(): string {
		$origins = array_column( (array) ( Sidecar_Status::stored()['status']['refused_origins'] ?? array() ), 'origin' );
		return $origins
			/* translators: 1: one or more addresses of sites, 2: one of them. */
			? sprintf( __( 'Questions from pages at %1$s were refused in the last week. If this is an address of this site, run "rag-ask sites origins %2$s" on the server of the sidecar; otherwise another site shows your box, and there is nothing to do.', 'rag-ask' ), implode( ', ', $origins ), Connection::parts()['site_id'] . ' add ' . $origins[0] )
			: '';
	}

	private static function cron_late(): string {
		$next = wp_next_scheduled( Push_Schedule::SAFETY );
		return $next && time() - $next > self::CRON_LATE_S
			/* translators: %s: a time span such as "3 hours". */
			? sprintf( __( 'WP-Cron has not run for %s, so changes are sent late. Let a system cron call wp-cron.php, or find out why WordPress cannot call itself.', 'rag-ask' ), human_time_diff( $next ) )
			: '';
	}
}
