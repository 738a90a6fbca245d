<?php
/**
 * Ask box: the block and the shortcode in which visitors ask.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The markup is the same for everyone and carries no token, so any cache may store it.
 */
final class Ask_Box {

	public const BLOCK     = 'rag-ask/ask';
	public const SHORTCODE = 'rag_ask';

	private const FOLDER     = 'blocks/ask/';
	private const VIEW_STYLE = 'rag-ask-ask-view-style';

	/** What an author may set for one box. An empty text means that of the settings. */
	private const OWN = array(
		'title'       => '',
		'label'       => '',
		'placeholder' => '',
		'button'      => '',
		'suggestions' => '',
		'post_type'   => '',
		'term'        => '',
		'form'        => 'page',
	);

	/**
	 * Boxes of this request.
	 *
	 * @var int
	 */
	private static int $count = 0;

	/**
	 * Register the block and the shortcode.
	 */
	public static function register(): void {
		add_filter( 'block_type_metadata', array( self::class, 'without_editor_script' ) );
		register_block_type( plugin_dir_path( PLUGIN_FILE ) . self::FOLDER );
		add_shortcode( self::SHORTCODE, array( self::class, 'shortcode' ) );
		add_action( 'wp_enqueue_scripts', array( self::class, 'enqueue_style_early' ) );
		if ( is_admin() ) {
			add_action( 'enqueue_block_editor_assets', array( self::class, 'pass_texts_to_editor' ) );
		}
	}

	/**
	 * The metadata of the block for pages of visitors: registering a script there makes core register all of its own.
	 *
	 * @param array<string, mixed> $metadata Of a block.json.
	 */
	public static function without_editor_script( array $metadata ): array {
		return self::BLOCK === ( $metadata['name'] ?? '' ) && ! is_admin() ? array_diff_key( $metadata, array( 'editorScript' => 1 ) ) : $metadata;
	}

	/**
	 * The box as a shortcode: [rag_ask label="..." suggestions="...|..." post_type="page" form="panel"].
	 *
	 * @param array<string, string>|string $attributes Parsed by WordPress: an empty string when there are none.
	 */
	public static function shortcode( $attributes ): string {
		self::enqueue();
		return self::render( shortcode_atts( self::OWN, (array) $attributes, self::SHORTCODE ) );
	}

	/**
	 * Print the script and the style.
	 */
	public static function enqueue(): void {
		Box_Script::register();
		wp_enqueue_style( self::VIEW_STYLE );
		wp_enqueue_script( Box_Script::HANDLE );
	}

	/**
	 * The markup of a box.
	 *
	 * @param array<string, mixed> $attributes May hold the names of OWN.
	 * @param string               $wrapper    Escaped attributes of the outermost element, with the class rag-ask.
	 */
	public static function render( array $attributes, string $wrapper = 'class="rag-ask"' ): string {
		Box_Script::register();
		$attributes = array_map( 'strval', array_intersect_key( array_filter( $attributes, 'is_scalar' ), self::OWN ) ) + self::OWN;
		if ( ! in_array( $attributes['form'], array( 'page', 'panel', 'search' ), true ) ) {
			$attributes['form'] = 'page';
		}
		if ( 'panel' === $attributes['form'] ) {
			$wrapper = (string) preg_replace( '/class="/', 'class="rag-ask--panel ', $wrapper, 1 );
		}
		Ask_Panel::rendered( $attributes['form'] );
		$attributes['title'] = wp_strip_all_tags( $attributes['title'] );
		$texts               = Ask_Texts::of_box( $attributes );
		// The same one when a form without JavaScript comes back, which core's counter for everything does not promise.
		$id   = 'rag-ask-' . ( ++self::$count );
		$box  = 'panel' === $attributes['form'] ? Ask_Markup::dialog( $id, $attributes, $texts ) : Ask_Markup::page( $id, $attributes, $texts );
		$html = sprintf( '<div %s %s>%s</div>', $wrapper, self::data( $attributes ), $box );

		/**
		 * Filters the HTML of a box. Keep the classes and the data attributes: the script finds its parts by them.
		 *
		 * @param string                $html       The box.
		 * @param array<string, string> $attributes Of the block or the shortcode.
		 */
		return (string) apply_filters( 'rag_ask_box', $html, $attributes );
	}

	/**
	 * What the script knows of the box, as escaped attributes.
	 *
	 * @param array<string, string> $attributes All names of OWN.
	 */
	private static function data( array $attributes ): string {
		$data   = array(
			'token-url'   => rest_url( 'rag-ask/v1/token' ),
			'found-url'   => rest_url( 'rag-ask/v1' . Ask_Found::ROUTE ),
			'failure-url' => rest_url( 'rag-ask/v1/failure' ),
			'form'        => $attributes['form'],
			'texts'       => (string) wp_json_encode( Ask_Texts::of_answers() ),
		);
		$filter = self::filter( $attributes );
		if ( $filter ) {
			$data['filter'] = (string) wp_json_encode( $filter );
		}
		if ( Settings::get( 'images' ) ) {
			$data['images'] = '1';
		}
		$question = Ask_Search::question( $attributes['form'] );
		if ( '' !== $question ) {
			$data['ask'] = $question;
		}
		if ( 'panel' === $attributes['form'] && '' !== Settings::get( 'shortcut' ) ) {
			$data['shortcut'] = Settings::get( 'shortcut' );
		}
		$escaped = array_map( static fn( string $name, string $value ): string => sprintf( 'data-%s="%s"', $name, esc_attr( $value ) ), array_keys( $data ), $data );
		return implode( ' ', $escaped );
	}

	/**
	 * What the box is limited to, as the sidecar takes it (tests/contract/ask-request.json).
	 *
	 * @param array<string, string> $attributes post_type: names, term: `taxonomy:name` or the name of a category; both with commas between.
	 * @return array<string, mixed>
	 */
	public static function filter( array $attributes ): array {
		$terms = array();
		foreach ( self::names( $attributes['term'] ) as $name ) {
			$parts   = explode( ':', $name, 2 );
			$terms[] = array(
				'taxonomy' => isset( $parts[1] ) ? trim( $parts[0] ) : 'category',
				'name'     => trim( $parts[1] ?? $parts[0] ),
			);
		}
		return array_filter(
			array(
				'types' => self::names( $attributes['post_type'] ),
				'terms' => $terms,
			)
		);
	}

	private static function names( string $text ): array {
		return array_values( array_filter( array_map( 'trim', explode( ',', $text ) ), static fn( string $name ): bool => '' !== $name ) );
	}

	/**
	 * Print the style in the head of a page whose content has a box; elsewhere it is printed with the box.
	 */
	public static function enqueue_style_early(): void {
		$post = is_singular() ? get_post() : null;
		if ( $post && ( has_block( self::BLOCK, $post ) || has_shortcode( $post->post_content, self::SHORTCODE ) ) ) {
			wp_enqueue_style( self::VIEW_STYLE );
		}
	}

	/**
	 * Pass the texts of the settings to the block editor, as placeholders.
	 */
	public static function pass_texts_to_editor(): void {
		wp_add_inline_script(
			'rag-ask-ask-editor-script',
			'window.ragAskTexts = ' . wp_json_encode( Ask_Texts::of_box( self::OWN ), JSON_HEX_TAG ) . ';',
			'before'
		);
		// WordPress 6.8 does not look into the plugin by itself.
		wp_set_script_translations( 'rag-ask-ask-editor-script', 'rag-ask', plugin_dir_path( PLUGIN_FILE ) . 'languages' );
	}
}
