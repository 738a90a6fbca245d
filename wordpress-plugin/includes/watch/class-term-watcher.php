<?php
/**
 * Term watcher: terms set, removed, renamed or moved -> outbox rows.
 *
 * @package RagAsk
 */

namespace RagAsk;

require_once dirname( __DIR__ ) . '/functions.php';

/**
 * Core removes a deleted term from each of its posts first, so deletion needs no hook.
 */
final class Term_Watcher {

	/** Taxonomy in which Polylang stores the language of a post. */
	private const LANGUAGE_TAXONOMY = 'language';

	/** Begins the names of the taxonomies in which WooCommerce stores the attributes of products. */
	private const ATTRIBUTE_PREFIX = 'pa_';

	/**
	 * A post got terms.
	 *
	 * @param int    $post_id    The post.
	 * @param array  $terms      As passed by the caller.
	 * @param int[]  $tt_ids     Current terms, or the added ones.
	 * @param string $taxonomy   Name of the taxonomy.
	 * @param bool   $is_added   Whether the old terms stay.
	 * @param int[]  $old_tt_ids Previous terms.
	 */
	public static function terms_set( int $post_id, $terms, array $tt_ids, string $taxonomy, bool $is_added, array $old_tt_ids ): void {
		$is_changed = array_diff( $tt_ids, $old_tt_ids ) || ( ! $is_added && array_diff( $old_tt_ids, $tt_ids ) );
		if ( $is_changed && self::matters( $taxonomy ) ) {
			Post_Watcher::changed( $post_id );
		}
	}

	/**
	 * A post lost terms.
	 *
	 * @param int    $post_id  The post.
	 * @param int[]  $tt_ids   The terms.
	 * @param string $taxonomy Name of the taxonomy.
	 */
	public static function terms_removed( int $post_id, array $tt_ids, string $taxonomy ): void {
		if ( self::matters( $taxonomy ) ) {
			Post_Watcher::changed( $post_id );
		}
	}

	/**
	 * A term got another name, slug or parent.
	 *
	 * @param int    $term_id  The term.
	 * @param int    $tt_id    Its term taxonomy id.
	 * @param string $taxonomy Name of the taxonomy.
	 */
	public static function term_edited( int $term_id, int $tt_id, string $taxonomy ): void {
		if ( self::matters( $taxonomy ) ) {
			Watch::record( array( $term_id ), 'term' );
		}
	}

	/**
	 * Terms moved up because their parent was deleted.
	 *
	 * @param int[] $tt_ids The terms.
	 */
	public static function terms_moved( array $tt_ids ): void {
		foreach ( $tt_ids as $tt_id ) {
			$term = get_term_by( 'term_taxonomy_id', $tt_id );
			if ( $term instanceof \WP_Term ) {
				self::term_edited( $term->term_id, $tt_id, $term->taxonomy );
			}
		}
	}

	/**
	 * The default category changed.
	 *
	 * @param mixed $old_id Before.
	 * @param mixed $new_id After.
	 */
	public static function default_category_changed( $old_id, $new_id ): void {
		Watch::record( array_unique( array_filter( array( (int) $old_id, (int) $new_id ) ) ), 'term' );
	}

	private static function matters( string $taxonomy ): bool {
		if ( in_array( $taxonomy, array( self::LANGUAGE_TAXONOMY, PRODUCT_VISIBILITY ), true ) || str_starts_with( $taxonomy, self::ATTRIBUTE_PREFIX ) ) {
			return true;
		}
		foreach ( Settings::get( 'post_types' ) as $post_type ) {
			if ( in_array( $taxonomy, indexed_taxonomies( $post_type ), true ) ) {
				return true;
			}
		}
		return false;
	}
}
