<?php
/**
 * Ability answers: what each ability does.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Each method takes checked input and returns what its output schema says, or an error with a status.
 */
final class Ability_Answers {

	/**
	 * Search for the current user.
	 *
	 * @param array $input question, and perhaps limit and types.
	 * @return array|\WP_Error
	 */
	public static function search( array $input ) {
		$message = array( 'limit' => (int) ( $input['limit'] ?? 8 ) ) + self::message( $input );
		$found   = Sidecar::search( $message, self::subject(), self::groups() );
		if ( is_wp_error( $found ) ) {
			return self::error( $found );
		}
		return array( 'passages' => self::rows( $found['passages'] ?? array(), array( 'title', 'url', 'heading', 'text', 'score' ) ) );
	}

	/**
	 * Ask for the current user.
	 *
	 * @param array $input question, and perhaps conversation and types.
	 * @return array|\WP_Error
	 */
	public static function ask( array $input ) {
		$message = array( 'conversation' => (string) ( $input['conversation'] ?? '' ) ) + self::message( $input );
		$answer  = Sidecar::ask( $message, self::subject(), self::groups() );
		if ( is_wp_error( $answer ) ) {
			return self::error( $answer );
		}
		return array(
			'outcome'      => (string) ( $answer['outcome'] ?? '' ),
			'answer'       => (string) ( $answer['answer'] ?? '' ),
			'citations'    => self::rows( $answer['citations'] ?? array(), array( 'number', 'title', 'url', 'heading', 'quote' ) ),
			'suggestions'  => self::rows( $answer['suggestions'] ?? array(), array( 'title', 'url' ) ),
			'conversation' => (string) ( $answer['conversation'] ?? '' ),
		);
	}

	/**
	 * What waits here, and what the index holds.
	 */
	public static function status(): array {
		Sidecar_Status::refresh();
		$stored  = Sidecar_Status::stored();
		$counts  = Outbox::counts();
		$problem = Address::problem();
		$problem = '' === $problem ? $stored['error'] : $problem;
		return array(
			'is_connected' => null !== Connection::current(),
			'problem'      => Connection::current() ? $problem : __( 'There is no connection. Paste the connection string of this site.', 'rag-ask' ),
			'checked_at'   => self::date( $stored['checked_at'] ),
			'waiting'      => (int) $counts['waiting'],
			'failed'       => (int) $counts['dead'],
			'documents'    => (object) array_map( 'intval', (array) ( $stored['status']['documents'] ?? array() ) ),
		);
	}

	/**
	 * The questions without an answer, from the stored report, as the owner merged them and put them aside. The report is fetched
	 * each night, and here when there is none yet.
	 *
	 * @return array|\WP_Error
	 */
	public static function gaps() {
		$error = Insights::stored()['fetched_at'] ? null : Insights::refresh();
		if ( $error ) {
			return self::error( $error );
		}
		$stored = Insights::stored();
		$gaps   = Question_Groups::of( $stored['insights'], 'gaps' );
		return array(
			'days'       => (int) ( $stored['insights']['days'] ?? 0 ),
			'fetched_at' => self::date( $stored['fetched_at'] ),
			'gaps'       => self::rows( $gaps, array( 'question', 'count', 'last_asked_at', 'examples' ) ),
		);
	}

	private static function message( array $input ): array {
		$types = array_values( (array) ( $input['types'] ?? array() ) );
		return array( 'question' => $input['question'] ) + ( $types ? array( 'filter' => array( 'types' => $types ) ) : array() );
	}

	/**
	 * The name by which the sidecar limits this user, apart from the questions asked in the box.
	 */
	private static function subject(): string {
		return 'program-' . get_current_user_id();
	}

	private static function groups(): array {
		return Audience::of_visitor( wp_get_current_user() );
	}

	/**
	 * The named values of each row, so that a newer sidecar breaks no output schema.
	 *
	 * @param array[]  $rows Of the sidecar.
	 * @param string[] $keys Names of the values.
	 * @return array[]
	 */
	private static function rows( array $rows, array $keys ): array {
		return array_map( static fn( array $row ): array => array_intersect_key( $row, array_flip( $keys ) ), array_values( $rows ) );
	}

	private static function date( int $at ): string {
		return $at ? gmdate( 'Y-m-d\TH:i:s\Z', $at ) : '';
	}

	/**
	 * The error, with the status that REST sends.
	 *
	 * @param \WP_Error $error Of the sidecar client.
	 */
	private static function error( \WP_Error $error ): \WP_Error {
		$data = (array) $error->get_error_data();
		return new \WP_Error( $error->get_error_code(), $error->get_error_message(), array( 'status' => in_array( $data['status'] ?? 0, array( 400, 429 ), true ) ? $data['status'] : 502 ) + $data );
	}
}
