<?php
/**
 * Ask search: an answer above the results of the site's own search.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The results of core come at once and stay, whatever becomes of the answer. Off until the settings say otherwise.
 */
final class Ask_Search {

	/** Where the box goes in a template: the first of these blocks that it has. */
	private const ANCHORS = array(
		'core/query-title' => 'after',
		'core/search'      => 'after',
		'core/query'       => 'before',
	);

	/** So many words are a question. Of scripts that put no spaces between words: so many characters. */
	private const QUESTION = '/\S+\s+\S+\s+\S|[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]{6}/u';

	/**
	 * A page has one.
	 *
	 * @var bool
	 */
	private static bool $is_printed = false;

	/**
	 * Whether a classic theme has found that there are no results. What it prints before is no content, such as a search form in its header.
	 *
	 * @var bool
	 */
	private static bool $has_no_results = false;

	/**
	 * Add the hooks of a page with search results.
	 */
	public static function begin(): void {
		if ( ! is_search() || ! Settings::get( 'search_page' ) ) {
			return;
		}
		self::add_to_templates();
		add_action( 'wp_enqueue_scripts', array( Ask_Box::class, 'enqueue' ) );
		add_action( 'loop_start', array( self::class, 'print_above' ) );
		add_action( 'loop_no_results', array( self::class, 'note_no_results' ) );
		add_filter( 'get_search_form', array( self::class, 'add_to_form' ) );
		add_action( 'get_sidebar', array( self::class, 'print_below' ) );
		add_action( 'get_footer', array( self::class, 'print_below' ) );
	}

	/**
	 * Hook the box into templates. On other pages nothing may do so: core then walks through every block of a page.
	 */
	public static function add_to_templates(): void {
		add_filter( 'hooked_block_types', array( self::class, 'hook' ), 10, 4 );
		add_filter( 'hooked_block_' . Ask_Box::BLOCK, array( self::class, 'set_form' ), 10, 5 );
	}

	/**
	 * Hook the box into the template `search` of a block theme.
	 *
	 * @param string[]                          $blocks   Names of hooked blocks.
	 * @param string                            $position before, after, first_child or last_child.
	 * @param string|null                       $anchor   Name of a block of the template.
	 * @param \WP_Block_Template|\WP_Post|array $context  The template.
	 * @return string[]
	 */
	public static function hook( array $blocks, string $position, ?string $anchor, $context ): array {
		if ( ! Settings::get( 'search_page' ) || ! $context instanceof \WP_Block_Template || 'search' !== $context->slug ) {
			return $blocks;
		}
		foreach ( self::ANCHORS as $block => $side ) {
			if ( has_block( $block, (string) $context->content ) ) {
				return $block === $anchor && $side === $position ? array( ...$blocks, Ask_Box::BLOCK ) : $blocks;
			}
		}
		return $blocks;
	}

	/**
	 * Make the hooked block the form of the search page.
	 *
	 * @param array|null                        $block    The hooked block, parsed.
	 * @param string                            $type     Its name.
	 * @param string                            $position Relative to the anchor.
	 * @param array                             $anchor   The anchor, parsed.
	 * @param \WP_Block_Template|\WP_Post|array $context  The template.
	 */
	public static function set_form( $block, string $type, string $position, array $anchor, $context ) {
		if ( is_array( $block ) && $context instanceof \WP_Block_Template && 'search' === $context->slug ) {
			$block['attrs']['form'] = 'search';
		}
		return $block;
	}

	/**
	 * Print the box above the results of a classic theme.
	 *
	 * @param \WP_Query $query The loop that starts.
	 */
	public static function print_above( \WP_Query $query ): void {
		if ( $query->is_main_query() && self::is_wanted() ) {
			self::$is_printed = true;
			// phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- render() escapes.
			echo Ask_Box::render( array( 'form' => 'search' ) );
		}
	}

	/**
	 * Note that a classic theme has nothing to show: there is no loop to start.
	 *
	 * @param \WP_Query $query The loop that does not start.
	 */
	public static function note_no_results( \WP_Query $query ): void {
		self::$has_no_results = self::$has_no_results || ( $query->is_main_query() && ( did_action( 'wp_body_open' ) || did_action( 'get_header' ) ) );
	}

	/**
	 * Put the box above the search form that a classic theme shows in place of results.
	 *
	 * @param string $form HTML of the search form.
	 */
	public static function add_to_form( string $form ): string {
		return self::below() . $form;
	}

	/**
	 * Print the box at the end of a page that shows neither results nor a search form.
	 */
	public static function print_below(): void {
		// phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- render() escapes.
		echo self::below();
	}

	private static function below(): string {
		if ( ! self::$has_no_results || ! self::is_wanted() ) {
			return '';
		}
		self::$is_printed = true;
		return Ask_Box::render( array( 'form' => 'search' ) );
	}

	/**
	 * The search as a question that the script asks as soon as the page is there; empty when it waits for the visitor.
	 *
	 * @param string $form page, panel or search.
	 */
	public static function question( string $form ): string {
		$search = get_search_query( false );
		return 'search' === $form && preg_match( self::QUESTION, $search ) ? $search : '';
	}

	private static function is_wanted(): bool {
		return ! self::$is_printed && Settings::get( 'search_page' ) && is_search() && ! is_feed() && ! wp_is_block_theme();
	}
}
