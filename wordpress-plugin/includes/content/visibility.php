<?php
/**
 * Visibility: posts that are published and that the site still keeps from its visitors.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Meta keys of search plugins for "not in the search", each with the value that means so. */
const SEARCH_META = array(
	'_relevanssi_hide_post'  => 'on',
	'ep_exclude_from_search' => '1', // ElasticPress.
	'_searchwp_excluded'     => '1',
);

/** WooCommerce's taxonomy of where a product is listed. */
const PRODUCT_VISIBILITY = 'product_visibility';

/**
 * Whether the address of the page shows the list of posts instead of its text.
 *
 * @param \WP_Post $post The post.
 */
function is_posts_page( \WP_Post $post ): bool {
	return 'page' === get_option( 'show_on_front' ) && (int) get_option( 'page_for_posts' ) === $post->ID;
}

/**
 * Whether the site keeps the post, or its whole type, out of its own search.
 *
 * @param \WP_Post $post The post.
 */
function is_hidden_from_search( \WP_Post $post ): bool {
	if ( get_post_type_object( $post->post_type )->exclude_from_search ) {
		return true;
	}
	foreach ( SEARCH_META as $key => $value ) {
		if ( get_post_meta( $post->ID, $key, true ) === $value ) {
			return true;
		}
	}
	return is_hidden_product( $post );
}

/**
 * Whether a page above is not for everybody. A private page below a private one has the same readers.
 *
 * @param \WP_Post $post The post.
 */
function has_hidden_parent( \WP_Post $post ): bool {
	foreach ( get_post_ancestors( $post ) as $parent_id ) {
		$parent = get_post( $parent_id );
		if ( $parent && ( '' !== $parent->post_password || ( 'private' === $parent->post_status && 'private' !== $post->post_status ) ) ) {
			return true;
		}
	}
	return false;
}

/**
 * Whether WooCommerce keeps the product out of the search, for itself or because it is sold out.
 *
 * @param \WP_Post $post The post.
 */
function is_hidden_product( \WP_Post $post ): bool {
	if ( ! taxonomy_exists( PRODUCT_VISIBILITY ) ) {
		return false;
	}
	return has_term( 'exclude-from-search', PRODUCT_VISIBILITY, $post )
		|| ( 'yes' === get_option( 'woocommerce_hide_out_of_stock_items' ) && has_term( 'outofstock', PRODUCT_VISIBILITY, $post ) );
}
