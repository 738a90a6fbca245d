<?php
/**
 * Question CSV: the questions of the stored report as a file.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Visitors wrote the cells: one that a spreadsheet would calculate begins with an apostrophe.
 */
final class Question_Csv {

	/**
	 * Send the file and end the request.
	 */
	public static function send(): void {
		nocache_headers();
		header( 'Content-Type: text/csv; charset=utf-8' ); // phpcs:ignore Generic.PHP.ForbiddenFunctions -- WordPress has no function that sends a file.
		header( 'Content-Disposition: attachment; filename="questions-' . gmdate( 'Y-m-d' ) . '.csv"' ); // phpcs:ignore Generic.PHP.ForbiddenFunctions -- WordPress has no function that sends a file.
		echo self::text( Insights::stored()['insights'] ); // phpcs:ignore WordPress.Security.EscapeOutput -- a file, not HTML.
		exit;
	}

	/**
	 * The file.
	 *
	 * @param array $insights The report.
	 */
	public static function text( array $insights ): string {
		$file = fopen( 'php://temp', 'r+' ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- in memory.
		self::row( $file, array( __( 'Question', 'rag-ask' ), __( 'Reason', 'rag-ask' ), __( 'Times', 'rag-ask' ), __( 'Last asked', 'rag-ask' ), __( 'Other wordings', 'rag-ask' ), __( 'Answer', 'rag-ask' ), __( 'Pages', 'rag-ask' ), __( 'What visitors said of it', 'rag-ask' ) ) );
		foreach ( array( 'gaps', 'rated_down' ) as $kind ) {
			foreach ( Question_Groups::of( $insights, $kind ) as $group ) {
				self::row(
					$file,
					array(
						$group['question'],
						Question_List::reason( $group ),
						(string) (int) ( $group['count'] ?? 0 ),
						(string) ( $group['last_asked_at'] ?? '' ),
						implode( "\n", Question_Groups::wordings( $group ) ),
						is_string( $group['answer'] ?? null ) ? $group['answer'] : '',
						implode( "\n", array_keys( Question_List::pages( $group['pages'] ?? array() ) ) ),
						implode( "\n", Question_Groups::comments( $group ) ),
					)
				);
			}
		}
		rewind( $file );
		// Excel takes a file without this mark for one of an older encoding.
		return "\u{FEFF}" . stream_get_contents( $file );
	}

	/**
	 * Write a line.
	 *
	 * @param resource $file  Open file.
	 * @param string[] $cells Texts.
	 */
	private static function row( $file, array $cells ): void {
		$cells = array_map( static fn( string $cell ): string => (string) preg_replace( '/\A[=+\-@\t\r]/', "'$0", $cell ), $cells );
		fputcsv( $file, $cells, ',', '"', '' );
	}
}
