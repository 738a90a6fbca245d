<?php
/**
 * Products: what the page of a WooCommerce product says beside its description, read with WooCommerce's functions.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Variations of a product with more are not read one by one: WooCommerce prepares each for the page. */
const MAX_VARIATIONS = 100;

/** WooCommerce's screen reader text repeats the prices. */
const REPEATED_PRICE_PATTERN = '#<span[^>]*\bscreen-reader-text\b[^>]*>.*?</span>#is';

/** The price before the sale. */
const OLD_PRICE_PATTERN = '#<del\b[^>]*>(.*?)</del>#is';

/**
 * Price, stock, SKU, attributes and variations of a product.
 *
 * @param \WP_Post $post The post, set up by as_anonymous().
 * @return array{name: string, value: string}[] Empty for other posts, and without WooCommerce.
 */
function product_fields( \WP_Post $post ): array {
	$product = Shop_Watcher::PRODUCT_TYPE === $post->post_type && function_exists( 'wc_get_product' ) ? wc_get_product( $post->ID ) : null;
	if ( ! $product instanceof \WC_Product ) {
		return array();
	}
	$texts  = array( ...offer_texts( $product ), ...attribute_texts( $product ) );
	$fields = array();
	foreach ( array_filter( $texts, 'strlen' ) as $label => $text ) {
		$fields[] = field( (string) $label, $text );
	}
	return array( ...$fields, ...variation_fields( $product ) );
}

/**
 * Price, stock, SKU, weight and size.
 *
 * @param \WC_Product $product The product.
 * @return array<string, string> Texts by label.
 */
function offer_texts( \WC_Product $product ): array {
	$is_measured = apply_filters( 'wc_product_enable_dimensions_display', $product->has_weight() || $product->has_dimensions() ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- WooCommerce's filter.
	$stock       = (string) ( $product->get_availability()['availability'] ?? '' );
	return array(
		__( 'Price', 'rag-ask' )        => price_text( (string) $product->get_price_html() ),
		__( 'Availability', 'rag-ask' ) => stock_text( $stock, $product->is_purchasable() && $product->is_in_stock() ),
		__( 'SKU', 'rag-ask' )          => wc_product_sku_enabled() ? plain_text( (string) $product->get_sku() ) : '',
		__( 'Weight', 'rag-ask' )       => $is_measured && $product->has_weight() ? plain_text( wc_format_weight( $product->get_weight() ) ) : '',
		__( 'Dimensions', 'rag-ask' )   => $is_measured && $product->has_dimensions() ? plain_text( wc_format_dimensions( $product->get_dimensions( false ) ) ) : '',
	);
}

/**
 * The attributes that the page shows.
 *
 * @param \WC_Product $product The product.
 * @return array<string, string> Texts by label.
 */
function attribute_texts( \WC_Product $product ): array {
	$texts = array();
	foreach ( $product->get_attributes() as $attribute ) {
		if ( $attribute instanceof \WC_Product_Attribute && ( $attribute->get_visible() || $attribute->get_variation() ) ) {
			$label           = plain_text( wc_attribute_label( $attribute->get_name(), $product ) );
			$texts[ $label ] = str_replace( ' | ', ', ', plain_text( $product->get_attribute( $attribute->get_name() ) ) );
		}
	}
	return $texts;
}

/**
 * A line for each variation that visitors can choose, from the data that the page of the product holds. Drafts, disabled
 * ones and those without a price are not among them.
 *
 * @param \WC_Product $product The product.
 * @return array{name: string, value: string}[]
 */
function variation_fields( \WC_Product $product ): array {
	if ( ! $product->is_type( 'variable' ) || count( $product->get_children() ) > MAX_VARIATIONS ) {
		return array();
	}
	$fields = array();
	foreach ( $product->get_available_variations() as $variation ) {
		$texts = chosen_attributes( (array) $variation['attributes'], $product );
		if ( $texts ) {
			$fields[] = row_field( $texts + variation_texts( $variation, $product ) );
		}
	}
	return $fields;
}

/**
 * What makes a variation. An attribute of which it takes any value says nothing.
 *
 * @param array<string, string> $chosen  Slugs or values by `attribute_NAME`.
 * @param \WC_Product           $product The product.
 * @return array<string, string> Texts by label.
 */
function chosen_attributes( array $chosen, \WC_Product $product ): array {
	$texts = array();
	foreach ( array_filter( $chosen, 'strlen' ) as $key => $value ) {
		$name            = substr( $key, strlen( 'attribute_' ) );
		$term            = taxonomy_exists( $name ) ? get_term_by( 'slug', $value, $name ) : false;
		$label           = plain_text( wc_attribute_label( $name, $product ) );
		$texts[ $label ] = plain_text( $term ? $term->name : $value );
	}
	return $texts;
}

/**
 * Price, stock, SKU and description of a variation. Where all variations cost the same, WooCommerce gives them no price.
 *
 * @param array       $variation From WC_Product_Variable::get_available_variations().
 * @param \WC_Product $product   Its product.
 * @return array<string, string> Texts by label.
 */
function variation_texts( array $variation, \WC_Product $product ): array {
	$sku = (string) ( $variation['sku'] ?? '' );
	return array(
		__( 'Price', 'rag-ask' )        => price_text( (string) ( $variation['price_html'] ?? '' ) ),
		__( 'Availability', 'rag-ask' ) => stock_text( (string) ( $variation['availability_html'] ?? '' ), ! empty( $variation['is_purchasable'] ) && ! empty( $variation['is_in_stock'] ) ),
		__( 'SKU', 'rag-ask' )          => wc_product_sku_enabled() && $sku !== (string) $product->get_sku() ? plain_text( $sku ) : '',
		__( 'Description', 'rag-ask' )  => plain_text( (string) ( $variation['variation_description'] ?? '' ) ),
	);
}

/**
 * A price as text. The price of a sale comes first.
 *
 * @param string $html From get_price_html(); empty where visitors see none.
 */
function price_text( string $html ): string {
	$html = preg_replace( REPEATED_PRICE_PATTERN, '', $html ) ?? $html;
	$now  = plain_text( preg_replace( OLD_PRICE_PATTERN, ' ', $html ) ?? $html );
	$old  = preg_match( OLD_PRICE_PATTERN, $html, $found ) ? plain_text( $found[1] ) : '';
	/* translators: 1: the price of a sale, 2: the price before it */
	return '' === $now || '' === $old ? $now : sprintf( __( '%1$s (on sale, regular price %2$s)', 'rag-ask' ), $now, $old );
}

/**
 * The stock as text. WooCommerce says nothing of a product that is in stock and not counted.
 *
 * @param string $html         What the page says of it.
 * @param bool   $is_available Whether it can be bought.
 */
function stock_text( string $html, bool $is_available ): string {
	$text = plain_text( $html );
	return '' === $text && $is_available ? __( 'In stock', 'rag-ask' ) : $text;
}
