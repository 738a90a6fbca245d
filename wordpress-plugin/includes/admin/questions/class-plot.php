<?php
/**
 * Plot: a chart of bars by day as SVG, with the same numbers in a table behind it.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Each bar says its series and its value when it is pointed at, so that colour alone tells nothing. The chart needs no script.
 */
final class Plot {

	private const WIDTH  = 600;
	private const HEIGHT = 120;
	private const GAP    = 0.2;

	/**
	 * Print a chart of stacked bars.
	 *
	 * @param string                          $title      What is shown.
	 * @param string[]                        $days       Dates as YYYY-MM-DD.
	 * @param array<string, array<int|float>> $series     Values by name of the series, one a day.
	 * @param callable                        $format     A value as text.
	 * @param float                           $limit      Value of a line across the chart, 0 for none.
	 * @param string                          $limit_name Its name.
	 */
	public static function render( string $title, array $days, array $series, callable $format, float $limit = 0.0, string $limit_name = '' ): void {
		$sums = array_map( static fn( int $day ) => array_sum( array_column( $series, $day ) ), array_keys( $days ) );
		$most = $sums ? max( $limit, ...$sums ) : 0;
		if ( ! $sums || max( $sums ) <= 0 ) {
			return;
		}
		echo '<figure class="rag-ask-plot"><figcaption>' . esc_html( $title ) . '</figcaption>';
		self::legend( array_keys( $series ), $limit_name );
		/* translators: %s: the highest value of a chart. */
		printf( '<p class="rag-ask-reason">%s</p>', esc_html( sprintf( __( 'Highest: %s', 'rag-ask' ), $format( max( $sums ) ) ) ) );
		printf(
			'<svg viewBox="0 0 %1$d %2$d" preserveAspectRatio="none" role="img" aria-label="%3$s">',
			(int) self::WIDTH,
			(int) self::HEIGHT,
			/* translators: 1: title of a chart, 2: the highest value. */
			esc_attr( sprintf( __( '%1$s. Highest: %2$s. The table below has every value.', 'rag-ask' ), $title, $format( max( $sums ) ) ) )
		);
		self::bars( $days, $series, $most, $format );
		if ( $limit > 0 ) {
			printf( '<line class="rag-ask-plot__limit" x1="0" x2="%1$d" y1="%2$.1f" y2="%2$.1f"/>', (int) self::WIDTH, esc_attr( self::y( $limit, $most ) ) );
		}
		printf( '</svg><p class="rag-ask-plot__days"><span>%s</span><span>%s</span></p>', esc_html( self::day( reset( $days ) ) ), esc_html( self::day( end( $days ) ) ) );
		self::table( $title, $days, $series, $format );
		echo '</figure>';
	}

	private static function bars( array $days, array $series, float $most, callable $format ): void {
		$step = self::WIDTH / count( $days );
		foreach ( array_keys( $days ) as $day ) {
			$below = 0;
			foreach ( array_keys( $series ) as $number => $name ) {
				$value = max( 0, $series[ $name ][ $day ] );
				if ( $value > 0 ) {
					printf(
						'<rect class="rag-ask-plot__bar is-%d" x="%.1f" y="%.1f" width="%.1f" height="%.1f"><title>%s</title></rect>',
						(int) $number,
						esc_attr( $day * $step + $step * self::GAP / 2 ),
						esc_attr( self::y( $below + $value, $most ) ),
						esc_attr( $step * ( 1 - self::GAP ) ),
						esc_attr( self::HEIGHT * $value / $most ),
						/* translators: 1: a date, 2: what is counted, 3: a number. */
						esc_html( sprintf( __( '%1$s, %2$s: %3$s', 'rag-ask' ), self::day( $days[ $day ] ), $name, $format( $value ) ) )
					);
				}
				$below += $value;
			}
		}
	}

	private static function y( float $value, float $most ): float {
		return self::HEIGHT - self::HEIGHT * $value / $most;
	}

	private static function day( string $day ): string {
		return (string) wp_date( get_option( 'date_format' ), (int) strtotime( $day . 'T12:00:00Z' ), new \DateTimeZone( 'UTC' ) );
	}

	private static function legend( array $names, string $limit_name ): void {
		if ( count( $names ) < 2 && '' === $limit_name ) {
			return;
		}
		echo '<ul class="rag-ask-plot__legend" aria-hidden="true">';
		foreach ( $names as $number => $name ) {
			printf( '<li class="is-%d">%s</li>', (int) $number, esc_html( $name ) );
		}
		echo '' === $limit_name ? '' : '<li class="is-limit">' . esc_html( $limit_name ) . '</li>';
		echo '</ul>';
	}

	private static function table( string $title, array $days, array $series, callable $format ): void {
		echo '<details><summary>' . esc_html__( 'Show as a table', 'rag-ask' ) . '</summary><table class="widefat striped"><caption class="screen-reader-text">' . esc_html( $title ) . '</caption><thead><tr><th scope="col">' . esc_html__( 'Day', 'rag-ask' ) . '</th>';
		foreach ( array_keys( $series ) as $name ) {
			echo '<th scope="col">' . esc_html( $name ) . '</th>';
		}
		echo '</tr></thead><tbody>';
		foreach ( array_reverse( $days, true ) as $number => $day ) {
			echo '<tr><th scope="row">' . esc_html( self::day( $day ) ) . '</th>';
			foreach ( $series as $values ) {
				echo '<td>' . esc_html( $format( $values[ $number ] ) ) . '</td>';
			}
			echo '</tr>';
		}
		echo '</tbody></table></details>';
	}
}
