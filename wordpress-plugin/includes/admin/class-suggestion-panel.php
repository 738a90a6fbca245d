<?php
/**
 * Suggestion panel: questions made from the headings of the site, which the owner may take over for the box.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Part of the tab Box. The sidecar asked each of them and got an answer; they come with the stored report. None is shown to
 * visitors before the owner takes it.
 */
final class Suggestion_Panel {

	/**
	 * Print the panel, once there is a report.
	 */
	public static function render(): void {
		$report = Insights::stored();
		if ( ! $report['fetched_at'] && '' === $report['error'] ) {
			return;
		}
		echo '<h2>' . esc_html__( 'Questions from your headings', 'rag-ask' ) . '</h2>';
		$new = self::new_ones();
		echo '<p>' . esc_html(
			$new
				? __( 'Each was asked, and the page beside it answers it. Tick those that the box suggests; they can be edited below.', 'rag-ask' )
				: __( 'There are none that the box does not have. Headings that are questions, or a few words such as "Opening hours", become some within minutes after a page is indexed.', 'rag-ask' )
		) . '</p>';
		Task_Form::begin( 'rag-ask-suggestions' );
		self::list( $new );
		Task_Form::button( 'insights', __( 'Fetch now', 'rag-ask' ) );
		Task_Form::end();
	}

	private static function list( array $suggested ): void {
		if ( ! $suggested ) {
			return;
		}
		echo '<ul>';
		foreach ( $suggested as $one ) {
			printf(
				'<li><label><input type="checkbox" name="questions[]" value="%1$s"> <bdi>%2$s</bdi></label> <a href="%3$s" class="rag-ask-reason" dir="auto">%4$s</a></li>',
				esc_attr( $one['question'] ),
				esc_html( $one['question'] ),
				esc_url( (string) ( $one['url'] ?? '' ) ),
				esc_html( (string) ( $one['title'] ?? '' ) )
			);
		}
		echo '</ul>';
		Task_Form::button( 'suggest', __( 'Suggest these', 'rag-ask' ), true );
	}

	/**
	 * Add questions to those that the box suggests.
	 *
	 * @param mixed $questions Of the form.
	 * @return array{string, string} Type of the notice and its text.
	 */
	public static function take( mixed $questions ): array {
		$wanted   = array_intersect( array_column( self::new_ones(), 'question' ), is_array( $questions ) ? $questions : array() );
		$settings = (array) get_option( Settings::OPTION, array() );
		$all      = Settings_Checks::lines( array_merge( Settings::get( 'suggestions' ), $wanted ) );
		if ( ! $wanted ) {
			return array( 'error', __( 'Tick a question first.', 'rag-ask' ) );
		}
		update_option( Settings::OPTION, array( 'suggestions' => $all ) + $settings );
		return array_diff( $wanted, $all )
			? array( 'warning', __( 'The box suggests six questions at most. Take some away below to make room for others.', 'rag-ask' ) )
			: array( 'success', __( 'The box suggests them now.', 'rag-ask' ) );
	}

	/**
	 * Those that the box does not suggest yet.
	 *
	 * @return array[] As in tests/contract/insights-response.json.
	 */
	private static function new_ones(): array {
		$suggested = (array) ( Insights::stored()['insights']['suggested'] ?? array() );
		$known     = Settings::get( 'suggestions' );
		return array_values( array_filter( $suggested, static fn( $one ): bool => is_array( $one ) && is_string( $one['question'] ?? null ) && ! in_array( Settings_Checks::text( $one['question'] ), $known, true ) ) );
	}
}
