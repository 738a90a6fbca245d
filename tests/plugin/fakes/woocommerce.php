<?php
/**
 * Plays WooCommerce: the functions, hooks and rows that the plugin reads, under their real names. Prices and stock are post
 * meta, stock is written by SQL, and the hooks fire in the order of WooCommerce 10.
 */

final class WooCommerce_Fake {

	public static bool $is_active = false;

	public static function install(): void {
		self::$is_active = true;
		register_post_type( 'product', array( 'public' => true, 'supports' => array( 'title', 'editor' ) ) );
		register_post_type( 'product_variation', array( 'public' => false ) );
		register_taxonomy( 'product_visibility', 'product', array( 'public' => false ) );
		register_taxonomy( 'pa_size', 'product', array( 'public' => false, 'labels' => array( 'name' => 'Product Size' ) ) );
	}

	public static function remove(): void {
		self::$is_active = false;
		array_map( 'unregister_taxonomy', array( 'product_visibility', 'pa_size' ) );
		array_map( 'unregister_post_type', array( 'product', 'product_variation' ) );
	}
}

function wc_get_product( $id ) {
	$type = WooCommerce_Fake::$is_active ? get_post_type( $id ) : '';
	if ( 'product_variation' === $type ) {
		return new WC_Product_Variation( $id );
	}
	if ( 'product' !== $type ) {
		return false;
	}
	return get_posts( array( 'post_type' => 'product_variation', 'post_parent' => $id, 'post_status' => 'any', 'fields' => 'ids' ) ) ? new WC_Product_Variable( $id ) : new WC_Product( $id );
}

function wc_price( $price ): string {
	return '<span class="woocommerce-Price-amount amount"><bdi>' . number_format( (float) $price, 2 ) . '&nbsp;<span class="woocommerce-Price-currencySymbol">' . get_option( 'woocommerce_currency', 'EUR' ) . '</span></bdi></span>';
}

function wc_format_sale_price( $regular, $sale ): string {
	return '<del aria-hidden="true">' . wc_price( $regular ) . '</del> <span class="screen-reader-text">Original price was: ' . wp_strip_all_tags( wc_price( $regular ) ) . '.</span><ins aria-hidden="true">' . wc_price( $sale ) . '</ins><span class="screen-reader-text">Current price is: ' . wp_strip_all_tags( wc_price( $sale ) ) . '.</span>';
}

function wc_product_sku_enabled(): bool {
	return true;
}

function wc_attribute_label( $name ): string {
	return 'pa_size' === $name ? 'Size' : $name;
}

function wc_format_weight( $weight ): string {
	return "$weight kg";
}

function wc_update_product_stock( WC_Product $product, int $quantity ): void {
	global $wpdb;
	$wpdb->update( $wpdb->postmeta, array( 'meta_value' => $quantity ), array( 'post_id' => $product->get_id(), 'meta_key' => '_stock' ) );
	wp_cache_delete( $product->get_id(), 'post_meta' );
	do_action( 'woocommerce_updated_product_stock', $product->get_id() );
	do_action( $product->is_type( 'variation' ) ? 'woocommerce_variation_set_stock' : 'woocommerce_product_set_stock', $product );
}

class WC_Product {

	public function __construct( protected int $id ) {}

	public function get_id(): int {
		return $this->id;
	}

	public function is_type( string $type ): bool {
		return 'simple' === $type;
	}

	public function get_children(): array {
		return array();
	}

	protected function get( string $key ): string {
		return (string) get_post_meta( $this->id, $key, true );
	}

	public function get_sku(): string {
		return $this->get( '_sku' );
	}

	public function get_price_html(): string {
		$price = $this->get( '_price' );
		$html  = '' === $price ? '' : ( $price === $this->get( '_sale_price' ) ? wc_format_sale_price( $this->get( '_regular_price' ), $price ) : wc_price( $price ) );
		return apply_filters( 'woocommerce_get_price_html', $html, $this );
	}

	public function is_purchasable(): bool {
		return '' !== $this->get( '_price' ) && 'publish' === get_post_status( $this->id );
	}

	public function is_in_stock(): bool {
		return 'outofstock' !== $this->get( '_stock_status' );
	}

	public function get_availability(): array {
		$stock = $this->get( '_stock' );
		return array( 'availability' => $this->is_in_stock() ? ( '' === $stock ? '' : "$stock in stock" ) : 'Out of stock' );
	}

	public function has_weight(): bool {
		return '' !== $this->get( '_weight' );
	}

	public function get_weight(): string {
		return $this->get( '_weight' );
	}

	public function has_dimensions(): bool {
		return false;
	}

	/** @return WC_Product_Attribute[] */
	public function get_attributes(): array {
		return array_map( static fn( array $stored ) => new WC_Product_Attribute( $stored ), (array) ( get_post_meta( $this->id, '_product_attributes', true ) ?: array() ) );
	}

	public function get_attribute( string $name ): string {
		$terms = taxonomy_exists( $name ) ? wp_get_object_terms( $this->id, $name, array( 'fields' => 'names' ) ) : array();
		return $terms ? implode( ', ', $terms ) : get_post_meta( $this->id, '_product_attributes', true )[ $name ]['value'];
	}
}

class WC_Product_Attribute {

	public function __construct( private array $stored ) {}

	public function get_name(): string {
		return $this->stored['name'];
	}

	public function get_visible(): bool {
		return (bool) $this->stored['is_visible'];
	}

	public function get_variation(): bool {
		return (bool) ( $this->stored['is_variation'] ?? false );
	}
}

class WC_Product_Variable extends WC_Product {

	public function is_type( string $type ): bool {
		return 'variable' === $type;
	}

	public function get_children(): array {
		return get_posts( array( 'post_type' => 'product_variation', 'post_parent' => $this->id, 'post_status' => array( 'publish', 'private' ), 'fields' => 'ids', 'orderby' => 'ID', 'order' => 'ASC' ) );
	}

	public function get_available_variations(): array {
		$visible = array_filter( $this->get_children(), static fn( int $id ) => 'publish' === get_post_status( $id ) && '' !== get_post_meta( $id, '_price', true ) );
		return array_map( static fn( int $id ) => ( new WC_Product_Variation( $id ) )->data(), array_values( $visible ) );
	}
}

class WC_Product_Variation extends WC_Product {

	public function is_type( string $type ): bool {
		return 'variation' === $type;
	}

	public function data(): array {
		$stock = $this->get_availability()['availability'];
		return array(
			'attributes'            => array( 'attribute_pa_size' => $this->get( 'attribute_pa_size' ), 'attribute_Glaze' => $this->get( 'attribute_Glaze' ) ),
			'availability_html'     => '' === $stock ? '' : "<p class=\"stock\">$stock</p>\n",
			'is_in_stock'           => $this->is_in_stock(),
			'is_purchasable'        => $this->is_purchasable(),
			'price_html'            => '<span class="price">' . $this->get_price_html() . '</span>',
			'sku'                   => $this->get_sku(),
			'variation_description' => '',
		);
	}
}
