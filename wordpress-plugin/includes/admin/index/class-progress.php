<?php
/**
 * Progress of the long jobs: printed with the page, updated by assets/admin.js.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Reads stored data. Each request of the route also starts WP-Cron where it is due, which takes the next step. While posts are
 * being read, it asks the sidecar how far it is.
 */
final class Progress {

	private const ROUTE        = '/progress';
	private const STATUS_OLD_S = 5;

	/**
	 * Register the route.
	 */
	public static function register_route(): void {
		register_rest_route(
			'rag-ask/v1',
			self::ROUTE,
			array(
				'methods'             => 'GET',
				'callback'            => array( self::class, 'answer' ),
				'permission_callback' => static fn(): bool => current_user_can( Settings_Page::CAPABILITY ),
			)
		);
	}

	/**
	 * The progress of all jobs.
	 */
	public static function answer(): \WP_REST_Response {
		self::renew_status();
		$response = new \WP_REST_Response(
			array(
				'reindex'   => self::of( 'reindex' ),
				'reconcile' => self::of( 'reconcile' ),
				'index'     => self::of( 'index' ),
			)
		);
		$response->header( 'Cache-Control', 'no-store' );
		return $response;
	}

	/**
	 * Print the progress bar of a running job.
	 *
	 * @param string $job 'reindex', 'reconcile' or 'index'.
	 */
	public static function render( string $job ): void {
		$progress = self::of( $job );
		if ( ! $progress['is_running'] ) {
			return;
		}
		printf(
			'<div class="rag-ask-progress" data-job="%s"><progress%s aria-label="%s"></progress><p aria-live="off">%s</p></div>',
			esc_attr( $job ),
			$progress['total'] ? sprintf( ' value="%d" max="%d"', (int) $progress['done'], (int) $progress['total'] ) : '',
			esc_attr( self::label( $job ) ),
			esc_html( $progress['text'] )
		);
	}

	/**
	 * Enqueue the script that updates the bars.
	 */
	public static function add_script(): void {
		if ( Reindex::is_running() || Reconcile::is_running() || self::of( 'index' )['is_running'] ) {
			wp_enqueue_script( 'rag-ask-admin', plugins_url( 'assets/admin.js', PLUGIN_FILE ), array( 'wp-api-fetch' ), VERSION, true );
		}
	}

	/**
	 * The progress of one job.
	 *
	 * @param string $job 'reindex', 'reconcile' or 'index'.
	 * @return array{is_running: bool, done: int, total: int, text: string} A total of 0 means unknown.
	 */
	public static function of( string $job ): array {
		if ( 'index' === $job ) {
			return self::of_index();
		}
		if ( 'reconcile' === $job ) {
			$checked = Reconcile::checked();
			return array(
				'is_running' => Reconcile::is_running(),
				'done'       => $checked,
				'total'      => 0,
				/* translators: %s: number of documents. */
				'text'       => sprintf( __( 'Comparing the index with the site: %s documents so far.', 'rag-ask' ), number_format_i18n( $checked ) ),
			);
		}
		$progress = Reindex::progress();
		return array(
			'is_running' => Job::RUNNING === $progress['status'],
			'done'       => $progress['done'],
			'total'      => $progress['total'],
			'text'       => self::text( $progress ),
		);
	}

	/**
	 * How many posts of the site are in the index.
	 */
	private static function of_index(): array {
		$figures = Index_Query::figures();
		$open    = $figures['waiting'] + $figures['reading'];
		$done    = $figures['all'] - $open;
		return array(
			'is_running' => ( $open > 0 || self::is_status_outdated() ) && null !== Connection::current(),
			'done'       => $done,
			'total'      => $figures['all'],
			/* translators: 1: number of posts, 2: number of posts. */
			'text'       => sprintf( __( '%1$s of %2$s posts are done.', 'rag-ask' ), number_format_i18n( $done ), number_format_i18n( $figures['all'] ) ),
		);
	}

	/**
	 * Cron renews the status every five minutes, which is long for who watches.
	 */
	private static function renew_status(): void {
		$figures = Index_Query::figures();
		$is_due  = 0 === $figures['waiting'] && ( $figures['reading'] > 0 || self::is_status_outdated() );
		if ( $is_due && Sidecar_Status::stored()['checked_at'] < time() - self::STATUS_OLD_S ) {
			Sidecar_Status::check();
		}
	}

	/**
	 * Whether posts were sent since the sidecar last said what it has read.
	 */
	private static function is_status_outdated(): bool {
		return Push_Log::read()['succeeded_at'] > Sidecar_Status::stored()['checked_at'];
	}

	private static function label( string $job ): string {
		return match ( $job ) {
			'reindex'   => __( 'Progress of the reindex', 'rag-ask' ),
			'reconcile' => __( 'Progress of the comparison', 'rag-ask' ),
			default     => __( 'Progress of the first reading', 'rag-ask' ),
		};
	}

	private static function text( array $progress ): string {
		/* translators: 1: number of posts, 2: number of posts. */
		$text = sprintf( __( 'Sent %1$s of %2$s posts.', 'rag-ask' ), number_format_i18n( $progress['done'] ), number_format_i18n( $progress['total'] ) );
		$log  = Push_Log::read();
		if ( $log['failures'] ) {
			return $text . ' ' . $log['message'];
		}
		if ( null === $progress['left_s'] ) {
			return $text;
		}
		/* translators: 1: number of posts, 2: a time span such as "5 minutes". */
		return $text . ' ' . sprintf( __( '%1$s a minute, about %2$s left.', 'rag-ask' ), number_format_i18n( $progress['rate'] * MINUTE_IN_SECONDS ), human_time_diff( time() - $progress['left_s'] ) );
	}
}
