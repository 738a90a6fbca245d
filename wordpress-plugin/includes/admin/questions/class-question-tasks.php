<?php
/**
 * Question tasks: what the owner does with questions of the list, one or several at once.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Admin_Actions checked who asks.
 */
final class Question_Tasks {

	/**
	 * Run a task.
	 *
	 * @param string   $verb 'dismiss', 'merge' or 'split'.
	 * @param string[] $keys Keys of questions.
	 * @return array{string, string} Type of the notice and its text.
	 */
	public static function run( string $verb, array $keys ): array {
		if ( ! $keys ) {
			return array( 'error', __( 'Tick the questions first.', 'rag-ask' ) );
		}
		return match ( $verb ) {
			'merge'   => self::merge( $keys ),
			'split'   => Question_Groups::split( $keys[0] ) ? array( 'success', __( 'They are separate questions again.', 'rag-ask' ) ) : self::gone(),
			'dismiss' => Question_Groups::dismiss( $keys ) ? array( 'success', __( 'Put aside. It comes back when it is asked again.', 'rag-ask' ) ) : self::gone(),
		};
	}

	private static function merge( array $keys ): array {
		return Question_Groups::merge( $keys )
			? array( 'success', __( 'They are shown as one question, under the wording that is asked most.', 'rag-ask' ) )
			: array( 'error', __( 'Tick two questions or more of the same list.', 'rag-ask' ) );
	}

	private static function gone(): array {
		return array( 'error', __( 'That question is no longer in the list. Reload the page.', 'rag-ask' ) );
	}
}
