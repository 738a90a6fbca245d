<?php

namespace RagAsk\Tests;

use RagAsk\Settings;
use function RagAsk\change_for;
use function RagAsk\exclusion_reason;

require_once dirname( __DIR__ ) . '/fakes/woocommerce.php';

final class ProductsTest extends TestCase {

	protected function setUp(): void {
		parent::setUp();
		\WooCommerce_Fake::install();
		update_option( Settings::OPTION, array( 'post_types' => array( 'product' ) ) );
		$this->forget_rows();
	}

	protected function tearDown(): void {
		\WooCommerce_Fake::remove();
		delete_option( 'woocommerce_hide_out_of_stock_items' );
		delete_option( 'woocommerce_currency' );
	}

	public function test_price_stock_sku_and_attributes_are_fields(): void {
		$post_id = $this->product( array( '_sku' => 'JUG-2', '_price' => '18', '_stock' => '4', '_weight' => '1.2' ) );
		update_post_meta(
			$post_id,
			'_product_attributes',
			array(
				'Glaze'  => array( 'name' => 'Glaze', 'value' => 'Ash | Celadon', 'is_visible' => 1 ),
				'Kiln'   => array( 'name' => 'Kiln', 'value' => 'K7', 'is_visible' => 0 ),
			)
		);
		$this->assertSame( array( 'Price: 18.00 EUR', 'Availability: 4 in stock', 'SKU: JUG-2', 'Weight: 1.2 kg', 'Glaze: Ash, Celadon' ), $this->lines( $post_id ) );
	}

	public function test_the_price_of_a_sale_comes_before_the_old_one(): void {
		$post_id = $this->product( array( '_price' => '15', '_sale_price' => '15', '_regular_price' => '18' ) );
		$this->assertSame( array( 'Price: 15.00 EUR (on sale, regular price 18.00 EUR)', 'Availability: In stock' ), $this->lines( $post_id ) );
	}

	public function test_a_price_that_guests_do_not_see_is_no_field(): void {
		$post_id = $this->product( array( '_price' => '15' ) );
		$wall    = static fn( string $html ): string => is_user_logged_in() ? $html : '';
		wp_set_current_user( 1 );
		add_filter( 'woocommerce_get_price_html', $wall );
		$lines = $this->lines( $post_id );
		remove_filter( 'woocommerce_get_price_html', $wall );
		$this->assertSame( array( 'Availability: In stock' ), $lines );
	}

	public function test_each_variation_that_visitors_can_choose_is_a_line(): void {
		$post_id = $this->product( array( '_sku' => 'JUG' ) );
		$size    = term_exists( 'large-jug', 'pa_size' ) ?? wp_insert_term( 'Large', 'pa_size', array( 'slug' => 'large-jug' ) );
		$this->variation( $post_id, array( 'attribute_pa_size' => 'large-jug', 'attribute_Glaze' => 'Ash', '_price' => '24', '_sku' => 'JUG-L' ) );
		$this->variation( $post_id, array( 'attribute_pa_size' => 'large-jug', 'attribute_Glaze' => '', '_price' => '20', '_sku' => 'JUG', '_stock_status' => 'outofstock' ) );
		$this->variation( $post_id, array( 'attribute_Glaze' => 'Disabled', '_price' => '7' ), 'private' );
		$this->variation( $post_id, array( 'attribute_Glaze' => 'Draft', '_price' => '7' ), 'draft' );
		$this->variation( $post_id, array( 'attribute_Glaze' => 'Without a price' ) );
		$lines = $this->lines( $post_id );
		wp_delete_term( $size['term_id'], 'pa_size' );
		$this->assertSame( array( 'SKU: JUG', 'Size: Large; Glaze: Ash; Price: 24.00 EUR; Availability: In stock; SKU: JUG-L', 'Size: Large; Price: 20.00 EUR; Availability: Out of stock' ), $lines );
	}

