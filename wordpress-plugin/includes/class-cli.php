<?php
/**
 * The commands `wp rag-ask push` and `wp rag-ask status`.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Pushes what changed to the sidecar, and tells how things stand.
 */
final class CLI {

	/**
	 * Pushes what waits, until nothing is due.
	 *
	 * ## OPTIONS
	 *
	 * [--all]
	 * : Push every public post again.
	 *
	 * @param string[] $args    None.
	 * @param array    $options The option.
	 */
	public function push( array $args, array $options ): void {
		if ( ! empty( $options['all'] ) ) {
			Content_Scan::queue_everything();
		}
		Outbox::retry_now();
		list( $type, $message ) = Admin_Actions::told( Pusher::push( INF ) );
		match ( $type ) {
			'success' => \WP_CLI::success( $message ),
			'warning' => \WP_CLI::warning( $message ),
			default   => \WP_CLI::error( $message ),
		};
	}

	/**
	 * Tells what waits here and what the sidecar has.
	 */
	public function status(): void {
		$counts = Outbox::counts();
		\WP_CLI::line( sprintf( 'outbox: %d waiting, %d pushed, %d given up', $counts['waiting'], $counts['settled'], $counts['dead'] ) );
		foreach ( Outbox::dead( 20 ) as $row ) {
			\WP_CLI::line( sprintf( '  post %d: %s', $row->object_id, $row->last_error ) );
		}
		$status = Sidecar::request( 'GET', '/v1/status' );
		if ( is_wp_error( $status ) ) {
			\WP_CLI::error( $status->get_error_message() );
			return;
		}
		$parts = array();
		foreach ( $status['documents'] as $state => $count ) {
			$parts[] = $count . ' ' . $state;
		}
		\WP_CLI::line( 'sidecar: ' . implode( ', ', $parts ) );
	}
}
