<?php
/**
 * Status panel: the first tab of the settings page.
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
		Task_Form::begin( 'rag-ask-state' );
		self::summary();
		echo '<div class="rag-ask-state__cards">';
		self::connection_card( $stored );
		self::pages_card();
		self::answers_card( $stored['status'] );
		self::failures_card();
		echo '</div><p class="rag-ask-state__buttons">';
		foreach ( Admin_Actions::buttons() as $task => $label ) {
			Task_Form::button( $task, $label );
		}
		echo '</p>';
		Problem_List::render( $stored['status']['problems'] ?? array() );
		Task_Form::end();
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
			$more = __( 'Paste the connection string. Until then changes wait here to be sent.', 'rag-ask' );
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
			array(
				$more,
				/* translators: %s: a time span such as "5 minutes". */
				self::ago( __( 'Checked %s ago.', 'rag-ask' ), (int) $checked['checked_at'] ),
			)
		);
	}

	/**
	 * Each post is counted once: the numbers add up to the first.
	 */
	private static function pages_card(): void {
		$figures = Index_Query::figures();
		$log     = Push_Log::read();
		self::card(
			__( 'Posts and pages', 'rag-ask' ),
			self::numbers(
				array(
					__( 'in all', 'rag-ask' )             => $figures['all'],
					__( 'ready for answers', 'rag-ask' )  => $figures['ready'],
					__( 'being read', 'rag-ask' )         => $figures['reading'],
					__( 'waiting to be sent', 'rag-ask' ) => $figures['waiting'],
					__( 'failed', 'rag-ask' )             => $figures['failed'],
					__( 'left out', 'rag-ask' )           => $figures['excluded'],
				)
			),
			array(
				/* translators: %s: a time span such as "5 minutes". */
				self::ago( __( 'The oldest change has waited for %s.', 'rag-ask' ), Outbox_View::waiting_since() ),
				/* translators: %s: a time span such as "5 minutes". */
				self::ago( __( 'Last sent %s ago.', 'rag-ask' ), $log['succeeded_at'] ),
				self::unseen(),
				/* translators: 1: a time span such as "5 minutes", 2: the message of an error. */
				'' === $log['message'] ? '' : sprintf( __( 'Sending failed %1$s ago: %2$s', 'rag-ask' ), human_time_diff( $log['failed_at'] ), $log['message'] ),
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

	private static function answers_card( array $status ): void {
		if ( ! $status ) {
			return;
		}
		$insights = Insights::stored()['insights'];
		self::card(
			__( 'Answers', 'rag-ask' ),
			isset( $insights['questions'] )
				? self::numbers( array( __( 'questions in 30 days', 'rag-ask' ) => (int) $insights['questions'] ) )
				: '',
			array(
				self::budget( $status['budget'] ?? null ),
				self::newer_embedder( (string) ( $status['newer_embedder'] ?? '' ) ),
			)
		);
	}

	private static function failures_card(): void {
		if ( ! Connection::current() ) {
			return;
		}
		$totals = Ask_Failures::totals();
		self::card(
			/* translators: %s: number of days. */
			sprintf( __( 'Questions that failed in %s days', 'rag-ask' ), number_format_i18n( Ask_Failures::DAYS ) ),
			self::numbers( array_combine( array_map( static fn( string $code ): string => Failure_Health::labels()[ $code ], array_keys( $totals ) ), $totals ) ),
			$totals ? array( Failure_Health::first_remedy() ) : array( Failure_Health::none() )
		);
	}

	private static function newer_embedder( string $name ): string {
		return '' === $name
			? ''
			/* translators: %s: name of an embedder. */
			: sprintf( __( 'A newer embedder finds more, and in more languages: %s. To change to it, run "rag-ask reembed" on the server of the sidecar.', 'rag-ask' ), $name );
	}

	/**
	 * What answers cost and may cost; empty when there is no budget.
	 *
	 * @param array|null $budget From the sidecar's status.
	 */
	public static function budget( ?array $budget ): string {
		if ( ! $budget ) {
			return '';
		}
		$amounts = array_map( array( Question_Figures::class, 'dollars' ), array( $budget['spent_usd'], $budget['limit_usd'], $budget['month_usd'] ) );
		return ( $budget['owner_usd'] ?? 0 ) > $budget['limit_usd']
			/* translators: 1: an amount, 2: an amount, 3: an amount. */
			? sprintf( __( 'Answers cost %1$s of %2$s today (UTC) and %3$s this month. Whoever runs the sidecar set the daily budget, which is lower than yours.', 'rag-ask' ), ...$amounts )
			/* translators: 1: an amount, 2: an amount, 3: an amount. */
			: sprintf( __( 'Answers cost %1$s of %2$s today (UTC) and %3$s this month.', 'rag-ask' ), ...$amounts );
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

	/**
	 * A sentence about a time span; empty when there is none.
	 *
	 * @param string $sentence With a placeholder.
	 * @param int    $at       Unix time, 0 for never.
	 */
	private static function ago( string $sentence, int $at ): string {
		return $at ? sprintf( $sentence, human_time_diff( $at ) ) : '';
	}
}
