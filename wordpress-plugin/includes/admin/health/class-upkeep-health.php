<?php
/**
 * Upkeep health: the tests of Site Health for cron, drift and the budget.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Reads stored data. Each test has a remedy of its own, so each is a line of its own.
 */
final class Upkeep_Health {

	/** Problems of Health that are a test here and not a part of "RAG Ask follows the site". */
	public const CODES = array( 'cron_late', 'drift', 'budget_exhausted' );

	/**
	 * Add the tests.
	 *
	 * @param array $tests By kind and name.
	 */
	public static function add_tests( array $tests ): array {
		$tests['direct']['rag_ask_cron']   = array(
			'label' => __( 'RAG Ask is called by WP-Cron', 'rag-ask' ),
			'test'  => array( self::class, 'cron_test' ),
		);
		$tests['direct']['rag_ask_drift']  = array(
			'label' => __( 'RAG Ask keeps the index like the site', 'rag-ask' ),
			'test'  => array( self::class, 'drift_test' ),
		);
		$tests['direct']['rag_ask_budget'] = array(
			'label' => __( 'RAG Ask has budget left today', 'rag-ask' ),
			'test'  => array( self::class, 'budget_test' ),
		);
		return $tests;
	}

	/**
	 * Whether WP-Cron runs.
	 */
	public static function cron_test(): array {
		return self::result( 'cron', 'cron_late', __( 'RAG Ask is called by WP-Cron', 'rag-ask' ), __( 'WP-Cron does not call RAG Ask', 'rag-ask' ), __( 'Changes are sent, and the index is compared each night, on time.', 'rag-ask' ) );
	}

	/**
	 * Whether a difference between index and site stays.
	 */
	public static function drift_test(): array {
		return self::result( 'drift', 'drift', __( 'RAG Ask keeps the index like the site', 'rag-ask' ), __( 'The index of RAG Ask differs from the site again and again', 'rag-ask' ), __( 'No difference stayed from one comparison to the next.', 'rag-ask' ) );
	}

	/**
	 * Whether answers are still paid for today.
	 */
	public static function budget_test(): array {
		$money = Status_Panel::budget( Sidecar_Status::stored()['status']['budget'] ?? null );
		return self::result( 'budget', 'budget_exhausted', __( 'RAG Ask has budget left today', 'rag-ask' ), __( 'RAG Ask has used up the budget of today', 'rag-ask' ), '' === $money ? __( 'No budget is known.', 'rag-ask' ) : $money );
	}

	/**
	 * The result of a test.
	 *
	 * @param string $test Name of the test.
	 * @param string $code Its problem in Health.
	 * @param string $good Heading when there is none.
	 * @param string $bad  Heading when there is.
	 * @param string $line Sentence when there is none.
	 */
	private static function result( string $test, string $code, string $good, string $bad, string $line ): array {
		$problem = Health::problems()[ $code ] ?? '';
		return '' === $problem
			? Site_Health::result( "rag_ask_$test", 'good', $good, array( $line ) )
			: Site_Health::result( "rag_ask_$test", 'recommended', $bad, array( $problem ) );
	}
}
