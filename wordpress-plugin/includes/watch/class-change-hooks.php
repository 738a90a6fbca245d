<?php
/**
 * Change hooks: every way in which content changes, as hook -> watcher. docs/developers/sync.md explains each.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The hook wp_after_insert_post runs after terms and meta are stored; the other hooks catch changes that do not run it. None depends
 * on the current user.
 */
final class Change_Hooks {

	/** Those that run before anything is written: hook, watcher, method, number of arguments. */
	private const BEFORE_WRITES = array(
		array( 'before_delete_post', Post_Watcher::class, 'before_delete', 2 ),
		array( 'delete_post_meta', Meta_Watcher::class, 'before_delete', 3 ),
		array( 'delete_attachment', File_Watcher::class, 'changed', 1 ),
		array( 'remove_user_from_blog', People_Watcher::class, 'user_removed', 3 ),
	);

	/** The others, in the same form. */
	private const AFTER_WRITES = array(
		array( 'wp_after_insert_post', Post_Watcher::class, 'after_insert', 4 ),
		array( 'transition_post_status', Post_Watcher::class, 'status_changed', 3 ),
		array( 'trashed_post', Post_Watcher::class, 'changed', 1 ),
		array( 'untrashed_post', Post_Watcher::class, 'changed', 1 ),
		array( 'after_delete_post', Post_Watcher::class, 'deleted', 2 ),
		array( 'clean_post_cache', Cache_Watcher::class, 'cleaned', 1 ),

		array( 'set_object_terms', Term_Watcher::class, 'terms_set', 6 ),
		array( 'deleted_term_relationships', Term_Watcher::class, 'terms_removed', 3 ),
		array( 'edited_term', Term_Watcher::class, 'term_edited', 3 ),
		array( 'edited_term_taxonomies', Term_Watcher::class, 'terms_moved', 1 ),
		array( 'update_option_default_category', Term_Watcher::class, 'default_category_changed', 2 ),

		array( 'added_post_meta', Meta_Watcher::class, 'changed', 3 ),
		array( 'updated_post_meta', Meta_Watcher::class, 'changed', 3 ),
		array( 'deleted_post_meta', Meta_Watcher::class, 'changed', 3 ),
		array( 'attachment_updated', Meta_Watcher::class, 'attachment_updated', 1 ),
		array( 'added_post_meta', File_Watcher::class, 'meta_changed', 3 ),
		array( 'updated_post_meta', File_Watcher::class, 'meta_changed', 3 ),
		array( 'attachment_updated', File_Watcher::class, 'changed', 1 ),
		array( 'aioseo_insert_post', Post_Watcher::class, 'changed', 1 ),

		array( 'woocommerce_new_product', Shop_Watcher::class, 'changed', 1 ),
		array( 'woocommerce_update_product', Shop_Watcher::class, 'changed', 1 ),
		array( 'woocommerce_new_product_variation', Shop_Watcher::class, 'changed', 1 ),
		array( 'woocommerce_update_product_variation', Shop_Watcher::class, 'changed', 1 ),
		array( 'woocommerce_updated_product_price', Shop_Watcher::class, 'changed', 1 ),
		array( 'woocommerce_updated_product_stock', Shop_Watcher::class, 'changed', 1 ),
		array( 'woocommerce_product_set_stock', Shop_Watcher::class, 'changed', 1 ),
		array( 'woocommerce_variation_set_stock', Shop_Watcher::class, 'changed', 1 ),
		array( 'woocommerce_product_set_stock_status', Shop_Watcher::class, 'changed', 1 ),
		array( 'woocommerce_variation_set_stock_status', Shop_Watcher::class, 'changed', 1 ),
		array( 'wc_product_start_scheduled_sale', Shop_Watcher::class, 'changed', 1 ),
		array( 'wc_product_end_scheduled_sale', Shop_Watcher::class, 'changed', 1 ),
		array( 'wc_after_products_starting_sales', Shop_Watcher::class, 'sales_changed', 1 ),
		array( 'wc_after_products_ending_sales', Shop_Watcher::class, 'sales_changed', 1 ),
		array( 'woocommerce_attribute_updated', Shop_Watcher::class, 'shop_changed', 0 ),

		array( 'profile_update', People_Watcher::class, 'profile_saved', 2 ),
		array( 'deleted_user', People_Watcher::class, 'user_deleted', 2 ),
		array( 'wp_update_comment_count', People_Watcher::class, 'comments_counted', 1 ),
		array( 'edit_comment', People_Watcher::class, 'comment_edited', 1 ),
		array( 'clean_comment_cache', People_Watcher::class, 'comment_cleaned', 1 ),

		array( 'permalink_structure_changed', Site_Watcher::class, 'push_all', 0 ),
		array( 'update_option_home', Site_Watcher::class, 'push_all', 0 ),
		array( 'update_option_siteurl', Site_Watcher::class, 'push_all', 0 ),
		array( 'add_option_WPLANG', Site_Watcher::class, 'language_changed', 0 ),
		array( 'update_option_WPLANG', Site_Watcher::class, 'language_changed', 0 ),
		array( 'update_option_page_on_front', Site_Watcher::class, 'front_page_changed', 2 ),
		array( 'update_option_show_on_front', Site_Watcher::class, 'front_page_changed', 2 ),
		array( 'update_option_page_for_posts', Site_Watcher::class, 'front_page_changed', 2 ),
		array( 'activated_plugin', Site_Watcher::class, 'plugins_changed', 0 ),
		array( 'deactivated_plugin', Site_Watcher::class, 'plugins_changed', 0 ),
		array( 'switch_theme', Site_Watcher::class, 'plugins_changed', 0 ),
		array( 'import_end', Site_Watcher::class, 'check_all', 0 ),
		array( 'update_option_rag_ask_settings', Site_Watcher::class, 'settings_changed', 2 ),
		array( 'update_option_rag_ask_connection', Site_Watcher::class, 'connection_changed', 2 ),
	);

