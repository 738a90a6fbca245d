<?php
/**
 * Insights panel: Settings > RAG Ask > Questions.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Printed from the stored report. Questions of visitors are escaped as text.
 */
final class Insights_Panel {

	/**
	 * Print the tab.
	 */
	public static function render(): void {
		$stored   = Insights::stored();
		$insights = $stored['insights'];
		Task_Form::begin( 'rag-ask-questions' );
		if ( '' !== $stored['error'] ) {
			echo '<p class="rag-ask-state__summary is-bad">' . esc_html( $stored['error'] ) . '</p>';
		}
		if ( $insights ) {
			self::gaps( self::groups( $insights['gaps'] ?? array() ), (int) ( $insights['questions'] ?? 0 ) );
			self::numbers( $insights );
			self::most_asked( self::groups( $insights['top'] ?? array() ) );
		}
		self::foot( $stored['fetched_at'] );
		Task_Form::end();
	}

	/**
	 * Questions without an answer, each with a button to write a post.
	 *
	 * @param array[] $gaps  From the sidecar.
	 * @param int     $count Number of all questions.
	 */
	private static function gaps( array $gaps, int $count ): void {
		echo '<h2>' . esc_html__( 'Questions without an answer', 'rag-ask' ) . '</h2>';
		if ( ! $gaps ) {
			echo '<p>' . esc_html( $count ? __( 'Every question was answered, and no answer was rated unhelpful.', 'rag-ask' ) : __( 'Nobody has asked yet.', 'rag-ask' ) ) . '</p>';
			return;
		}
		echo '<ul class="rag-ask-questions__list">';
		foreach ( $gaps as $gap ) {
			$question = $gap['question'];
			printf(
				'<li><div><strong dir="auto">%s</strong><p class="rag-ask-reason">%s</p>%s</div><a class="button" href="%s">%s<span class="screen-reader-text">: %s</span></a></li>',
				esc_html( $question ),
				esc_html( self::asked( $gap ) ),
				wp_kses_post( self::examples( $gap ) ),
				esc_url( add_query_arg( 'post_title', rawurlencode( $question ), admin_url( 'post-new.php' ) ) ),
				esc_html__( 'Write a post', 'rag-ask' ),
				esc_html( $question )
			);
		}
		echo '</ul>';
	}

	private static function numbers( array $insights ): void {
		$ratings = (array) ( $insights['ratings'] ?? array() );
		$latency = (array) ( $insights['latency_ms'] ?? array() );
		/* translators: %s: number of days. */
		echo '<h2>' . esc_html( sprintf( __( 'The last %s days', 'rag-ask' ), number_format_i18n( (int) ( $insights['days'] ?? 0 ) ) ) ) . '</h2><dl class="rag-ask-questions__numbers">';
		self::number( __( 'Questions', 'rag-ask' ), number_format_i18n( (int) ( $insights['questions'] ?? 0 ) ) );
		self::number( __( 'Answered', 'rag-ask' ), isset( $insights['answer_rate'] ) ? number_format_i18n( 100 * (float) $insights['answer_rate'] ) . ' %' : '–' );
		/* translators: 1: number of visitors, 2: number of visitors. */
		self::number( __( 'Helpful', 'rag-ask' ), sprintf( __( '%1$s yes, %2$s no', 'rag-ask' ), number_format_i18n( (int) ( $ratings['up'] ?? 0 ) ), number_format_i18n( (int) ( $ratings['down'] ?? 0 ) ) ) );
		/* translators: %s: number of seconds. */
		self::number( __( 'Half answered within', 'rag-ask' ), isset( $latency['p50'] ) ? sprintf( __( '%s s', 'rag-ask' ), number_format_i18n( (float) $latency['p50'] / 1000, 1 ) ) : '–' );
		self::number( __( 'Cost', 'rag-ask' ), isset( $insights['cost_usd'] ) ? '$' . number_format_i18n( (float) $insights['cost_usd'], 2 ) : __( 'not known', 'rag-ask' ) );
		echo '</dl>';
	}

	private static function number( string $name, string $value ): void {
		echo '<div><dt>' . esc_html( $name ) . '</dt><dd>' . esc_html( $value ) . '</dd></div>';
	}

	private static function most_asked( array $top ): void {
		if ( ! $top ) {
			return;
		}
		echo '<h2>' . esc_html__( 'Most asked', 'rag-ask' ) . '</h2><ol class="rag-ask-questions__top">';
		foreach ( $top as $group ) {
			printf( '<li><span dir="auto">%s</span> <span class="rag-ask-reason">%s</span></li>', esc_html( $group['question'] ), esc_html( self::asked( $group ) ) );
		}
		echo '</ol>';
	}

	/**
	 * The valid groups of questions.
	 *
	 * @param mixed $groups From the sidecar.
	 * @return array[]
	 */
	private static function groups( mixed $groups ): array {
		return array_filter( (array) $groups, static fn( $group ) => is_array( $group ) && is_string( $group['question'] ?? null ) );
	}

	private static function asked( array $group ): string {
		$count = (int) ( $group['count'] ?? 0 );
		/* translators: 1: number of times, 2: a time span such as "5 minutes". */
		$text = _n( 'asked %1$s time, %2$s ago', 'asked %1$s times, last %2$s ago', $count, 'rag-ask' );
		return sprintf( $text, number_format_i18n( $count ), human_time_diff( (int) strtotime( (string) ( $group['last_asked_at'] ?? '' ) ) ) );
	}

	/**
	 * Other wordings of the question, collapsed.
	 *
	 * @param array $gap From the sidecar.
	 */
	private static function examples( array $gap ): string {
		$examples = array_filter( (array) ( $gap['examples'] ?? array() ), 'is_string' );
		if ( ! $examples ) {
			return '';
		}
		$items = array_map( static fn( string $example ) => '<li dir="auto">' . esc_html( $example ) . '</li>', $examples );
		return '<details><summary>' . esc_html__( 'Other wordings', 'rag-ask' ) . '</summary><ul>' . implode( '', $items ) . '</ul></details>';
	}

	private static function foot( int $fetched_at ): void {
		/* translators: %s: a time span such as "5 minutes". */
		$when = $fetched_at ? sprintf( __( 'Fetched %s ago, and each night.', 'rag-ask' ), human_time_diff( $fetched_at ) ) : __( 'Not fetched yet. It is fetched each night, or now by the button.', 'rag-ask' );
		printf( '<p class="rag-ask-state__buttons"><button type="submit" class="button" name="task" value="insights">%s</button></p><p class="rag-ask-reason">%s</p>', esc_html__( 'Fetch now', 'rag-ask' ), esc_html( $when ) );
	}
}
