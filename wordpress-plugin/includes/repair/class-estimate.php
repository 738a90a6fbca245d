<?php
/**
 * Estimate: posts, tokens and cost of a reindex before it starts.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * An upper bound: unchanged texts are not embedded again, and markup is not embedded at all.
 */
final class Estimate {

	private const CHARACTERS_PER_TOKEN = 4;
	private const CACHE                = 'rag_ask_estimate';

	/**
	 * Posts and tokens of each chosen type.
	 *
	 * @return array<string, array{posts: int, tokens: int}> By post type.
	 */
	public static function by_type(): array {
		$types = Settings::get( 'post_types' );
		$known = get_transient( self::CACHE );
		if ( is_array( $known ) && array_keys( $known ) === $types ) {
			return $known;
		}
		$estimate = array();
		foreach ( $types as $type ) {
			$estimate[ $type ] = self::of_type( $type );
		}
		set_transient( self::CACHE, $estimate, 10 * MINUTE_IN_SECONDS );
		return $estimate;
	}

	/**
	 * The cost of embedding, as text.
	 *
	 * @param int        $tokens            Number of tokens.
	 * @param float|null $price_per_million In US dollars, null when unknown.
	 */
	public static function cost( int $tokens, ?float $price_per_million ): string {
		if ( null === $price_per_million ) {
			return __( 'cost unknown', 'rag-ask' );
		}
		if ( 0.0 === $price_per_million ) {
			return __( 'free: the sidecar embeds on its own processor', 'rag-ask' );
		}
		$dollars = $tokens / 1_000_000 * $price_per_million;
		return $dollars < 0.01
			? __( 'less than $0.01', 'rag-ask' )
			/* translators: %s: an amount of US dollars. */
			: sprintf( __( 'about $%s', 'rag-ask' ), number_format_i18n( $dollars, 2 ) );
	}

	/**
	 * The price per million tokens of the last status, null when unknown.
	 */
	public static function price(): ?float {
		$price = Sidecar_Status::stored()['status']['embedding_price_usd'] ?? null;
		return is_numeric( $price ) ? (float) $price : null;
	}

	private static function of_type( string $type ): array {
		global $wpdb;
		$rows = Database::rows(
			"SELECT COUNT(*) AS posts, SUM(CHAR_LENGTH(post_content)) AS characters FROM {$wpdb->posts}
			WHERE post_type = %s AND post_password = '' AND post_status IN (" . Content_Scan::in( Content_Scan::statuses() ) . ')',
			$type
		);
		return array(
			'posts'  => (int) ( $rows[0]->posts ?? 0 ),
			'tokens' => intdiv( (int) ( $rows[0]->characters ?? 0 ), self::CHARACTERS_PER_TOKEN ),
		);
	}
}
