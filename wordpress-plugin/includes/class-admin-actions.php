<?php
/**
 * Settings > RAG Ask: what its buttons do.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Plain form posts, so that the page works without JavaScript.
 */
final class Admin_Actions {

	public const ACTION = 'rag_ask';

	/**
	 * The buttons.
	 *
	 * @return array<string, string> Label by task.
	 */
	public static function tasks(): array {
		return array(
			'check' => __( 'Check the connection', 'rag-ask' ),
			'push'  => __( 'Push now', 'rag-ask' ),
			'queue' => __( 'Push everything again', 'rag-ask' ),
		);
	}

	/**
	 * Do a task and go back to the page.
	 */
	public static function handle(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'rag-ask' ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( self::ACTION );
		$task = isset( $_POST['task'] ) ? sanitize_key( $_POST['task'] ) : '';

		list( $type, $message ) = self::run( $task );
		add_settings_error( Settings::GROUP, 'rag-ask-' . $task, $message, $type );
		set_transient( 'settings_errors', get_settings_errors(), 30 );
		wp_safe_redirect( add_query_arg( 'settings-updated', 'true', Settings_Page::url() ) );
		exit;
	}

	/**
	 * Do a task.
	 *
	 * @param string $task A key of tasks().
	 * @return array{string, string} Kind of notice and its text.
	 */
	public static function run( string $task ): array {
		if ( 'check' === $task ) {
			$error = Status_Panel::check();
			return $error ? array( 'error', $error->get_error_message() ) : array( 'success', __( 'The sidecar answers.', 'rag-ask' ) );
		}
		if ( 'queue' === $task ) {
			$count = Content_Scan::queue_everything();
			Push_Schedule::soon();
			/* translators: %s: number of posts. */
			return array( 'success', sprintf( __( 'Queued: %s. The push follows in the background.', 'rag-ask' ), number_format_i18n( $count ) ) );
		}
		if ( 'push' === $task ) {
			Outbox::retry_now();
			return self::told( Pusher::push() );
		}
		return array( 'error', __( 'There is no such task. Reload the page and try again.', 'rag-ask' ) );
	}

	/**
	 * A push in words.
	 *
	 * @param array $report From Pusher::push().
	 * @return array{string, string}
	 */
	public static function told( array $report ): array {
		/* translators: 1: number of posts, 2: number of posts. */
		$counts = sprintf( __( 'Pushed: %1$s. Failed: %2$s.', 'rag-ask' ), number_format_i18n( $report['settled'] ), number_format_i18n( $report['failed'] ) );
		return match ( $report['stopped_by'] ) {
			''               => array( $report['failed'] ? 'warning' : 'success', $counts ),
			'time'           => array( 'success', $counts . ' ' . __( 'The rest follows in the background.', 'rag-ask' ) ),
			'busy'           => array( 'warning', __( 'Another push is under way. Try again in a minute.', 'rag-ask' ) ),
			'not_configured' => array( 'error', __( 'There is no connection. Paste the connection string of this site.', 'rag-ask' ) ),
			default          => array( 'error', Push_Log::read()['message'] ),
		};
	}
}
