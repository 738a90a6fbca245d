<?php
/**
 * The commands `wp rag-ask push`, `reindex`, `reconcile` and `status`.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Pushes what changed to the sidecar, compares both sides, and tells how things stand.
 */
final class CLI {

	private const STEP_S    = 2.0;
	private const STALLED_S = 120;

	/**
	 * Pushes what waits, until nothing is due, and takes a step of the reindex or the comparison that is under way.
	 *
	 * ## OPTIONS
	 *
	 * [--retry]
	 * : Try at once what waits for its next try, and what was given up.
	 *
	 * @param string[] $args    None.
	 * @param array    $options The option.
	 */
	public function push( array $args, array $options ): void {
		Job_Schedule::run();
		if ( ! empty( $options['retry'] ) ) {
			Outbox::retry_now();
		}
		self::say( ...Admin_Actions::told( Pusher::push( INF ) ) );
	}

	/**
	 * Pushes every post again, behind every edit. Goes on where one that is under way stands.
	 *
	 * ## OPTIONS
	 *
	 * [--post_type=<type>]
	 * : Only this one of the chosen types.
	 *
	 * @param string[] $args    None.
	 * @param array    $options The option.
	 */
	public function reindex( array $args, array $options ): void {
		$type = (string) ( $options['post_type'] ?? '' );
		if ( ! Reindex::is_running() ) {
			$estimates = Estimate::by_type();
			$estimates = '' === $type ? $estimates : array_intersect_key( $estimates, array( $type => true ) );
			list( $kind, $message ) = Admin_Actions::run( 'reindex' . ( '' === $type ? '' : '-' . $type ) );
			if ( 'success' !== $kind ) {
				self::say( $kind, $message );
				return;
			}
			\WP_CLI::line( Reindex_Panel::estimate( array_sum( array_column( $estimates, 'posts' ) ), array_sum( array_column( $estimates, 'tokens' ) ), Estimate::price() ) );
		}
		// Rows that wait for a sidecar that was down are tried at once.
		Outbox::retry_now();
		$progress = Reindex::progress();
		$bar      = \WP_CLI\Utils\make_progress_bar( __( 'Pushing', 'rag-ask' ), $progress['total'] );
		$done     = 0;
		do {
			Reindex::step( self::STEP_S );
			if ( ! self::push_a_while() ) {
				return;
			}
			$progress = Reindex::progress();
			if ( $progress['done'] > $done ) {
				$bar->tick( $progress['done'] - $done );
				$done = $progress['done'];
			}
		} while ( Job::RUNNING === $progress['status'] );
		$bar->finish();
		/* translators: %s: number of posts. */
		\WP_CLI::success( sprintf( _n( 'Pushed again: %s post.', 'Pushed again: %s posts.', $progress['done'], 'rag-ask' ), number_format_i18n( $progress['done'] ) ) );
	}

	/**
	 * Compares the index with the site and queues what differs.
	 */
	public function reconcile(): void {
		if ( ! Reconcile::start() && ! Reconcile::is_running() ) {
			self::say( ...Admin_Actions::run( 'reconcile' ) );
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
				// Another process is at it, or changes of many posts come first.
				if ( time() - $moved_at > self::STALLED_S ) {
					\WP_CLI::error( __( 'The comparison does not move. It goes on by WP-Cron; "wp rag-ask status" tells how it ended.', 'rag-ask' ) );
					return;
				}
				if ( ! self::push_a_while() ) {
					return;
				}
				continue;
			}
			$moved_at = time();
			$checked  = Reconcile::checked();
		} while ( Reconcile::is_running() );
		\WP_CLI::success( Health::verdict() );
	}

	/**
	 * Tells what waits here, what the sidecar has, and how the last comparison ended.
	 */
	public function status(): void {
		$counts = Outbox::counts();
		\WP_CLI::line( sprintf( 'outbox: %d waiting, %d pushed, %d given up', $counts['waiting'], $counts['settled'], $counts['dead'] ) );
		foreach ( Outbox::dead( 20 ) as $row ) {
			\WP_CLI::line( sprintf( '  %s %d: %s', $row->object_type, $row->object_id, $row->last_error ) );
		}
		if ( Reindex::is_running() ) {
			\WP_CLI::line( 'reindex: ' . Progress::of( 'reindex' )['text'] );
		}
		if ( '' !== Health::verdict() ) {
			\WP_CLI::line( 'reconcile: ' . Health::verdict() );
		}
		$error = Sidecar_Status::check();
		if ( $error ) {
			\WP_CLI::error( $error->get_error_message() );
			return;
		}
		$parts = array();
		foreach ( Sidecar_Status::stored()['status']['documents'] as $state => $count ) {
			$parts[] = $count . ' ' . $state;
		}
		\WP_CLI::line( 'sidecar: ' . implode( ', ', $parts ) );
	}

	/**
	 * Push for a short time.
	 *
	 * @return bool False when the sidecar takes nothing, which was said.
	 */
	private static function push_a_while(): bool {
		$report = Pusher::push( self::STEP_S );
		if ( in_array( $report['stopped_by'], array( 'error', 'not_configured' ), true ) ) {
			self::say( ...Admin_Actions::told( $report ) );
			return false;
		}
		if ( 0 === $report['settled'] ) {
			sleep( 1 ); // Nothing is due, or another process pushes: this one watches.
		}
		return true;
	}

	private static function say( string $kind, string $message ): void {
		match ( $kind ) {
			'success' => \WP_CLI::success( $message ),
			'warning' => \WP_CLI::warning( $message ),
			default   => \WP_CLI::error( $message ),
		};
	}
}
