<?php
/**
 * Question figures: totals and charts of the tab Questions.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Printed from the stored report (tests/contract/insights-response.json).
 */
final class Question_Figures {

	/**
	 * Print totals and charts.
	 *
	 * @param array $insights The report.
	 */
	public static function render( array $insights ): void {
		$days = (int) ( $insights['days'] ?? 0 );
		/* translators: %s: number of days. */
		echo '<h2>' . esc_html( sprintf( _n( 'The last %s day', 'The last %s days', $days, 'rag-ask' ), number_format_i18n( $days ) ) ) . '</h2>';
		self::totals( $insights );
		echo '<p class="rag-ask-reason">' . esc_html__( 'What to expect: of a hundred questions that a site answers, about five are shown as "This may help"; of a hundred that it nearly answers, about fifteen are shown as answers. A share of questions not found that grows says that visitors look for something that is not on the site.', 'rag-ask' ) . '</p>';
		self::plots( array_values( array_filter( (array) ( $insights['by_day'] ?? array() ), 'is_array' ) ) );
	}

	private static function totals( array $insights ): void {
		$count   = (int) ( $insights['questions'] ?? 0 );
		$ratings = (array) ( $insights['ratings'] ?? array() );
		echo '<dl class="rag-ask-questions__numbers">';
		self::number( __( 'Questions', 'rag-ask' ), number_format_i18n( $count ) );
		self::number( __( 'Answered', 'rag-ask' ), self::share( $insights['answered'] ?? 0, $count ) );
		self::number( __( 'Unsure', 'rag-ask' ), self::share( $insights['unsure'] ?? 0, $count ) );
		self::number( __( 'Not found', 'rag-ask' ), self::share( $insights['abstained'] ?? 0, $count ) );
		/* translators: 1: number of visitors who said yes, 2: number of visitors who said no. */
		$helpful = __( '%1$s yes, %2$s no', 'rag-ask' );
		self::number( __( 'Helpful', 'rag-ask' ), sprintf( $helpful, number_format_i18n( (int) ( $ratings['up'] ?? 0 ) ), number_format_i18n( (int) ( $ratings['down'] ?? 0 ) ) ) );
		self::number( __( 'First word, half within', 'rag-ask' ), self::seconds( $insights['first_word_ms']['p50'] ?? null ) );
		self::number( __( 'Whole answer, half within', 'rag-ask' ), self::seconds( $insights['latency_ms']['p50'] ?? null ) );
		self::number( __( 'Cost', 'rag-ask' ), isset( $insights['cost_usd'] ) ? self::dollars( (float) $insights['cost_usd'] ) : __( 'not known', 'rag-ask' ) );
		echo '</dl>';
	}

	private static function plots( array $by_day ): void {
		$days   = array_map( static fn( array $day ): string => (string) ( $day['day'] ?? '' ), $by_day );
		$values = static fn( string $name ): array => array_map( static fn( array $day ): float => (float) ( $day[ $name ] ?? 0 ), $by_day );
		$count  = static fn( float $value ): string => number_format_i18n( $value );
		echo '<div class="rag-ask-plots">';
		Plot::render(
			__( 'Questions per day', 'rag-ask' ),
			$days,
			array(
				__( 'Answered', 'rag-ask' )  => $values( 'answered' ),
				__( 'Unsure', 'rag-ask' )    => $values( 'unsure' ),
				__( 'Not found', 'rag-ask' ) => $values( 'abstained' ),
			),
			$count
		);
		Plot::render(
			__( 'Ratings per day', 'rag-ask' ),
			$days,
			array(
				__( 'Helpful', 'rag-ask' )     => $values( 'up' ),
				__( 'Not helpful', 'rag-ask' ) => $values( 'down' ),
			),
			$count
		);
		Plot::render( __( 'Time to the first word, half of each day within', 'rag-ask' ), $days, array( __( 'Time', 'rag-ask' ) => $values( 'first_word_ms' ) ), array( self::class, 'seconds' ) );
		Plot::render(
			__( 'Cost per day', 'rag-ask' ),
			$days,
			array( __( 'Cost', 'rag-ask' ) => $values( 'cost_usd' ) ),
			array( self::class, 'dollars' ),
			(float) ( Sidecar_Status::stored()['status']['budget']['limit_usd'] ?? 0 ),
			__( 'Daily budget', 'rag-ask' )
		);
		echo '</div>';
	}

	private static function number( string $name, string $value ): void {
		echo '<div><dt>' . esc_html( $name ) . '</dt><dd>' . esc_html( $value ) . '</dd></div>';
	}

	private static function share( mixed $part, int $whole ): string {
		/* translators: %s: a number from 0 to 100. */
		return $whole ? sprintf( __( '%s %%', 'rag-ask' ), number_format_i18n( 100 * (int) $part / $whole ) ) : '–';
	}

	/**
	 * A time as text.
	 *
	 * @param float|int|null $ms Milliseconds.
	 */
	public static function seconds( float|int|null $ms ): string {
		/* translators: %s: number of seconds. */
		return $ms ? sprintf( __( '%s s', 'rag-ask' ), number_format_i18n( $ms / 1000, 1 ) ) : '–';
	}

	/**
	 * An amount as text.
	 *
	 * @param float $usd US dollars.
	 */
	public static function dollars( float $usd ): string {
		/* translators: %s: an amount of US dollars. */
		return sprintf( __( '$%s', 'rag-ask' ), number_format_i18n( $usd, 2 ) );
	}
}
