<?php
/**
 * Terms set, removed, renamed or moved: a WordPress hook -> "these posts changed".
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A deleted term is taken from each of its posts by core first, so that needs no hook.
 */
final class Term_Watcher {

	/** Where Polylang keeps the language of a post. */
	private const LANGUAGE_TAXONOMY = 'language';

	/**
	 * A post got terms.
	 *
	 * @param int    $post_id    The post.
	 * @param array  $terms      As they were given.
	 * @param int[]  $tt_ids     As they are now, or those that were added.
	 * @param string $taxonomy   Name of the taxonomy.
	 * @param bool   $is_added   Whether the old ones stay.
	 * @param int[]  $old_tt_ids As they were.
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
	 * @param int    $tt_id    The same in its taxonomy.
	 * @param string $taxonomy Name of the taxonomy.
	 */
	public static function term_edited( int $term_id, int $tt_id, string $taxonomy ): void {
		if ( self::matters( $taxonomy ) ) {
			Watch::record( array( $term_id ), 'term' );
		}
	}

	/**
	 * Terms moved up because the one above them was deleted.
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
	 * Another category is the one that means "none was chosen".
	 *
	 * @param mixed $old_id Before.
	 * @param mixed $new_id After.
	 */
	public static function default_category_changed( $old_id, $new_id ): void {
		Watch::record( array_unique( array_filter( array( (int) $old_id, (int) $new_id ) ) ), 'term' );
	}

	private static function matters( string $taxonomy ): bool {
		if ( self::LANGUAGE_TAXONOMY === $taxonomy ) {
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
