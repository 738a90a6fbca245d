<?php
/**
 * Settings > RAG Ask: how things stand.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Shows what is known on this side and what the sidecar said when it was last asked. Drawing it asks nobody.
 */
final class Status_Panel {

	public const OPTION = 'rag_ask_status';

	private const MAX_PROBLEMS = 20;

	/**
	 * Ask the sidecar and keep its answer for the page.
	 */
	public static function check(): ?\WP_Error {
		$status = Sidecar::request( 'GET', '/v1/status' );
		update_option(
			self::OPTION,
			array(
				'checked_at' => time(),
				'error'      => is_wp_error( $status ) ? $status->get_error_message() : '',
				'status'     => is_wp_error( $status ) ? array() : $status,
			),
			false
		);
		return is_wp_error( $status ) ? $status : null;
	}

	/**
	 * Draw the panel.
	 */
	public static function render(): void {
		$checked = (array) get_option( self::OPTION, array() ) + array(
			'checked_at' => 0,
			'error'      => '',
			'status'     => array(),
		);
		echo '<section class="rag-ask-state" aria-labelledby="rag-ask-state-title">';
		echo '<h2 id="rag-ask-state-title">' . esc_html__( 'State', 'rag-ask' ) . '</h2><div class="rag-ask-state__cards">';
		self::connection_card( $checked );
		self::outbox_card();
		self::index_card( $checked['status'] );
		echo '</div>';
		self::problems( $checked['status']['problems'] ?? array() );
		self::buttons();
		echo '</section>';
	}

	private static function connection_card( array $checked ): void {
		if ( ! Connection::current() ) {
			$word = array( 'off', __( 'Not connected', 'rag-ask' ) );
			$more = __( 'Paste the connection string below. Until then changes are kept and wait.', 'rag-ask' );
		} elseif ( ! $checked['checked_at'] ) {
			$word = array( 'off', __( 'Not checked yet', 'rag-ask' ) );
			$more = __( 'Press "Check the connection".', 'rag-ask' );
		} elseif ( '' !== $checked['error'] ) {
			$word = array( 'bad', __( 'Not working', 'rag-ask' ) );
			$more = $checked['error'];
		} else {
			$word = array( 'good', __( 'Connected', 'rag-ask' ) );
			$more = sprintf( '%s, %s', Connection::current()->sidecar_url, Connection::current()->site_id );
		}
		self::card(
			__( 'Connection', 'rag-ask' ),
			sprintf( '<span class="rag-ask-state__word is-%s">%s</span>', esc_attr( $word[0] ), esc_html( $word[1] ) ),
			array( $more, self::ago( __( 'Checked', 'rag-ask' ), (int) $checked['checked_at'] ) )
		);
	}

	private static function outbox_card(): void {
		$counts = Outbox::counts();
		$log    = Push_Log::read();
		self::card(
			__( 'Outbox', 'rag-ask' ),
			self::numbers(
				array(
					__( 'waiting', 'rag-ask' )  => $counts['waiting'],
					__( 'pushed', 'rag-ask' )   => $counts['settled'],
					__( 'given up', 'rag-ask' ) => $counts['dead'],
				)
			),
			array(
				self::ago( __( 'Last push that worked', 'rag-ask' ), $log['succeeded_at'] ),
				'' === $log['message'] ? '' : self::ago( __( 'Last push that failed', 'rag-ask' ), $log['failed_at'] ) . ': ' . $log['message'],
			)
		);
	}

