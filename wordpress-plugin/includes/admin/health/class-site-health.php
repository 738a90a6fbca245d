<?php
/**
 * Site Health: three tests and a section of debug information. class-upkeep-health.php and class-reach-health.php have the others.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The direct tests read stored data; the asynchronous test sends a request to the sidecar after the page has loaded.
 */
final class Site_Health {

	private const SYNC    = 'rag_ask_sync';
	private const GUEST   = 'rag_ask_guest';
	private const SIDECAR = 'rag_ask_sidecar';
	private const ROUTE   = '/site-health';

	/**
	 * Add the tests.
	 *
	 * @param array $tests By kind and name.
	 */
	public static function add_tests( array $tests ): array {
		$tests['direct'][ self::SYNC ]   = array(
			'label' => __( 'RAG Ask follows the site', 'rag-ask' ),
			'test'  => array( self::class, 'sync_test' ),
		);
		$tests['direct'][ self::GUEST ]  = array(
			'label' => __( 'RAG Ask checks what guests see', 'rag-ask' ),
			'test'  => array( self::class, 'guest_test' ),
		);
		$tests['async'][ self::SIDECAR ] = array(
			'label'             => __( 'RAG Ask reaches its sidecar', 'rag-ask' ),
			'test'              => rest_url( 'rag-ask/v1' . self::ROUTE ),
			'has_rest'          => true,
			'async_direct_test' => array( self::class, 'sidecar_test' ),
		);
		return $tests;
	}

	/**
	 * Register the route of the asynchronous test.
	 */
	public static function register_route(): void {
		register_rest_route(
			'rag-ask/v1',
			self::ROUTE,
			array(
				'methods'             => 'GET',
				'callback'            => array( self::class, 'sidecar_test' ),
				'permission_callback' => static fn(): bool => current_user_can( 'view_site_health_checks' ),
			)
		);
	}

	/**
	 * The test whether the index follows the site, from stored data.
	 */
	public static function sync_test(): array {
		$problems   = array_diff_key( Health::problems(), array_flip( Upkeep_Health::CODES ) );
		$comparison = Health::reconcile_summary();
		if ( ! $problems && '' !== Health::reconcile_late() ) {
			$problems = array( 'reconcile_late' => Health::reconcile_late() );
		}
		$lines = array_filter( array( ...array_values( $problems ), isset( $problems['reconcile_failed'] ) ? '' : $comparison, self::outbox_line() ) );
		return $problems
			? self::result( self::SYNC, 'recommended', __( 'RAG Ask does not follow the site', 'rag-ask' ), $lines )
			: self::result( self::SYNC, 'good', __( 'RAG Ask follows the site', 'rag-ask' ), $lines );
	}

	/**
	 * The test whether this site can open its own pages as a guest does.
	 */
	public static function guest_test(): array {
		$problem = Guest_Access::problem();
		if ( '' !== $problem ) {
			return self::result( self::GUEST, 'recommended', __( 'RAG Ask cannot check what guests see', 'rag-ask' ), array( $problem ) );
		}
		/* translators: %s: number of posts. */
		$line = sprintf( __( 'Posts that are excluded because guests do not see them: %s.', 'rag-ask' ), number_format_i18n( Guest_Verdict::count_unseen() ) );
		return 'never' === Settings::get( 'guest_check' )
			? self::result( self::GUEST, 'good', __( 'RAG Ask does not check what guests see', 'rag-ask' ), array( __( 'The settings of RAG Ask say so.', 'rag-ask' ) ) )
			: self::result( self::GUEST, 'good', __( 'RAG Ask checks what guests see', 'rag-ask' ), array( $line ) );
	}

	/**
	 * The test whether the sidecar answers and pushes can start.
	 */
	public static function sidecar_test(): array {
		$error = Sidecar_Status::check();
		if ( $error ) {
			return self::result( self::SIDECAR, 'critical', __( 'RAG Ask does not reach its sidecar', 'rag-ask' ), array( $error->get_error_message() ) );
		}
		Token_Check::run();
		$warnings = array_filter( array( Token_Check::problem(), self::clock_warning(), self::cron_warning() ) );
		return $warnings
			? self::result( self::SIDECAR, 'recommended', __( 'RAG Ask reaches its sidecar, but something is in its way', 'rag-ask' ), $warnings )
			: self::result( self::SIDECAR, 'good', __( 'RAG Ask reaches its sidecar', 'rag-ask' ), array( __( 'The connection works, the clocks agree and WordPress can start its own cron.', 'rag-ask' ) ) );
	}

