<?php
/**
 * Shop watcher: prices, stock and settings of WooCommerce -> outbox rows.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * WooCommerce writes stock by SQL and prices by data stores of its own, so the hooks of posts and meta do not tell of all changes.
 */
final class Shop_Watcher {

	public const PRODUCT_TYPE   = 'product';
	public const VARIATION_TYPE = 'product_variation';

	/** Meta keys of products and variations, which importers write without WooCommerce's data stores. */
	public const META = array( '_price', '_regular_price', '_sale_price', '_stock', '_stock_status', '_manage_stock', '_backorders', '_sku', '_product_attributes', '_variation_description', '_weight', '_length', '_width', '_height' );

	/** Options that change what is said of all products. */
	public const OPTIONS = array( 'woocommerce_currency', 'woocommerce_currency_pos', 'woocommerce_price_thousand_sep', 'woocommerce_price_decimal_sep', 'woocommerce_price_num_decimals', 'woocommerce_price_display_suffix', 'woocommerce_tax_display_shop', 'woocommerce_calc_taxes', 'woocommerce_stock_format', 'woocommerce_hide_out_of_stock_items', 'woocommerce_weight_unit', 'woocommerce_dimension_unit' );

	/**
	 * A product or a variation changed.
	 *
	 * @param \WC_Product|int $product The product or its id.
	 */
	public static function changed( $product ): void {
		Post_Watcher::changed( is_object( $product ) ? (int) $product->get_id() : (int) $product );
	}

	/**
	 * A sale of products or variations began or ended.
	 *
	 * @param int[] $product_ids Their ids.
	 */
	public static function sales_changed( array $product_ids ): void {
		foreach ( $product_ids as $product_id ) {
			self::changed( $product_id );
		}
	}

	/**
	 * What is said of all products changed, as by another currency.
	 */
	public static function shop_changed(): void {
		if ( in_array( self::PRODUCT_TYPE, Settings::get( 'post_types' ), true ) ) {
			Site_Watcher::check_all();
		}
	}
}