	private static function index_card( array $status ): void {
		$documents = (array) ( $status['documents'] ?? array() );
		if ( ! $documents ) {
			return;
		}
		self::card(
			__( 'Index of the sidecar', 'rag-ask' ),
			self::numbers(
				array(
					__( 'indexed', 'rag-ask' ) => (int) ( $documents['indexed'] ?? 0 ),
					__( 'pending', 'rag-ask' ) => (int) ( $documents['pending'] ?? 0 ),
					__( 'skipped', 'rag-ask' ) => (int) ( $documents['skipped'] ?? 0 ),
					__( 'failed', 'rag-ask' )  => (int) ( $documents['failed'] ?? 0 ),
				)
			),
			/* translators: 1: number of chunks, 2: name of the embedder. */
			array( sprintf( __( '%1$s chunks, %2$s', 'rag-ask' ), number_format_i18n( (int) ( $status['chunks'] ?? 0 ) ), (string) ( $status['embedder'] ?? '' ) ) )
		);
	}

	private static function problems( array $of_sidecar ): void {
		$problems = array();
		foreach ( Outbox::dead( self::MAX_PROBLEMS ) as $row ) {
			$problems[] = array( $row->object_id, '', __( 'not pushed', 'rag-ask' ), $row->last_error );
		}
		foreach ( array_slice( $of_sidecar, 0, self::MAX_PROBLEMS ) as $problem ) {
			$problems[] = array( (int) ( $problem['id'] ?? 0 ), (string) ( $problem['title'] ?? '' ), (string) ( $problem['state'] ?? '' ), (string) ( $problem['message'] ?? '' ) );
		}
		if ( ! $problems ) {
			return;
		}
		echo '<h3>' . esc_html__( 'Posts with a problem', 'rag-ask' ) . '</h3><ul class="rag-ask-state__problems">';
		foreach ( $problems as list( $post_id, $title, $state, $reason ) ) {
			printf( '<li>%s <em>%s</em> <span>%s</span></li>', wp_kses_post( self::post_link( $post_id, $title ) ), esc_html( $state ), esc_html( $reason ) );
		}
		echo '</ul>';
	}

	private static function post_link( int $post_id, string $title_when_pushed ): string {
		/* translators: %d: number of a post. */
		$title = get_the_title( $post_id ) ?: $title_when_pushed ?: sprintf( __( 'Post %d', 'rag-ask' ), $post_id ); // phpcs:ignore Universal.Operators.DisallowShortTernary -- a title of "0" may show its number.
		$url   = get_edit_post_link( $post_id );
		return $url ? sprintf( '<a href="%s">%s</a>', esc_url( $url ), esc_html( $title ) ) : esc_html( $title );
	}

	private static function buttons(): void {
		echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '" class="rag-ask-state__buttons">';
		echo '<input type="hidden" name="action" value="' . esc_attr( Admin_Actions::ACTION ) . '">';
		wp_nonce_field( Admin_Actions::ACTION );
		foreach ( Admin_Actions::tasks() as $task => $label ) {
			printf( '<button type="submit" class="button" name="task" value="%s">%s</button> ', esc_attr( $task ), esc_html( $label ) );
		}
		echo '</form>';
	}

	/**
	 * One card.
	 *
	 * @param string   $title What it is about.
	 * @param string   $html  Escaped markup.
	 * @param string[] $lines Texts below it; empty ones are left out.
	 */
	private static function card( string $title, string $html, array $lines ): void {
		echo '<div class="rag-ask-state__card"><h3>' . esc_html( $title ) . '</h3>' . wp_kses_post( $html );
		foreach ( array_filter( $lines ) as $line ) {
			echo '<p>' . esc_html( $line ) . '</p>';
		}
		echo '</div>';
	}

	private static function numbers( array $numbers ): string {
		$html = '';
		foreach ( $numbers as $label => $number ) {
			$html .= sprintf( '<span class="rag-ask-state__number"><strong>%s</strong> %s</span> ', esc_html( number_format_i18n( $number ) ), esc_html( $label ) );
		}
		return $html;
	}

	private static function ago( string $what, int $at ): string {
		/* translators: 1: an event, 2: a time span such as "5 minutes". */
		return $at ? sprintf( __( '%1$s %2$s ago', 'rag-ask' ), $what, human_time_diff( $at ) ) : '';
	}
}
