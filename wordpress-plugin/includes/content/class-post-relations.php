<?php
/**
 * Post relations: which posts show a term, an author, a synced pattern, an attachment, or have a page as ancestor.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * SQL conditions for Content_Scan::page(), on the posts table aliased p.
 */
final class Post_Relations {

	/**
	 * Posts that have a term or one of its descendants: the term's slug may be part of their URLs.
	 *
	 * @param int $term_id The term.
	 */
	public static function of_term( int $term_id ): string {
		global $wpdb;
		$term     = get_term( $term_id );
		$children = $term instanceof \WP_Term && is_taxonomy_hierarchical( $term->taxonomy ) ? get_term_children( $term_id, $term->taxonomy ) : array();
		$in       = Content_Scan::in( array( $term_id, ...( is_array( $children ) ? $children : array() ) ) );
		return "p.ID IN (SELECT r.object_id FROM {$wpdb->term_relationships} r JOIN {$wpdb->term_taxonomy} t ON t.term_taxonomy_id = r.term_taxonomy_id WHERE t.term_id IN ($in))";
	}

	/**
	 * Posts of an author.
	 *
	 * @param int $user_id The author.
	 */
	public static function of_author( int $user_id ): string {
		return "p.post_author = $user_id";
	}

	/**
	 * Posts that show a synced pattern, directly or through other patterns.
	 *
	 * @param int $pattern_id The pattern.
	 */
	public static function of_pattern( int $pattern_id ): string {
		global $wpdb;
		$found = array();
		$level = array( $pattern_id );
		while ( $level ) {
			$found = array( ...$found, ...$level );
			$sql   = "SELECT p.ID FROM {$wpdb->posts} p WHERE p.post_type = 'wp_block' AND (" . self::refers_to( $level ) . ')';
			// Patterns may refer to each other in a circle.
			$level = array_diff( Database::ids( $sql ), $found );
		}
		return self::refers_to( $found );
	}

	/**
	 * Posts that an attachment is attached to, is the featured image of, or is embedded in.
	 *
	 * @param int $attachment_id The attachment.
	 */
	public static function of_attachment( int $attachment_id ): string {
		global $wpdb;
		$parent_id = (int) wp_get_post_parent_id( $attachment_id );
		return "p.ID = $parent_id OR " . self::contains( "wp-image-$attachment_id\"" ) . ' OR ' . self::contains( "wp-image-$attachment_id " ) .
			" OR p.ID IN (SELECT m.post_id FROM {$wpdb->postmeta} m WHERE m.meta_key = '_thumbnail_id' AND m.meta_value = '$attachment_id')";
	}

	/**
	 * A page and its descendants: its slug is part of their URLs.
	 *
	 * @param int $page_id The parent page.
	 */
	public static function below_page( int $page_id ): string {
		global $wpdb;
		$found = array();
		$level = array( $page_id );
		while ( $level ) {
			$found = array( ...$found, ...$level );
			// Of any status: the slug of a draft is part of its children's URLs too. Parents may form a circle.
			$level = array_diff( Database::ids( "SELECT ID FROM {$wpdb->posts} WHERE post_parent IN (" . Content_Scan::in( $level ) . ") AND post_type <> 'revision'" ), $found );
		}
		return 'p.ID IN (' . Content_Scan::in( $found ) . ')';
	}

	/**
	 * Direct children of a page.
	 *
	 * @param int    $page_id   The parent page.
	 * @param string $post_type Its type.
	 * @return int[]
	 */
	public static function children( int $page_id, string $post_type ): array {
		global $wpdb;
		return Database::ids( "SELECT ID FROM {$wpdb->posts} WHERE post_parent = %d AND post_type = %s", $page_id, $post_type );
	}

	/**
	 * Posts that meta rows belong to.
	 *
	 * @param int[] $meta_ids The rows.
	 * @return int[]
	 */
	public static function with_meta( array $meta_ids ): array {
		global $wpdb;
		$post_ids = array();
		foreach ( array_chunk( $meta_ids, 500 ) as $page ) {
			$post_ids = array( ...$post_ids, ...Database::ids( "SELECT DISTINCT post_id FROM {$wpdb->postmeta} WHERE meta_id IN (" . Content_Scan::in( $page ) . ')' ) );
		}
		return array_unique( $post_ids );
	}

	private static function refers_to( array $pattern_ids ): string {
		$conditions = array();
		foreach ( $pattern_ids as $pattern_id ) {
			$conditions[] = self::contains( "\"ref\":$pattern_id}" );
			$conditions[] = self::contains( "\"ref\":$pattern_id," );
		}
		return implode( ' OR ', $conditions );
	}

	private static function contains( string $text ): string {
		global $wpdb;
		return $wpdb->prepare( 'p.post_content LIKE %s', '%' . $wpdb->esc_like( $text ) . '%' );
	}
}
