<?php
/**
 * The commands that send: `wp rag-ask push`, `reindex` and `reconcile`.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Each runs in the foreground until it is done.
 */
final class CLI {

	private const STEP_S    = 2.0;
	private const STALLED_S = 120;

	/**
	 * Pushes waiting changes until none is due, and takes one step of a running reindex or reconcile.
	 *
	 * ## OPTIONS
	 *
	 * [--retry]
	 * : Retry failed changes now, without waiting for their next attempt.
	 *
	 * [--format=<format>]
	 * : A sentence, or what was done as JSON.
	 * ---
	 * default: text
	 * options:
	 *   - text
	 *   - json
	 * ---
	 *
	 * @param string[] $args    None.
	 * @param array    $options The options.
	 */
	public function push( array $args, array $options ): void {
		Sidecar_Status::refresh();
		Job_Schedule::run();
		if ( ! empty( $options['retry'] ) ) {
			Outbox::retry_now();
		}
		$report = Pusher::push( INF );
		$done   = array(
			'sent'       => $report['settled'],
			'failed'     => $report['failed'],
			'stopped_by' => $report['stopped_by'],
		);
		self::tell( $options, $done, ...Admin_Actions::push_notice( $report ) );
	}

	/**
	 * Pushes every post again, behind every edit. Continues a running reindex.
	 *
	 * ## OPTIONS
	 *
	 * [--post_type=<type>]
	 * : Only posts of this type.
	 *
	 * [--format=<format>]
	 * : A sentence, or what was done as JSON.
	 * ---
	 * default: text
	 * options:
	 *   - text
	 *   - json
	 * ---
	 *
	 * @param string[] $args    None.
	 * @param array    $options The options.
	 */
	public function reindex( array $args, array $options ): void {
		$type    = (string) ( $options['post_type'] ?? '' );
		$is_json = self::is_json( $options );
		if ( ! Reindex::is_running() ) {
			$estimates              = Estimate::by_type();
			$estimates              = '' === $type ? $estimates : array_intersect_key( $estimates, array( $type => true ) );
			list( $kind, $message ) = Admin_Actions::run( 'reindex' . ( '' === $type ? '' : '-' . $type ) );
			if ( 'success' !== $kind ) {
				self::print( $kind, $message );
				return;
			}
			$is_json || \WP_CLI::line( Reindex_Panel::estimate( array_sum( array_column( $estimates, 'posts' ) ), array_sum( array_column( $estimates, 'tokens' ) ), Estimate::price() ) );
		}
		// Rows that back off because the sidecar was down are retried now.
		Outbox::retry_now();
		$progress = Reindex::progress();
		$bar      = $is_json ? null : \WP_CLI\Utils\make_progress_bar( __( 'Sending', 'rag-ask' ), $progress['total'] );
		$done     = 0;
		do {
			Reindex::step( self::STEP_S );
			if ( ! self::push_briefly() ) {
				return;
			}
			$progress = Reindex::progress();
			if ( $progress['done'] > $done ) {
				$bar?->tick( $progress['done'] - $done );
				$done = $progress['done'];
			}
		} while ( Job::RUNNING === $progress['status'] );
		$bar?->finish();
		/* translators: %s: number of posts. */
		$text = sprintf( _n( 'Sent again: %s post.', 'Sent again: %s posts.', $progress['done'], 'rag-ask' ), number_format_i18n( $progress['done'] ) );
		self::tell( $options, array( 'sent' => $progress['done'] ), 'success', $text );
	}

	/**
	 * Compares the index with the site and queues what differs.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : A sentence, or what was done as JSON.
	 * ---
	 * default: text
	 * options:
	 *   - text
	 *   - json
	 * ---
	 *
	 * @param string[] $args    None.
	 * @param array    $options The option.
	 */
	public function reconcile( array $args, array $options ): void {
		if ( ! Reconcile::start() && ! Reconcile::is_running() ) {
			self::print( ...Admin_Actions::run( 'reconcile' ) );
			return;
		}
		$moved_at = time();
		$checked  = 0;
		do {
			$error = Reconcile::step( self::STEP_S, true );
			if ( $error ) {
				\WP_CLI::error( $error->get_error_message() );
				return;
			}
			if ( Reconcile::is_running() && Reconcile::checked() === $checked ) {
				// Another process runs it, or expansions come first.
				if ( time() - $moved_at > self::STALLED_S ) {
					\WP_CLI::error( __( 'The comparison makes no progress. It continues by WP-Cron; "wp rag-ask status" shows how it ended.', 'rag-ask' ) );
					return;
				}
				if ( ! self::push_briefly() ) {
					return;
				}
				continue;
			}
			$moved_at = time();
			$checked  = Reconcile::checked();
		} while ( Reconcile::is_running() );
		$result = array_intersect_key( Reconcile::result(), array_flip( array( 'checked', 'missing', 'stale', 'extra', 'failed' ) ) );
		self::tell( $options, $result, 'success', Health::reconcile_summary() );
	}

	/**
	 * Push for a short time.
	 *
	 * @return bool False when the sidecar accepts nothing, which was printed.
	 */
	private static function push_briefly(): bool {
		$report = Pusher::push( self::STEP_S );
		if ( in_array( $report['stopped_by'], array( 'error', 'not_configured', Address::CODE ), true ) ) {
			self::print( ...Admin_Actions::push_notice( $report ) );
			return false;
		}
		if ( 0 === $report['settled'] ) {
			sleep( 1 ); // Nothing is due, or another process pushes.
		}
		return true;
	}

	/**
	 * Print what was done. An error is one in any format.
	 *
	 * @param array  $options The options of a command.
	 * @param array  $done    What was done.
	 * @param string $kind    'success', 'warning' or 'error'.
	 * @param string $message The same in words.
	 */
	private static function tell( array $options, array $done, string $kind, string $message ): void {
		if ( self::is_json( $options ) ) {
			\WP_CLI::line( (string) wp_json_encode( $done ) );
		}
		if ( 'error' === $kind || ! self::is_json( $options ) ) {
			self::print( $kind, $message );
		}
	}

	private static function is_json( array $options ): bool {
		return 'json' === ( $options['format'] ?? '' );
	}

	private static function print( string $kind, string $message ): void {
		match ( $kind ) {
			'success' => \WP_CLI::success( $message ),
			'warning' => \WP_CLI::warning( $message ),
			default   => \WP_CLI::error( $message ),
		};
	}
}
