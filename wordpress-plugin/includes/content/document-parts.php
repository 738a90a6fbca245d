<?php
/**
 * Metadata of a document: everything but the rendered content, each part a query or two.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Maximum length of one text in the sidecar. */
const MAX_TEXT_CHARACTERS = 10_000;

/** Tags that begin or end a line, unlike those of formatting. */
const BLOCK_PATTERN = '#</?(?:address|article|aside|blockquote|br|caption|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|ol|option|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)\b#i';

/**
 * The fields of a document that need no rendering, in the order of the contract.
 *
 * @param \WP_Post $post A post, set up by as_anonymous().
 * @return array<string, mixed>
 */
function metadata_of( \WP_Post $post ): array {
	return array(
		'type'         => $post->post_type,
		'title'        => title_of( $post ),
		'url'          => (string) get_permalink( $post ),
		'excerpt'      => mb_substr( plain_text( strip_shortcodes( $post->post_excerpt ) ), 0, MAX_TEXT_CHARACTERS ),
		'author'       => author_of( $post ),
		'terms'        => terms_of( $post ),
		'fields'       => fields_of( $post ),
		'language'     => language_of( $post ),
		'published_at' => utc_time( $post, 'date' ),
		'modified_at'  => utc_time( $post, 'modified' ),
		'groups'       => Audience::of_post( $post ),
		'page_urls'    => page_urls( $post ),
	);
}

/**
 * The title without the "Private:" prefix.
 *
 * @param \WP_Post $post The post.
 */
function title_of( \WP_Post $post ): string {
	add_filter( 'private_title_format', __NAMESPACE__ . '\bare_title_format' );
	try {
		return plain_text( get_the_title( $post ) );
	} finally {
		remove_filter( 'private_title_format', __NAMESPACE__ . '\bare_title_format' );
	}
}

/**
 * The display name of the author. Empty for pages, whose author is often the login of the person who set up the site.
 *
 * @param \WP_Post $post The post.
 */
function author_of( \WP_Post $post ): string {
	$is_shown = post_type_supports( $post->post_type, 'author' ) && ! is_post_type_hierarchical( $post->post_type );
	return $is_shown ? plain_text( (string) get_the_author_meta( 'display_name', (int) $post->post_author ) ) : '';
}

/**
 * Terms of public taxonomies.
 *
 * @param \WP_Post $post The post.
 * @return array{taxonomy: string, name: string}[]
 */
function terms_of( \WP_Post $post ): array {
	$found = array();
	foreach ( indexed_taxonomies( $post->post_type ) as $taxonomy ) {
		$terms = get_the_terms( $post, $taxonomy );
		foreach ( is_array( $terms ) ? $terms : array() as $term ) {
			if ( ! is_uncategorized( $term ) ) {
				$found[] = array(
					'taxonomy' => $taxonomy,
					'name'     => plain_text( $term->name ),
				);
			}
		}
	}
	return $found;
}

/**
 * Taxonomies whose terms are indexed. Post formats and other internal taxonomies are not.
 *
 * @param string $post_type Name of a type.
 * @return string[]
 */
function indexed_taxonomies( string $post_type ): array {
	$taxonomies = array_filter( get_object_taxonomies( $post_type, 'objects' ), static fn( \WP_Taxonomy $taxonomy ) => $taxonomy->show_ui && is_taxonomy_viewable( $taxonomy ) );
	return array_keys( $taxonomies );
}

/**
 * Whether this is the default category, which only means that no category was chosen.
 *
 * @param \WP_Term $term The term.
 */
function is_uncategorized( \WP_Term $term ): bool {
	return 'category' === $term->taxonomy
		&& (int) get_option( 'default_category' ) === $term->term_id
		&& ( 'uncategorized' === $term->slug || __( 'Uncategorized' ) === $term->name ); // phpcs:ignore WordPress.WP.I18n.MissingArgDomain -- core's translation.
}

/**
 * The language of the post as a BCP 47 tag: Polylang's or WPML's, otherwise the site's.
 *
 * @param \WP_Post $post The post.
 */
function language_of( \WP_Post $post ): string {
	$locale = function_exists( 'pll_get_post_language' ) ? pll_get_post_language( $post->ID, 'locale' ) : '';
	if ( ! $locale ) {
		$details = apply_filters( 'wpml_post_language_details', null, $post->ID ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- WPML's filter.
		$locale  = is_array( $details ) ? ( $details['locale'] ?? '' ) : '';
	}
	return is_string( $locale ) && '' !== $locale ? str_replace( '_', '-', $locale ) : get_bloginfo( 'language' );
}

/**
 * A date of the post in UTC. Imported posts may have none in the database.
 *
 * @param \WP_Post $post  The post.
 * @param string   $field 'date' or 'modified'.
 */
function utc_time( \WP_Post $post, string $field ): string {
	// The stored UTC time first: the local one would change with the site's time zone.
	foreach ( array( 'gmt', 'local' ) as $source ) {
		$time = get_post_datetime( $post, $field, $source );
		if ( $time ) {
			return gmdate( 'Y-m-d\TH:i:s\Z', $time->getTimestamp() );
		}
	}
	return '1970-01-01T00:00:00Z';
}

/**
 * HTML as plain text in one line. What stands in different blocks, lines or cells stays apart.
 *
 * @param string $html HTML.
 */
function plain_text( string $html ): string {
	$apart = preg_replace( BLOCK_PATTERN, ' $0', $html ) ?? $html;
	$text  = html_entity_decode( wp_strip_all_tags( $apart ), ENT_QUOTES | ENT_HTML5, 'UTF-8' );
	return trim( preg_replace( '/\s+/u', ' ', $text ) ?? $text );
}

/**
 * The title format without a prefix.
 */
function bare_title_format(): string {
	return '%s';
}