	/**
	 * Add a section for support requests. It contains no secret.
	 *
	 * @param array $sections By name.
	 */
	public static function add_debug_section( array $sections ): array {
		$log                 = Push_Log::read();
		$status              = Sidecar_Status::stored();
		$fields              = array(
			__( 'Version', 'rag-ask' )               => VERSION,
			__( 'Sidecar', 'rag-ask' )               => Connection::parts()['sidecar_url'],
			__( 'Site id', 'rag-ask' )               => Connection::parts()['site_id'],
			__( 'Post types', 'rag-ask' )            => implode( ', ', Settings::get( 'post_types' ) ),
			__( 'Changes', 'rag-ask' )               => self::outbox_line(),
			__( 'Last sent', 'rag-ask' )             => $log['succeeded_at'] ? gmdate( 'c', $log['succeeded_at'] ) : __( 'never', 'rag-ask' ),
			__( 'Last error of sending', 'rag-ask' ) => $log['message'],
			__( 'Last comparison', 'rag-ask' )       => Health::reconcile_summary(),
			__( 'Money', 'rag-ask' )                 => Status_Panel::budget( $status['status']['budget'] ?? null ),
			__( 'Embedder', 'rag-ask' )              => (string) ( $status['status']['embedder'] ?? '' ),
			__( 'Way of questions', 'rag-ask' )      => Way::current() . ( Way::streams() ? '' : ', buffered' ),
			__( 'Clock of the sidecar', 'rag-ask' )  => sprintf( '%+d s', Clock::offset_s() ),
			__( 'WP-Cron', 'rag-ask' )               => self::is_cron_disabled() ? __( 'disabled in wp-config.php', 'rag-ask' ) : __( 'enabled', 'rag-ask' ),
		);
		$sections['rag-ask'] = array(
			'label'  => __( 'RAG Ask', 'rag-ask' ),
			'fields' => array_map(
				static fn( string $label, string $value ): array => array(
					'label' => $label,
					'value' => $value,
				),
				array_keys( $fields ),
				$fields
			),
		);
		return $sections;
	}

	private static function outbox_line(): string {
		$counts = Outbox::counts();
		/* translators: 1: number of changes, 2: number of changes. */
		return sprintf( __( 'Waiting to be sent: %1$s. Failed: %2$s.', 'rag-ask' ), number_format_i18n( $counts['waiting'] ), number_format_i18n( $counts['dead'] ) );
	}

	/**
	 * What clocks that differ mean; empty when they agree.
	 */
	public static function clock_warning(): string {
		$offset_s = Clock::offset_s();
		return 0 === $offset_s
			? ''
			/* translators: %s: number of seconds. */
			: sprintf( _n( 'The clocks of this server and of the sidecar differ by %s second. Changes are still sent, dated by the clock of the sidecar. Synchronize both clocks by NTP.', 'The clocks of this server and of the sidecar differ by %s seconds. Changes are still sent, dated by the clock of the sidecar. Synchronize both clocks by NTP.', abs( $offset_s ), 'rag-ask' ), number_format_i18n( abs( $offset_s ) ) );
	}

	/**
	 * Why WordPress does not start its own cron, with the remedy; empty when it does. Sends a request to this site.
	 */
	public static function cron_warning(): string {
		if ( self::is_cron_disabled() ) {
			// Late events show whether something else runs it.
			return Health::problems()['cron_late'] ?? '';
		}
		$loopback = ( new \WP_Site_Health() )->can_perform_loopback();
		return 'good' === $loopback->status
			? ''
			/* translators: %s: the message of an error. */
			: sprintf( __( 'WordPress cannot call itself, so sending starts only when somebody visits the site. %s', 'rag-ask' ), wp_strip_all_tags( $loopback->message ) );
	}

	private static function is_cron_disabled(): bool {
		return defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON;
	}

	/**
	 * A result as Site Health takes it.
	 *
	 * @param string   $test   Name of the test.
	 * @param string   $status good, recommended or critical.
	 * @param string   $label  Heading.
	 * @param string[] $lines  Sentences below it.
	 */
	public static function result( string $test, string $status, string $label, array $lines ): array {
		return array(
			'test'        => $test,
			'status'      => $status,
			'label'       => $label,
			'badge'       => array(
				'label' => __( 'RAG Ask', 'rag-ask' ),
				'color' => 'blue',
			),
			'description' => '<p>' . implode( '</p><p>', array_map( 'esc_html', $lines ) ) . '</p>',
			'actions'     => sprintf( '<p><a href="%s">%s</a></p>', esc_url( Settings_Page::url() ), esc_html__( 'Settings > RAG Ask', 'rag-ask' ) ),
		);
	}
}
