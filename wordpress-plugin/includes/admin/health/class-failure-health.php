<?php
/**
 * Failure health: what visitors' browsers report of questions without an answer, in words and with the remedy.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A test of Site Health and a card of the overview. Reads stored counts.
 */
final class Failure_Health {

	private const TEST = 'rag_ask_failures';

	/** Fewer in a week are a visitor's bad line, or one restart. */
	private const MANY = 5;

	/** Nobody but the visitor can do something about these. */
	private const VISITORS_OWN = array( 'offline' );

	/**
	 * Add the test.
	 *
	 * @param array $tests By kind and name.
	 */
	public static function add_test( array $tests ): array {
		$tests['direct'][ self::TEST ] = array(
			'label' => __( 'RAG Ask answers what visitors ask', 'rag-ask' ),
			'test'  => array( self::class, 'test' ),
		);
		return $tests;
	}

	/**
	 * The test.
	 */
	public static function test(): array {
		$lines = self::lines();
		if ( self::serious() ) {
			return Site_Health::result( self::TEST, 'recommended', __( 'RAG Ask could not answer some visitors', 'rag-ask' ), $lines );
		}
		return Site_Health::result( self::TEST, 'good', __( 'RAG Ask answers what visitors ask', 'rag-ask' ), $lines ? $lines : array( self::none() ) );
	}

	/**
	 * A sentence for each reason of the last days: how many, and what to do.
	 *
	 * @return string[]
	 */
	public static function lines(): array {
		$lines = array();
		foreach ( Ask_Failures::totals() as $code => $count ) {
			$lines[] = sprintf( '%s × %s. %s', number_format_i18n( $count ), self::labels()[ $code ], self::remedy( $code ) );
		}
		return $lines;
	}

	/**
	 * What to do about the most serious reason.
	 */
	public static function first_remedy(): string {
		$totals = Ask_Failures::totals();
		return $totals ? self::remedy( (string) array_key_first( $totals ) ) : '';
	}

	/**
	 * What stands where nothing failed.
	 */
	public static function none(): string {
		/* translators: %s: number of days. */
		return sprintf( __( 'No browser reported a question without an answer in the last %s days.', 'rag-ask' ), number_format_i18n( Ask_Failures::DAYS ) );
	}

	/**
	 * The reasons that came so often that the owner has to look.
	 *
	 * @return array<string, int> Count by code.
	 */
	public static function serious(): array {
		return array_filter( array_diff_key( Ask_Failures::totals(), array_flip( self::VISITORS_OWN ) ), static fn( int $count ): bool => $count >= self::MANY );
	}

	/**
	 * The reasons in an owner's words.
	 *
	 * @return array<string, string> By code.
	 */
	public static function labels(): array {
		return array(
			'unavailable'          => __( 'sidecar not reached', 'rag-ask' ),
			'refused'              => __( 'refused', 'rag-ask' ),
			'provider_rejected'    => __( 'refused by the model\'s provider', 'rag-ask' ),
			'provider_unavailable' => __( 'model did not respond', 'rag-ask' ),
			'index_unproven'       => __( 'index just being compared', 'rag-ask' ),
			'busy'                 => __( 'all places taken', 'rag-ask' ),
			'timeout'              => __( 'took too long', 'rag-ask' ),
			'truncated'            => __( 'broke off', 'rag-ask' ),
			'rate_limited'         => __( 'too many at once', 'rag-ask' ),
			'offline'              => __( 'visitor was offline', 'rag-ask' ),
		);
	}

	private static function remedy( string $code ): string {
		return match ( $code ) {
			'unavailable'          => __( 'Check that the sidecar runs, and test the visitors\' way under Settings > RAG Ask > Advanced.', 'rag-ask' ),
			'refused'              => __( 'A firewall, a challenge or a wrong origin refused them. Test the visitors\' way under Settings > RAG Ask > Advanced.', 'rag-ask' ),
			'provider_rejected'    => __( 'Whoever runs the sidecar checks its API key and its credit: "rag-ask doctor" says what is wrong.', 'rag-ask' ),
			'provider_unavailable' => __( 'The provider of the model was away or too slow. If it continues, whoever runs the sidecar runs "rag-ask doctor".', 'rag-ask' ),
			'index_unproven'       => __( 'The sidecar was restored from a backup; this ends with the comparison.', 'rag-ask' ),
			'busy'                 => __( 'If the server has PHP processes to spare, raise "Answers at a time through WordPress" under Settings > RAG Ask > Advanced.', 'rag-ask' ),
			'timeout'              => __( 'The sidecar or its model is too slow. Whoever runs it looks at its log and its processors.', 'rag-ask' ),
			'truncated'            => __( 'A proxy or the host ended the connection. Let it wait 75 seconds, and not buffer the stream.', 'rag-ask' ),
			'rate_limited'         => __( 'If these are ordinary visitors behind one proxy, add it to the trusted proxies under Settings > RAG Ask > Advanced. Otherwise there is nothing to do.', 'rag-ask' ),
			default                => __( 'Nothing to do.', 'rag-ask' ),
		};
	}
}
