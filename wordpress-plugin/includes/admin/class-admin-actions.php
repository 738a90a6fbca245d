<?php
/**
 * Admin actions: the buttons of Settings > RAG Ask.
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
	 * The buttons that are always shown.
	 *
	 * @return array<string, string> Label by task.
	 */
	public static function buttons(): array {
		return array(
			'check'     => __( 'Check the connection', 'rag-ask' ),
			'push'      => __( 'Send now', 'rag-ask' ),
			'reconcile' => __( 'Compare with the site now', 'rag-ask' ),
		);
	}

	/**
	 * Run a task and redirect back to the page.
	 */
	public static function handle(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'rag-ask' ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( self::ACTION );
		$input = wp_unslash( $_POST ); // phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- each task sanitizes what it reads.
		$task  = sanitize_key( $input['task'] ?? '' );

		if ( 'csv' === $task ) {
			Question_Csv::send();
		}
		list( $type, $message ) = self::run( $task, $input );
		// The form of the connection has said why already.
		if ( '' !== $message ) {
			add_settings_error( Settings::GROUP, 'rag-ask-' . $task, $message, $type );
		}
		set_transient( 'settings_errors', get_settings_errors(), 30 );
		$page = isset( $input['list'] ) ? Index_Panel::url( (string) $input['list'] ) : Settings_Page::url( sanitize_key( $input['tab'] ?? '' ) );
		wp_safe_redirect( add_query_arg( 'settings-updated', 'true', $page ) );
		exit;
	}

	/**
	 * Run a task.
	 *
	 * @param string $task  A verb, followed by a hyphen and its object where it has one.
	 * @param array  $input The fields of the form, without slashes.
	 * @return array{string, string} Type of the notice and its text.
	 */
	public static function run( string $task, array $input = array() ): array {
		list( $verb, $about ) = explode( '-', $task, 2 ) + array( '', '' );
		return match ( $verb ) {
			'check'      => self::check(),
			'connect'    => self::connect( (array) ( $input[ Connection::OPTION ] ?? array() ) ),
			'try'        => self::try( $input['question'] ?? '' ),
			'page'       => self::page(),
			'panel'      => self::panel(),
			'hide'       => self::hide(),
			'disconnect' => self::disconnect(),
			'move'       => self::move( '1' === ( $input['confirmed'] ?? '' ) ),
			'resend', 'exclude', 'include' => Index_Tasks::run( $verb, $about, $input['posts'] ?? array() ),
			'insights'   => self::insights(),
			'suggest'    => Suggestion_Panel::take( $input['questions'] ?? array() ),
			'digest'     => self::digest(),
			'dismiss', 'merge', 'split' => Question_Tasks::run( $verb, '' === $about ? array_map( 'sanitize_key', (array) ( $input['questions'] ?? array() ) ) : array( $about ) ),
			'push'       => self::push(),
			'retry'      => self::retry( $about ),
			'reconcile'  => self::reconcile(),
			'reindex'    => self::reindex( $about ),
			'stop'       => Reindex::stop()
				? array( 'success', __( 'Stopped. Posts that already wait to be sent are still sent.', 'rag-ask' ) )
				: array( 'warning', __( 'No reindex is running.', 'rag-ask' ) ),
			default      => array( 'error', __( 'There is no such task. Reload the page and try again.', 'rag-ask' ) ),
		};
	}

	/**
	 * Save the connection and test it.
	 *
	 * @param array $parts The fields of Connection_Panel.
	 */
	private static function connect( array $parts ): array {
		$before = count( get_settings_errors( Settings::GROUP ) );
		update_option( Connection::OPTION, Connection_Form::sanitize( $parts ), false );
		if ( count( get_settings_errors( Settings::GROUP ) ) > $before ) {
			return array( 'error', '' );
		}
		list( $type, $message ) = self::check();
		return 'success' === $type ? array( $type, __( 'Connected. The published posts are sent now, in the background.', 'rag-ask' ) ) : array( $type, $message );
	}

	private static function try( mixed $question ): array {
		$error = Try_Panel::ask( is_string( $question ) ? sanitize_text_field( $question ) : '' );
		return $error ? array( 'error', $error->get_error_message() ) : array( 'success', '' );
	}

	private static function page(): array {
		$page = Box_Places::make_page();
		return is_wp_error( $page )
			? array( 'error', $page->get_error_message() )
			/* translators: %s: address of a page. */
			: array( 'success', sprintf( __( 'The page is published: %s', 'rag-ask' ), get_permalink( $page ) ) );
	}

	private static function panel(): array {
		update_option( Settings::OPTION, array( 'panel' => true ) + (array) get_option( Settings::OPTION, array() ) );
		return array( 'success', __( 'Every page has the button now.', 'rag-ask' ) );
	}

	private static function hide(): array {
		Setup_Checklist::hide();
		return array( 'success', __( 'The list of steps is hidden.', 'rag-ask' ) );
	}

	private static function disconnect(): array {
		return Address::disconnect()
			? array( 'success', __( 'Disconnected. The index of the other site stays as it is.', 'rag-ask' ) )
			: array( 'warning', __( 'What waited here is forgotten, but wp-config.php holds the key. Remove RAG_ASK_CONNECTION or RAG_ASK_SECRET there.', 'rag-ask' ) );
	}

	private static function move( bool $is_confirmed ): array {
		if ( ! $is_confirmed ) {
			return array( 'error', __( 'Tick the box to confirm that the site moved.', 'rag-ask' ) );
		}
		$error = Address::move();
		return $error
			? array( 'error', $error->get_error_message() )
			: array( 'success', __( 'The index belongs to this address now. Every post is sent again with its new URL.', 'rag-ask' ) );
	}

	private static function check(): array {
		Address::forget_refusal();
		if ( Connection::current() ) {
			Token_Check::run();
		}
		$error = Sidecar_Status::check();
		return $error ? array( 'error', $error->get_error_message() ) : array( 'success', __( 'The sidecar answers.', 'rag-ask' ) );
	}

	private static function insights(): array {
		$error = Insights::refresh();
		return $error ? array( 'error', $error->get_error_message() ) : array( 'success', __( 'Fetched.', 'rag-ask' ) );
	}

	private static function digest(): array {
		if ( ! Settings::get( 'digest_to' ) ) {
			return array( 'error', __( 'Enter an address under "A mail each week" and save it first.', 'rag-ask' ) );
		}
		return Question_Digest::send()
			? array( 'success', __( 'The mail was sent.', 'rag-ask' ) )
			: array( 'error', __( 'WordPress could not send the mail. Check how this site sends mail, for example with a plugin for SMTP.', 'rag-ask' ) );
	}

	private static function push(): array {
		Outbox::retry_now();
		return self::push_notice( Pusher::push( Push_Schedule::budget_s() ) );
	}

	/**
	 * Queue one dead letter or all of them again and push in the background.
	 *
	 * @param string $about 'all', or the type and id of an object with a hyphen between them.
	 */
	private static function retry( string $about ): array {
		list( $type, $id ) = explode( '-', $about, 2 ) + array( '', '' );
		if ( 'all' === $about ) {
			Outbox::retry_now();
		} elseif ( ! is_numeric( $id ) || ! in_array( $type, array( 'post', ...array_keys( Expander::TYPES ) ), true ) || ! Outbox::record( array( (int) $id ), $type ) ) {
			return array( 'error', __( 'The post could not be queued. Reload the page and try again.', 'rag-ask' ) );
		}
		Push_Schedule::soon();
		return array( 'success', __( 'It is sent again in the background.', 'rag-ask' ) );
	}

	private static function reconcile(): array {
		if ( ! Connection::current() ) {
			return array( 'error', self::not_connected() );
		}
		return Reconcile::start()
			? array( 'success', __( 'The comparison has started.', 'rag-ask' ) )
			: array( 'warning', __( 'A comparison is already running.', 'rag-ask' ) );
	}

	private static function reindex( string $type ): array {
		if ( '' !== $type && ! in_array( $type, Settings::get( 'post_types' ), true ) ) {
			return array( 'error', __( 'That post type is not chosen in the settings.', 'rag-ask' ) );
		}
		return Reindex::start( $type )
			? array( 'success', __( 'The reindex has started.', 'rag-ask' ) )
			: array( 'warning', __( 'A reindex is already running. Wait until it has ended, or stop it.', 'rag-ask' ) );
	}

	/**
	 * The notice about a push.
	 *
	 * @param array $report From Pusher::push().
	 * @return array{string, string}
	 */
	public static function push_notice( array $report ): array {
		$counts = array( number_format_i18n( $report['settled'] ), number_format_i18n( $report['failed'] ) );
		return match ( $report['stopped_by'] ) {
			/* translators: 1: number of posts, 2: number of posts. */
			''               => array( $report['failed'] ? 'warning' : 'success', sprintf( __( 'Sent: %1$s. Failed: %2$s.', 'rag-ask' ), ...$counts ) ),
			/* translators: 1: number of posts, 2: number of posts. */
			'time'           => array( 'success', sprintf( __( 'Sent: %1$s. Failed: %2$s. The rest follows in the background.', 'rag-ask' ), ...$counts ) ),
			'busy'           => array( 'warning', __( 'Posts are being sent already. Try again in a minute.', 'rag-ask' ) ),
			'not_configured' => array( 'error', self::not_connected() ),
			Address::CODE    => array( 'error', Address::problem() ),
			default          => array( 'error', Push_Log::read()['message'] ),
		};
	}

	private static function not_connected(): string {
		return __( 'There is no connection. Paste the connection string of this site.', 'rag-ask' );
	}
}
