<?php
/**
 * Status panel: the status above the settings form.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Shows stored data and the last status of the sidecar. Sends no request.
 */
final class Status_Panel {

	/**
	 * Print the panel: one form in which each button is a task.
	 */
	public static function render(): void {
		$stored = Sidecar_Status::stored();
		echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '" class="rag-ask-state">';
		echo '<input type="hidden" name="action" value="' . esc_attr( Admin_Actions::ACTION ) . '">';
		wp_nonce_field( Admin_Actions::ACTION );
		self::summary();
		echo '<div class="rag-ask-state__cards">';
		self::connection_card( $stored );
		self::outbox_card();
		self::index_card( $stored['status'] );
		echo '</div>';
		self::buttons();
		Problem_List::render( $stored['status']['problems'] ?? array() );
		Reindex_Panel::render();
		echo '</form>';
		Address_Panel::render();
	}

	/**
	 * Print the problems, or that there are none.
	 */
	private static function summary(): void {
		$problems   = Health::problems();
		$comparison = isset( $problems['reconcile_failed'] ) ? '' : Health::reconcile_summary();
		foreach ( $problems as $text ) {
			echo '<p class="rag-ask-state__summary is-bad">' . esc_html( $text ) . '</p>';
		}
		if ( '' !== $comparison || ! $problems ) {
			printf(
				'<p class="rag-ask-state__summary is-%s">%s</p>',
				$problems || '' === $comparison ? 'off' : 'good',
				esc_html( '' === $comparison ? __( 'The index was not compared with the site yet. It is compared each night, or now by the button below.', 'rag-ask' ) : $comparison )
			);
		}
		Progress::render( 'reconcile' );
	}

	private static function connection_card( array $checked ): void {
		if ( ! Connection::current() ) {
			$word = array( 'off', __( 'Not connected', 'rag-ask' ) );
			$more = __( 'Paste the connection string below. Until then changes wait in the outbox.', 'rag-ask' );
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
			sprintf( '<span class="rag-ask-badge is-%s">%s</span>', esc_attr( $word[0] ), esc_html( $word[1] ) ),
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
					__( 'waiting', 'rag-ask' ) => $counts['waiting'],
					__( 'failed', 'rag-ask' )  => $counts['dead'],
				)
			),
			array(
				self::ago( __( 'Oldest waiting change:', 'rag-ask' ), Outbox_View::waiting_since() ),
				self::ago( __( 'Last successful push:', 'rag-ask' ), $log['succeeded_at'] ),
				self::unseen(),
				'' === $log['message'] ? '' : self::ago( __( 'Last failed push:', 'rag-ask' ), $log['failed_at'] ) . '. ' . $log['message'],
			)
		);
	}

	private static function unseen(): string {
		$count = Guest_Verdict::count_unseen();
		return $count
			/* translators: %s: number of posts. */
			? sprintf( _n( '%s post is excluded because guests do not see it.', '%s posts are excluded because guests do not see them.', $count, 'rag-ask' ), number_format_i18n( $count ) )
			: '';
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
			array(
				self::lag( $documents, (int) ( $status['lag_s'] ?? 0 ) ),
				/* translators: 1: number of chunks, 2: name of the embedder. */
				sprintf( __( '%1$s chunks, %2$s', 'rag-ask' ), number_format_i18n( (int) ( $status['chunks'] ?? 0 ) ), (string) ( $status['embedder'] ?? '' ) ),
				self::newer_embedder( (string) ( $status['newer_embedder'] ?? '' ) ),
				self::budget( $status['budget'] ?? null ),
			)
		);
	}

	private static function lag( array $documents, int $lag_s ): string {
		return empty( $documents['pending'] )
			? __( 'No document is pending.', 'rag-ask' )
			/* translators: %s: a time span such as "5 minutes". */
			: sprintf( __( 'The oldest pending document had waited for %s at the last check.', 'rag-ask' ), human_time_diff( time() - $lag_s ) );
	}

	private static function newer_embedder( string $name ): string {
		return '' === $name
			? ''
			/* translators: %s: name of an embedder. */
			: sprintf( __( 'A newer embedder finds more, and in more languages: %s. To change to it, run "rag-ask reembed" on the server of the sidecar.', 'rag-ask' ), $name );
	}

	private static function budget( ?array $budget ): string {
		return $budget
			/* translators: 1: an amount, 2: an amount, both of US dollars. */
			? sprintf( __( 'Answers cost $%1$s of $%2$s today (UTC).', 'rag-ask' ), number_format_i18n( $budget['spent_usd'], 2 ), number_format_i18n( $budget['limit_usd'], 2 ) )
			: '';
	}

	private static function buttons(): void {
		echo '<p class="rag-ask-state__buttons">';
		foreach ( Admin_Actions::buttons() as $task => $label ) {
			printf( '<button type="submit" class="button" name="task" value="%s">%s</button> ', esc_attr( $task ), esc_html( $label ) );
		}
		echo '</p>';
	}

	/**
	 * Print one card.
	 *
	 * @param string   $title Title.
	 * @param string   $html  Escaped HTML.
	 * @param string[] $lines Texts below it; empty ones are skipped.
	 */
	private static function card( string $title, string $html, array $lines ): void {
		echo '<div class="rag-ask-state__card"><h2>' . esc_html( $title ) . '</h2>' . wp_kses_post( $html );
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
