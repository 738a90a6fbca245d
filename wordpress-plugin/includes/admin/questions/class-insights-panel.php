<?php
/**
 * Insights panel: Settings > RAG Ask > Questions.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Printed from the stored report.
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
			self::own_answers();
			self::gaps( $insights );
			self::rated_down( Question_Groups::of( $insights, 'rated_down' ) );
			Question_Figures::render( $insights );
			self::most_asked( Question_Groups::of( $insights, 'top' ) );
		}
		self::foot( $stored['fetched_at'], array() !== $insights );
		Task_Form::end();
	}

	private static function own_answers(): void {
		$count = (int) ( wp_count_posts( Note_Type::NAME )->publish ?? 0 );
		/* translators: %s: number of answers. */
		$label = sprintf( _n( '%s answer of your own', '%s answers of your own', $count, 'rag-ask' ), number_format_i18n( $count ) );
		$write = admin_url( 'post-new.php?post_type=' . Note_Type::NAME );
		echo '<p>' . esc_html__( 'Where you write the answer to a question yourself, visitors get it in your words, before anything else.', 'rag-ask' );
		printf( ' <a href="%s">%s</a>', esc_url( $write ), esc_html__( 'Write an answer', 'rag-ask' ) );
		if ( $count ) {
			printf( ' · <a href="%s">%s</a>', esc_url( Note_Screen::list_url() ), esc_html( $label ) );
		}
		echo '</p>';
	}

	/**
	 * Print what several ticked questions can be.
	 */
	private static function bulk(): void {
		echo '<p class="rag-ask-questions__bulk">' . esc_html__( 'With the ticked questions:', 'rag-ask' ) . ' ';
		Task_Form::button( 'merge', __( 'Show as one question', 'rag-ask' ) );
		Task_Form::button( 'dismiss', __( 'Put aside', 'rag-ask' ) );
		echo '</p>';
	}

	private static function gaps( array $insights ): void {
		echo '<h2>' . esc_html__( 'Questions without an answer', 'rag-ask' ) . '</h2>';
		$gaps = Question_Groups::of( $insights, 'gaps' );
		if ( $gaps ) {
			Question_List::render( $gaps );
			self::bulk();
			return;
		}
		$has_gaps = ! empty( $insights['gaps'] );
		$count    = (int) ( $insights['questions'] ?? 0 );
		$text     = match ( true ) {
			$has_gaps => __( 'You have put all of them aside. One that is asked again comes back.', 'rag-ask' ),
			$count > 0 => __( 'Every question was answered.', 'rag-ask' ),
			default => __( 'Nobody has asked yet.', 'rag-ask' ),
		};
		echo '<p>' . esc_html( $text ) . '</p>';
	}

	/**
	 * Print answers that were rated down. They may be right: a visitor may only dislike what is true.
	 *
	 * @param array[] $groups From Question_List.
	 */
	private static function rated_down( array $groups ): void {
		if ( $groups ) {
			echo '<h2>' . esc_html__( 'Answers that were rated down', 'rag-ask' ) . '</h2><p>' . esc_html__( 'Read the answer: it may be right all the same.', 'rag-ask' ) . '</p>';
			Question_List::render( $groups );
			self::bulk();
		}
	}

	private static function most_asked( array $top ): void {
		if ( ! $top ) {
			return;
		}
		echo '<h2>' . esc_html__( 'Most asked', 'rag-ask' ) . '</h2><ol class="rag-ask-questions__top">';
		foreach ( $top as $group ) {
			printf( '<li><span dir="auto">%s</span> <span class="rag-ask-reason">%s</span></li>', esc_html( $group['question'] ), esc_html( Question_List::asked( $group ) ) );
		}
		echo '</ol>';
	}

	private static function foot( int $fetched_at, bool $has_report ): void {
		/* translators: %s: a time span such as "5 minutes". */
		$when = $fetched_at ? sprintf( __( 'Fetched %s ago, and each night.', 'rag-ask' ), human_time_diff( $fetched_at ) ) : __( 'Not fetched yet. It is fetched each night, or now by the button.', 'rag-ask' );
		echo '<p class="rag-ask-state__buttons">';
		Task_Form::button( 'insights', __( 'Fetch now', 'rag-ask' ) );
		if ( $has_report ) {
			Task_Form::button( 'csv', __( 'Download as CSV', 'rag-ask' ) );
			if ( Settings::get( 'digest_to' ) ) {
				Task_Form::button( 'digest', __( 'Send the weekly mail now', 'rag-ask' ) );
			}
		}
		echo '</p><p class="rag-ask-reason">' . esc_html( $when ) . '</p>';
	}
}