	/** All hooks. */
	public const ALL = array( ...self::BEFORE_WRITES, ...self::AFTER_WRITES );

	/** Queries that change nothing, and the writes that WordPress does on pages that are only looked at. */
	private const READS = '/^\s*+(?:\(?\s*SELECT|SHOW|DESCRIBE|EXPLAIN|SET)\b|^(?:INSERT INTO|UPDATE|DELETE FROM) `?\w*options`? [^;]{0,200}\'_(?:site_)?transient_/i';

	/**
	 * Add the hooks.
	 */
	public static function add(): void {
		self::add_those( self::ALL );
		self::add_for_options();
	}

	/**
	 * Add the hooks once something is written: on most pages nothing is, and some fifty hooks take more memory than all of the box.
	 */
	public static function add_at_first_write(): void {
		self::add_those( self::BEFORE_WRITES );
		add_filter( 'query', array( self::class, 'add_before_write' ) );
	}

	/**
	 * Look at a query.
	 *
	 * @param mixed $query SQL.
	 * @return mixed The same.
	 */
	public static function add_before_write( $query ) {
		if ( is_string( $query ) && 1 !== preg_match( self::READS, $query ) ) {
			remove_filter( 'query', array( self::class, 'add_before_write' ) );
			self::add_those( self::AFTER_WRITES );
			self::add_for_options();
			add_background_hooks();
		}
		return $query;
	}

	private static function add_those( array $hooks ): void {
		static $run = null;
		// One closure for all.
		$run ??= static fn( ...$arguments ) => self::run( current_filter(), $arguments );
		foreach ( $hooks as list( $hook, , , $count ) ) {
			add_action( $hook, $run, 10, $count );
		}
	}

	private static function add_for_options(): void {
		global $wpdb;
		foreach ( Shop_Watcher::OPTIONS as $option ) {
			add_action( "update_option_$option", static fn() => Watch::safely( array( Shop_Watcher::class, 'shop_changed' ) ), 10, 0 );
		}
		// Core names the option of the roles by the table prefix.
		add_action( "update_option_{$wpdb->prefix}user_roles", static fn() => Watch::safely( array( Site_Watcher::class, 'roles_changed' ) ), 10, 0 );
	}

	private static function run( string $fired, array $arguments ): void {
		foreach ( self::ALL as list( $hook, $watcher, $method ) ) {
			if ( $hook === $fired ) {
				Watch::safely( array( $watcher, $method ), ...$arguments );
			}
		}
	}
}
