<?php
/**
 * Box script: the one script of the ask box, kept away from what delays or combines scripts.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A delayed script loses the first question; a combined one breaks with any other script of its bundle.
 */
final class Box_Script {

	public const HANDLE = 'rag-ask-box';

	private const FILE = 'blocks/ask/box.js';

	/** Read by LiteSpeed Cache, Autoptimize, Cloudflare's Rocket Loader and WP Rocket. */
	private const ATTRIBUTES = array(
		'data-no-optimize' => '1',
		'data-no-defer'    => '1',
		'data-noptimize'   => '1',
		'data-cfasync'     => 'false',
		'nowprocket'       => true,
	);

	/** Filters of WP Rocket, LiteSpeed Cache and Perfmatters that take parts of the addresses of scripts. */
	private const PATH_FILTERS = array( 'rocket_delay_js_exclusions', 'rocket_exclude_defer_js', 'rocket_exclude_js', 'litespeed_optimize_js_excludes', 'litespeed_optm_js_defer_exc', 'litespeed_optm_gm_js_exc', 'perfmatters_delay_js_exclusions', 'perfmatters_defer_js_exclusions', 'perfmatters_minify_js_exclusions' );

	/** Filters of SiteGround's Speed Optimizer that take handles. */
	private const HANDLE_FILTERS = array( 'sgo_javascript_combine_exclude', 'sgo_js_minify_exclude', 'sgo_js_async_exclude' );

	/**
	 * Register the script. Only where there is a box: the first script of a page makes core register all of its own.
	 */
	public static function register(): void {
		if ( ! has_filter( 'wp_script_attributes', array( self::class, 'add_attributes' ) ) ) {
			self::exclude();
		}
		wp_register_script(
			self::HANDLE,
			plugins_url( self::FILE, PLUGIN_FILE ),
			array(),
			VERSION,
			array(
				'in_footer' => true,
				'strategy'  => 'defer',
			)
		);
	}

	/**
	 * Keep plugins that optimize scripts away from it.
	 */
	private static function exclude(): void {
		add_filter( 'wp_script_attributes', array( self::class, 'add_attributes' ) );
		foreach ( self::PATH_FILTERS as $filter ) {
			add_filter( $filter, static fn( $excluded ): array => array( ...(array) $excluded, self::FILE ) );
		}
		foreach ( self::HANDLE_FILTERS as $filter ) {
			add_filter( $filter, static fn( $excluded ): array => array( ...(array) $excluded, self::HANDLE ) );
		}
		// Autoptimize has a text with commas.
		add_filter( 'autoptimize_filter_js_exclude', static fn( $excluded ) => is_string( $excluded ) ? ltrim( $excluded . ', ' . self::FILE, ', ' ) : $excluded );
	}

	/**
	 * Add the attributes to the tag of the script.
	 *
	 * @param array $attributes Of any script.
	 */
	public static function add_attributes( array $attributes ): array {
		return self::HANDLE . '-js' === ( $attributes['id'] ?? '' ) ? $attributes + self::ATTRIBUTES : $attributes;
	}
}
