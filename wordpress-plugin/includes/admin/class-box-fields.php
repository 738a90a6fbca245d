<?php
/**
 * Box fields: the settings of where the box is shown and what stands beside an answer.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A section of the settings page.
 */
final class Box_Fields {

	/**
	 * Register the section and its fields.
	 */
	public static function register(): void {
		add_settings_section( 'box', __( 'Where visitors ask, and what helps them', 'rag-ask' ), '__return_empty_string', Settings_Page::page_of( 'box' ) );
		self::add( 'panel', __( 'Button on every page', 'rag-ask' ), array( Settings_Fields::class, 'switch' ), __( 'A button in the corner opens the box. A page can hide it in its editor.', 'rag-ask' ) );
		self::add( 'shortcut', __( 'Keys that open the box', 'rag-ask' ), array( self::class, 'shortcut' ), __( 'On every page, with or without the button.', 'rag-ask' ) );
		self::add( 'search_page', __( 'Answer on the search page', 'rag-ask' ), array( Settings_Fields::class, 'switch' ), __( 'The results of the search stay. A search of three words or more is asked at once; it counts as a question.', 'rag-ask' ) );
		self::add( 'images', __( 'Images beside citations', 'rag-ask' ), array( Settings_Fields::class, 'switch' ), __( 'A small image of the cited section: of your media library, with an alternative text, on pages that everybody may read.', 'rag-ask' ) );
		self::add( 'suggestions', __( 'Suggested questions', 'rag-ask' ), array( Settings_Fields::class, 'lines' ), __( 'One a line, at most six. Try each that you write yourself before you save.', 'rag-ask' ) );
		self::add( 'contact', __( 'Way to a person', 'rag-ask' ), array( self::class, 'contact' ), __( 'The URL of a page or an e-mail address, shown where there is no answer. A visitor\'s question goes along only in a mail that the visitor sends.', 'rag-ask' ) );
	}

	/**
	 * The keys.
	 *
	 * @param array $field From add().
	 */
	public static function shortcut( array $field ): void {
		$choices = array(
			''  => __( 'None', 'rag-ask' ),
			'k' => __( 'Ctrl+K, on a Mac ⌘K', 'rag-ask' ),
			'/' => __( 'Ctrl+/, on a Mac ⌘/', 'rag-ask' ),
		);
		printf( '<select id="%s" name="%s">', esc_attr( $field['label_for'] ), esc_attr( Settings::OPTION . '[shortcut]' ) );
		foreach ( $choices as $value => $label ) {
			printf( '<option value="%s"%s>%s</option>', esc_attr( $value ), selected( Settings::get( 'shortcut' ), $value, false ), esc_html( $label ) );
		}
		echo '</select>';
	}

	/**
	 * A URL or an e-mail address.
	 *
	 * @param array $field From add().
	 */
	public static function contact( array $field ): void {
		printf(
			'<input type="text" class="regular-text" id="%s" name="%s" value="%s" placeholder="%s">',
			esc_attr( $field['label_for'] ),
			esc_attr( Settings::OPTION . '[contact]' ),
			esc_attr( Settings::get( 'contact' ) ),
			esc_attr( home_url( '/contact/' ) )
		);
	}

	private static function add( string $name, string $label, callable $input, string $help ): void {
		add_settings_field(
			$name,
			$label,
			static function ( array $field ) use ( $input, $help ): void {
				$input( $field );
				echo '<p class="description">' . esc_html( $help ) . '</p>';
			},
			Settings_Page::page_of( 'box' ),
			'box',
			array(
				'name'      => $name,
				'label_for' => 'rag-ask-' . $name,
			)
		);
	}
}
