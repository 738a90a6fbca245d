<?php
/**
 * Guest doubt: whether this site may hide from guests what a push renders.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * It may when a known plugin is active, when other code changes pages or texts, or when guests did not see a post before.
 */
final class Guest_Doubt {

	private const MEMBERSHIP = array( 'advanced-access-manager', 'armember-membership', 'block-visibility', 'buddypress', 'coming-soon', 'content-control', 'groups', 'jonradio-private-site', 'leaky-paywall', 'learndash', 'lifterlms', 'memberful-wp', 'membermouse', 'memberpress', 'members', 'paid-member-subscriptions', 'paid-memberships-pro', 'password-protected', 'patreon-connect', 'restrict-content', 'restrict-content-pro', 'restricted-site-access', 's2member', 'sensei-lms', 'sfwd-lms', 'simple-membership', 'tutor', 'ultimate-member', 'user-access-manager', 'wishlist-member', 'woocommerce-memberships', 'wp-force-login', 'wp-members' );
	private const BUILDER    = array( 'bb-plugin', 'beaver-builder-lite-version', 'breakdance', 'brizy', 'cornerstone', 'divi-builder', 'elementor', 'fusion-builder', 'js_composer', 'live-composer-page-builder', 'nimble-builder', 'oxygen', 'seedprod-coming-soon-pro-5', 'siteorigin-panels', 'thrive-visual-editor', 'visualcomposer', 'zionbuilder' );

	/** They hook into pages and hide no text: search engines, caches, forms, statistics, shops, languages. */
	private const HARMLESS = array( 'all-in-one-seo-pack', 'autodescription', 'autoptimize', 'contact-form-7', 'google-site-kit', 'litespeed-cache', 'polylang', 'query-monitor', 'seo-by-rank-math', 'sitepress-multilingual-cms', 'sqlite-database-integration', 'w3-total-cache', 'woocommerce', 'wordpress-seo', 'wp-rocket', 'wp-seopress', 'wp-super-cache' );

	/** Hooks by which a plugin shows guests another page or another text than a push renders. */
	private const PAGE_HOOKS = array( 'parse_request', 'parse_query', 'pre_get_posts', 'posts_results', 'the_posts', 'send_headers', 'wp', 'template_redirect', 'template_include', 'single_template', 'page_template', 'singular_template', 'get_header', 'the_content', 'render_block' );

	/** What is known of the environment. */
	public const OPTION = 'rag_ask_guest_doubt';

	/** The first posts in a new environment are always checked: code that runs on all requests may shut guests out too. */
	private const SAMPLES = 3;

	/**
	 * Whether every post has to be checked.
	 */
	public static function is_site_in_doubt(): bool {
		return array() !== array_intersect_key( self::known(), array_flip( self::active() ) ) || self::has_page_code();
	}

	/**
	 * Whether the next post is one of the first.
	 */
	public static function is_sampling(): bool {
		return self::stored()['samples'] < self::SAMPLES && Guest_Access::is_open();
	}

	/**
	 * Learn from a verdict.
	 *
	 * @param string $kind A kind of Guest_Verdict.
	 */
	public static function learn( string $kind ): void {
		$stored = self::stored();
		if ( Guest_Verdict::UNSEEN === $kind && ! $stored['is_hiding'] ) {
			self::keep( true, $stored['samples'] );
			Site_Watcher::check_all();
		} elseif ( $stored['samples'] < self::SAMPLES ) {
			self::keep( $stored['is_hiding'], $stored['samples'] + 1 );
		}
	}

	/**
	 * The environment that a verdict depends on besides the post.
	 *
	 * @return string A hash.
	 */
	public static function environment(): string {
		return md5( (string) wp_json_encode( array( self::active(), array_map( 'basename', wp_get_mu_plugins() ), get_stylesheet(), home_url(), get_option( 'permalink_structure' ) ) ) );
	}

	/**
	 * Known plugins and themes.
	 *
	 * @return array<string, string> 'membership' or 'builder', by folder.
	 */
	private static function known(): array {
		$known = array_fill_keys( self::MEMBERSHIP, 'membership' ) + array_fill_keys( array( ...self::BUILDER, 'Divi', 'bricks', 'Avada' ), 'builder' );

		/**
		 * Filters the plugins and themes of which RAG Ask checks by a request what guests see.
		 *
		 * @param array<string, string> $known 'membership' or 'builder', by folder.
		 */
		return (array) apply_filters( 'rag_ask_guest_plugins', $known );
	}

	/**
	 * Folders of active plugins and of the theme.
	 *
	 * @return string[]
	 */
	private static function active(): array {
		$files   = array( ...array_values( (array) get_option( 'active_plugins', array() ) ), ...array_keys( (array) get_site_option( 'active_sitewide_plugins', array() ) ) );
		$folders = array_map( static fn( $file ) => explode( '/', (string) $file )[0], $files );
		sort( $folders );
		return array( ...$folders, get_template() );
	}

	/**
	 * Whether code that may hide text was found. A plugin may add it to page requests only, or to all but those of an admin, so what
	 * one process finds holds for all.
	 */
	private static function has_page_code(): bool {
		$stored = self::stored();
		if ( ! $stored['is_hiding'] && self::find_page_code() ) {
			self::keep( true, $stored['samples'] );
			return true;
		}
		return $stored['is_hiding'];
	}

	/**
	 * What is known of the environment as it is now.
	 *
	 * @return array{environment: string, is_hiding: bool, samples: int}
	 */
	private static function stored(): array {
		$environment = self::environment();
		$stored      = (array) get_option( self::OPTION, array() );
		$nothing     = array(
			'environment' => $environment,
			'is_hiding'   => false,
			'samples'     => 0,
		);
		return ( $stored['environment'] ?? '' ) === $environment ? $stored + $nothing : $nothing;
	}

	private static function keep( bool $is_hiding, int $samples ): void {
		update_option(
			self::OPTION,
			array(
				'environment' => self::environment(),
				'is_hiding'   => $is_hiding,
				'samples'     => $samples,
			),
			false
		);
	}

	private static function find_page_code(): bool {
		foreach ( self::PAGE_HOOKS as $hook ) {
			foreach ( $GLOBALS['wp_filter'][ $hook ]->callbacks ?? array() as $functions ) {
				foreach ( $functions as $function ) {
					if ( self::is_foreign( $function['function'] ) ) {
						return true;
					}
				}
			}
		}
		return false;
	}

	/**
	 * Whether a function is neither WordPress's nor this plugin's nor one of a harmless plugin.
	 *
	 * @param callable $callback The function.
	 */
	private static function is_foreign( $callback ): bool {
		try {
			$file = ( new \ReflectionFunction( \Closure::fromCallable( $callback ) ) )->getFileName();
		} catch ( \Throwable $error ) {
			return true;
		}
		if ( ! $file ) {
			return false; // A function of PHP.
		}
		foreach ( array( ABSPATH . WPINC, ABSPATH . 'wp-admin', __DIR__ . '/..' ) as $folder ) {
			if ( str_starts_with( wp_normalize_path( $file ), wp_normalize_path( (string) realpath( $folder ) ) . '/' ) ) {
				return false;
			}
		}
		$folder = preg_match( '#/plugins/([^/]+)/#', wp_normalize_path( $file ), $found ) ? $found[1] : '';
		return ! in_array( $folder, self::HARMLESS, true );
	}
}
