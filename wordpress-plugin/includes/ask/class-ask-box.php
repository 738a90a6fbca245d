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

	/** Texts that an author may set for one box; an empty one means that of the settings. */
	private const OWN_TEXTS = array(
		'label'       => '',
		'placeholder' => '',
		'button'      => '',
	);

	/**
	 * Register the script, the block and the shortcode.
	 */
	public static function register(): void {
		Box_Script::register();
		register_block_type( plugin_dir_path( PLUGIN_FILE ) . self::FOLDER );
		add_shortcode( self::SHORTCODE, array( self::class, 'shortcode' ) );
		add_action( 'wp_enqueue_scripts', array( self::class, 'enqueue_style_early' ) );
		add_action( 'enqueue_block_editor_assets', array( self::class, 'pass_texts_to_editor' ) );
	}

	/**
	 * The box as a shortcode: [rag_ask label="..." placeholder="..." button="..."].
	 *
	 * @param array<string, string>|string $attributes Parsed by WordPress: an empty string when there are none.
	 */
	public static function shortcode( $attributes ): string {
		wp_enqueue_style( self::VIEW_STYLE );
		wp_enqueue_script( Box_Script::HANDLE );
		return self::render( shortcode_atts( self::OWN_TEXTS, (array) $attributes, self::SHORTCODE ), 'class="rag-ask"' );
	}

	/**
	 * The markup of a box.
	 *
	 * @param array<string, mixed> $attributes         May hold label, placeholder and button.
	 * @param string               $wrapper_attributes Escaped attributes of the outermost element.
	 */
	public static function render( array $attributes, string $wrapper_attributes ): string {
		$id    = wp_unique_id( 'rag-ask-' );
		$texts = self::texts( $attributes );
		return sprintf(
			'<div %1$s data-token-url="%2$s" data-texts="%3$s">%4$s%5$s%7$s<noscript><p>%6$s</p></noscript></div>',
			$wrapper_attributes,
			esc_url( rest_url( 'rag-ask/v1/token' ) ),
			esc_attr( (string) wp_json_encode( self::answer_texts() ) ),
			self::form( $id, $texts ),
			self::answer( $id ),
			esc_html__( 'Answers need JavaScript. Without it, this box searches the site.', 'rag-ask' ),
			self::notice()
		);
	}

	/**
	 * The question form. Without JavaScript it is the site's own search.
	 *
	 * @param string                $id    Unique on the page.
	 * @param array<string, string> $texts The label, placeholder and button.
	 */
	private static function form( string $id, array $texts ): string {
		return sprintf(
			'<form class="rag-ask__form" id="%1$s-form" action="%2$s">
				<label class="rag-ask__label" for="%1$s">%3$s</label>
				<div class="rag-ask__row">
					<input class="rag-ask__input" id="%1$s" name="s" type="text" maxlength="%6$d" required autocomplete="off" enterkeyhint="send" dir="auto" placeholder="%4$s">
					<button class="rag-ask__button wp-element-button" type="submit">%5$s</button>
				</div>
			</form>',
			esc_attr( $id ),
			esc_url( home_url( '/' ) ),
			esc_html( $texts['label'] ),
			esc_attr( $texts['placeholder'] ),
			esc_html( $texts['button'] ),
			Token_Route::MAX_QUESTION_CHARACTERS
		);
	}

	/**
	 * The notice of the settings, if there is one.
	 */
	private static function notice(): string {
		$text = (string) Settings::get( 'text_notice' );
		return '' === $text ? '' : '<p class="rag-ask__notice">' . esc_html( $text ) . '</p>';
	}

	/**
	 * The answer region, empty until somebody asks.
	 *
	 * @param string $id Unique on the page.
	 */
	private static function answer( string $id ): string {
		return sprintf(
			'<div class="rag-ask__answer" role="region" aria-label="%1$s" aria-live="polite" aria-busy="false" hidden>
				<p class="rag-ask__status"></p>
				<button class="rag-ask__retry" type="submit" form="%2$s-form" hidden>%3$s</button>
				<div class="rag-ask__text" dir="auto"></div>
				<ol class="rag-ask__sources" aria-label="%4$s" hidden></ol>
				<ul class="rag-ask__suggestions" aria-label="%5$s" hidden></ul>
				<p class="rag-ask__rating" aria-live="off" hidden>%6$s&ensp;<button type="button" value="up">%7$s</button>&ensp;<button type="button" value="down">%8$s</button></p>
			</div>',
			esc_attr__( 'Answer', 'rag-ask' ),
			esc_attr( $id ),
			esc_html__( 'Try again', 'rag-ask' ),
			esc_attr__( 'Sources', 'rag-ask' ),
			esc_attr__( 'Perhaps these pages help', 'rag-ask' ),
			esc_html__( 'Did this help?', 'rag-ask' ),
			esc_html__( 'Yes', 'rag-ask' ),
			esc_html__( 'No', 'rag-ask' )
		);
	}

	/**
	 * The texts of a box: those of the author, otherwise those of the settings.
	 *
	 * @param array<string, mixed> $attributes May hold label, placeholder and button.
	 * @return array<string, string>
	 */
	private static function texts( array $attributes ): array {
		$texts = array();
		foreach ( array_keys( self::OWN_TEXTS ) as $name ) {
			$own            = wp_strip_all_tags( (string) ( $attributes[ $name ] ?? '' ) );
			$texts[ $name ] = '' !== $own ? $own : (string) Settings::get( 'text_' . $name );
		}
		return $texts;
	}

	/**
	 * The texts of view.js. The names of errors are the sidecar's error codes.
	 *
	 * @return array<string, string>
	 */
	private static function answer_texts(): array {
		return array(
			'thinking'                => __( 'Reading the site…', 'rag-ask' ),
			'not_on_site'             => Settings::get( 'text_not_on_site' ),
			'quoted_notice'           => __( 'In the words of this site:', 'rag-ask' ),
			'unsure_notice'           => __( 'This may help. It is not a sure answer:', 'rag-ask' ),
			/* translators: %s: number of a page of a PDF. */
			'page'                    => __( 'page %s', 'rag-ask' ),
			'truncated'               => __( 'The answer is incomplete.', 'rag-ask' ),
			'error_unavailable'       => __( 'Answers are not available at the moment.', 'rag-ask' ),
			'error_index_unproven'    => __( 'This site is just being read anew. Try again in a few minutes.', 'rag-ask' ),
			'error_rate_limited'      => __( 'You have asked too many questions in a short time.', 'rag-ask' ),
			'error_consent_missing'   => __( 'Allow this site to send your question first, in its privacy settings.', 'rag-ask' ),
			'error_question_empty'    => __( 'Type a question first.', 'rag-ask' ),
			/* translators: %s: number of characters. */
			'error_question_too_long' => sprintf( __( 'Please ask in at most %s characters.', 'rag-ask' ), number_format_i18n( Token_Route::MAX_QUESTION_CHARACTERS ) ),
		);
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
			'window.ragAskTexts = ' . wp_json_encode( self::texts( array() ), JSON_HEX_TAG ) . ';',
			'before'
		);
	}
}
