<?php
/**
 * The commands that tell: `wp rag-ask status`, `ask`, `questions` and `doctor`.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Lists go to stdout in the format that was chosen; what is wrong goes to stderr.
 */
final class CLI_Reports {

	private const MAX_FAILED = 20;

	/**
	 * Shows what is indexed, what waits, how the last comparison ended and what answers cost.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : How to print the list.
	 * ---
	 * default: table
	 * options:
	 *   - table
	 *   - json
	 *   - csv
	 *   - count
	 * ---
	 *
	 * @param string[] $args    None.
	 * @param array    $options The option.
	 */
	public static function status( array $args, array $options ): void {
		$error = Sidecar_Status::check();
		$rows  = Index_Query::figures() + array(
			'unsent'     => Outbox::counts()['waiting'],
			'reindex'    => Reindex::is_running() ? Progress::of( 'reindex' )['text'] : '',
			'comparison' => Health::reconcile_summary(),
			'money'      => Status_Panel::budget( Sidecar_Status::stored()['status']['budget'] ?? null ),
		);
		foreach ( Outbox::dead( self::MAX_FAILED ) as $row ) {
			$rows[ "$row->object_type $row->object_id" ] = $row->last_error;
		}
		$rows = array_filter( $rows, static fn( $value ): bool => '' !== $value );
		self::print( $options, array( 'name', 'value' ), array_map( null, array_keys( $rows ), $rows ) );
		if ( $error ) {
			\WP_CLI::error( $error->get_error_message() );
		}
	}

	/**
	 * Asks the site a question as a guest would, and prints the answer with its pages.
	 *
	 * ## OPTIONS
	 *
	 * <question>
	 * : The question.
	 *
	 * [--format=<format>]
	 * : Text, or the answer as the sidecar sent it.
	 * ---
	 * default: text
	 * options:
	 *   - text
	 *   - json
	 * ---
	 *
	 * @param string[] $args    The question.
	 * @param array    $options The option.
	 */
	public static function ask( array $args, array $options ): void {
		$question = mb_substr( trim( $args[0] ), 0, Token_Route::MAX_QUESTION_CHARACTERS );
		$answer   = '' === $question
			? new \WP_Error( 'question_empty', __( 'Type a question first.', 'rag-ask' ) )
			: Sidecar::ask( array( 'question' => $question ), 'owner-' . get_current_user_id(), Audience::of_visitor( null ) );
		if ( is_wp_error( $answer ) ) {
			\WP_CLI::error( $answer->get_error_message() );
			return;
		}
		if ( 'json' === ( $options['format'] ?? '' ) ) {
			\WP_CLI::line( (string) wp_json_encode( $answer ) );
			return;
		}
		$text = Ask_Post::text( $answer );
		\WP_CLI::line( '' === $text ? (string) Settings::get( 'text_not_on_site' ) : $text );
		foreach ( (array) ( $answer['citations'] ?? array() ) as $citation ) {
			\WP_CLI::line( rtrim( sprintf( '%s: %s', $citation['title'] ?? '', $citation['url'] ?? '' ), ': ' ) );
		}
	}

	/**
	 * Lists what visitors asked: questions without an answer, answers that were rated down, or the most frequent questions.
	 *
	 * ## OPTIONS
	 *
	 * [--kind=<kind>]
	 * : Which questions.
	 * ---
	 * default: gaps
	 * options:
	 *   - gaps
	 *   - rated_down
	 *   - top
	 * ---
	 *
	 * [--format=<format>]
	 * : How to print the list.
	 * ---
	 * default: table
	 * options:
	 *   - table
	 *   - json
	 *   - csv
	 *   - count
	 * ---
	 *
	 * @param string[] $args    None.
	 * @param array    $options The options.
	 */
	public static function questions( array $args, array $options ): void {
		$error = Insights::refresh();
		if ( $error ) {
			\WP_CLI::error( $error->get_error_message() );
			return;
		}
		$kind = $options['kind'] ?? 'gaps';
		$rows = array();
		foreach ( Question_Groups::of( Insights::stored()['insights'], $kind ) as $group ) {
			$reason = 'top' === $kind ? '' : Question_List::reason( $group );
			$rows[] = array( $group['question'], $reason, (int) ( $group['count'] ?? 0 ), (string) ( $group['last_asked_at'] ?? '' ), implode( ' ', array_keys( Question_List::pages( $group['pages'] ?? array() ) ) ) );
		}
		self::print( $options, array( 'question', 'reason', 'times', 'last_asked', 'pages' ), $rows );
	}

	/**
	 * Says what is wrong on this side, each with its remedy. Ends with exit code 1 when something is.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : How to print the list.
	 * ---
	 * default: table
	 * options:
	 *   - table
	 *   - json
	 *   - csv
	 *   - count
	 * ---
	 *
	 * @param string[] $args    None.
	 * @param array    $options The option.
	 */
	public static function doctor( array $args, array $options ): void {
		$problems = Doctor::examine();
		$rows     = array();
		foreach ( $problems as $check => $problem ) {
			$rows[] = array( $check, '' === $problem ? 'ok' : 'wrong', $problem );
		}
		if ( '' === $problems['visitors'] && ! Reach::report() ) {
			$rows[ array_search( 'visitors', array_keys( $problems ), true ) ] = array( 'visitors', 'unknown', Reach::not_tested() );
		}
		self::print( $options, array( 'check', 'state', 'remedy' ), $rows );
		$wrong = count( array_filter( $problems ) );
		if ( $wrong ) {
			/* translators: %s: number of checks. */
			\WP_CLI::error( sprintf( _n( '%s check found something wrong.', '%s checks found something wrong.', $wrong, 'rag-ask' ), number_format_i18n( $wrong ) ) );
		}
	}

	/**
	 * Print a list.
	 *
	 * @param array    $options The options of a command.
	 * @param string[] $fields  Names of the columns.
	 * @param array[]  $rows    Cells, in the order of the columns.
	 */
	public static function print( array $options, array $fields, array $rows ): void {
		$items = array_map( static fn( array $row ): array => array_combine( $fields, $row ), $rows );
		\WP_CLI\Utils\format_items( $options['format'] ?? 'table', $items, $fields );
	}
}