	public function test_a_product_that_is_sold_out_goes_where_the_shop_hides_these(): void {
		$post_id = $this->product( array( '_price' => '15' ) );
		wp_set_object_terms( $post_id, 'outofstock', 'product_visibility' );
		$this->settle( $post_id );
		$this->assertSame( '', exclusion_reason( get_post( $post_id ) ) );
		update_option( 'woocommerce_hide_out_of_stock_items', 'no' );
		update_option( 'woocommerce_hide_out_of_stock_items', 'yes' );
		$this->assertSame( 'search', exclusion_reason( get_post( $post_id ) ) );
		$this->expand();
		$this->assert_queued( $post_id );
	}

	/**
	 * @dataProvider changes
	 */
	public function test_a_change_of_a_product_is_noted( callable $change ): void {
		$post_id = $this->product( array( '_price' => '15', '_stock' => '4' ) );
		$this->settle( $post_id );
		$change( $post_id );
		$this->assert_queued( $post_id );
	}

	/**
	 * @dataProvider changes
	 */
	public function test_a_change_of_a_variation_is_noted_on_its_product( callable $change ): void {
		$post_id      = $this->product( array() );
		$variation_id = $this->variation( $post_id, array( '_price' => '15', '_stock' => '4' ) );
		$this->settle( $post_id );
		$change( $variation_id );
		$this->assert_queued( $post_id );
		$this->assertNull( $this->row( $variation_id ), 'a variation is no document' );
	}

	public function changes(): array {
		$calls = array(
			'stock by SQL'      => static fn( int $id ) => wc_update_product_stock( wc_get_product( $id ), 3 ),
			'saved'             => static fn( int $id ) => do_action( wc_get_product( $id )->is_type( 'variation' ) ? 'woocommerce_update_product_variation' : 'woocommerce_update_product', $id ),
			'stock status'      => static fn( int $id ) => do_action( 'woocommerce_product_set_stock_status', $id, 'outofstock', wc_get_product( $id ) ),
			'price recomputed'  => static fn( int $id ) => do_action( 'woocommerce_updated_product_price', $id ),
			'a sale begins'     => static fn( int $id ) => do_action( 'wc_after_products_starting_sales', array( $id ) ),
			'a sale ends'       => static fn( int $id ) => do_action( 'wc_product_end_scheduled_sale', $id ),
			'price by importer' => static fn( int $id ) => update_post_meta( $id, '_price', '16' ),
			'attributes'        => static fn( int $id ) => update_post_meta( $id, '_product_attributes', array( 'Glaze' => array() ) ),
		);
		return array_map( static fn( callable $call ) => array( $call ), $calls );
	}

	public function test_a_variation_that_is_disabled_or_deleted_is_noted_on_its_product(): void {
		$post_id      = $this->product( array() );
		$variation_id = $this->variation( $post_id, array( '_price' => '15' ) );
		$this->settle( $post_id );
		wp_update_post( array( 'ID' => $variation_id, 'post_status' => 'private' ) );
		$this->assert_queued( $post_id );
		$this->settle( $post_id );
		wp_delete_post( $variation_id, true );
		$this->assert_queued( $post_id );
	}

	public function test_another_currency_of_the_shop_is_noted(): void {
		update_option( 'woocommerce_currency', 'EUR' );
		$post_id = $this->product( array( '_price' => '15' ) );
		$this->settle( $post_id );
		update_option( 'woocommerce_currency', 'CHF' );
		$this->expand();
		$this->assert_queued( $post_id );
		$this->assertSame( 'Price: 15.00 CHF', $this->lines( $post_id )[0] );
	}

	private function product( array $meta ): int {
		return $this->post( array( 'post_type' => 'product', 'post_title' => 'Jug', 'meta_input' => $meta ) );
	}

	private function variation( int $product_id, array $meta, string $status = 'publish' ): int {
		return $this->post( array( 'post_type' => 'product_variation', 'post_parent' => $product_id, 'post_status' => $status, 'meta_input' => $meta ) );
	}

	private function lines( int $post_id ): array {
		return array_map( static fn( array $field ): string => "{$field['name']}: {$field['value']}", change_for( $post_id, 5 )['document']['fields'] );
	}
}
