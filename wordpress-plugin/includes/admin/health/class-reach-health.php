<?php
/**
 * Reach health: the test of Site Health whether visitors reach the sidecar.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Reads what the owner's browser reported, which asks again while the page is open, and how this request came in.
 */
final class Reach_Health {

	private const TEST = 'rag_ask_reach';

	/**
	 * Add the test.
	 *
	 * @param array $tests By kind and name.
	 */
	public static function add_test( array $tests ): array {
		$tests['direct'][ self::TEST ] = array(
			'label' => __( 'RAG Ask reaches visitors', 'rag-ask' ),
			'test'  => array( self::class, 'test' ),
		);
		return $tests;
	}

	/**
	 * The test.
	 */
	public static function test(): array {
		$problem = Connection::current() ? Reach::problem() : '';
		$proxy   = Visitor_Address::problem();
		if ( '' !== $problem ) {
			return Site_Health::result( self::TEST, 'critical', __( 'RAG Ask does not reach visitors', 'rag-ask' ), array_filter( array( $problem, $proxy ) ) );
		}
		if ( '' !== $proxy ) {
			return Site_Health::result( self::TEST, 'recommended', __( 'RAG Ask cannot tell visitors apart', 'rag-ask' ), array( $proxy ) );
		}
		return Site_Health::result( self::TEST, 'good', __( 'RAG Ask reaches visitors', 'rag-ask' ), self::lines() );
	}

	/**
	 * What was found on the way in use.
	 *
	 * @return string[]
	 */
	private static function lines(): array {
		$used  = array_filter( Reach::lines(), static fn( array $line ): bool => $line['is_used'] );
		$lines = array_map( static fn( array $line ): string => $line['text'], $used );
		return $lines ? $lines : array( Reach::not_tested() );
	}
}
