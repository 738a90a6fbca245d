<?php
/**
 * Settings: each with its default and its sanitizer.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The connection is an option of its own that is not autoloaded, because visitors' pages do not need it.
 */
final class Settings {

	public const GROUP  = 'rag_ask';
	public const OPTION = 'rag_ask_settings';

	private const MAX_TEXT_CHARACTERS = 200;
	private const MAX_META_KEYS       = 50;
	private const MAX_RANGES          = 200;
	private const MAX_LINES           = 6;
	private const MAX_BUDGET_USD      = 100_000.0;

	/**
	 * All settings. The tab of the settings page prints and saves them.
	 *
	 * @return array<string, array{tab: string, default: mixed, sanitize: callable}>
	 */
	public static function definitions(): array {
		return array(
			'post_types'       => array(
				'tab'      => 'content',
				'default'  => array( 'post', 'page' ),
				'sanitize' => array( self::class, 'sanitize_post_types' ),
			),
			'meta_keys'        => array(
				'tab'      => 'content',
				'default'  => array(),
				'sanitize' => array( self::class, 'sanitize_meta_keys' ),
			),
			'linked_files'     => array(
				'tab'      => 'content',
				'default'  => true,
				'sanitize' => static fn( $value ) => null === $value || rest_sanitize_boolean( $value ),
			),
			'include_comments' => array(
				'tab'      => 'content',
				'default'  => false,
				'sanitize' => 'rest_sanitize_boolean',
			),
			'index_private'    => array(
				'tab'      => 'content',
				'default'  => false,
				'sanitize' => 'rest_sanitize_boolean',
			),
			'guest_check'      => array(
				'tab'      => 'content',
				'default'  => 'doubt',
				'sanitize' => static fn( $value ) => in_array( $value, array( 'always', 'doubt', 'never' ), true ) ? $value : 'doubt',
			),
			'text_label'       => array(
				'tab'      => 'box',
				'default'  => __( 'Ask this site', 'rag-ask' ),
				'sanitize' => array( self::class, 'sanitize_text' ),
			),
			'text_placeholder' => array(
				'tab'      => 'box',
				'default'  => __( 'Type a question', 'rag-ask' ),
				'sanitize' => array( self::class, 'sanitize_text' ),
			),
			'text_button'      => array(
				'tab'      => 'box',
				'default'  => __( 'Ask', 'rag-ask' ),
				'sanitize' => array( self::class, 'sanitize_text' ),
			),
			'text_not_on_site' => array(
				'tab'      => 'box',
				'default'  => __( 'I could not find that on this site.', 'rag-ask' ),
				'sanitize' => array( self::class, 'sanitize_text' ),
			),
			'text_notice'      => array(
				'tab'      => 'box',
				'default'  => '',
				'sanitize' => array( self::class, 'sanitize_text' ),
			),
			'panel'            => array(
				'tab'      => 'box',
				'default'  => false,
				'sanitize' => 'rest_sanitize_boolean',
			),
			'shortcut'         => array(
				'tab'      => 'box',
				'default'  => '',
				'sanitize' => static fn( $value ) => in_array( $value, array( 'k', '/' ), true ) ? $value : '',
			),
			'search_page'      => array(
				'tab'      => 'box',
				'default'  => false,
				'sanitize' => 'rest_sanitize_boolean',
			),
			'images'           => array(
				'tab'      => 'box',
				'default'  => true,
				'sanitize' => static fn( $value ) => null === $value || rest_sanitize_boolean( $value ),
			),
			'suggestions'      => array(
				'tab'      => 'box',
				'default'  => array(),
				'sanitize' => array( self::class, 'sanitize_lines' ),
			),
			'contact'          => array(
				'tab'      => 'box',
				'default'  => '',
				'sanitize' => array( self::class, 'sanitize_contact' ),
			),
			'question_days'    => array(
				'tab'      => 'questions',
				'default'  => 30,
				'sanitize' => static fn( $value ) => self::within( 0, 365, $value, 30 ),
			),
			'digest_to'        => array(
				'tab'      => 'questions',
				'default'  => array(),
				'sanitize' => array( Question_Digest::class, 'sanitize' ),
			),
			'daily_budget_usd' => array(
				'tab'      => 'questions',
				'default'  => 1.0,
				'sanitize' => static fn( $value ) => is_numeric( $value ) ? round( max( 0.0, min( self::MAX_BUDGET_USD, (float) $value ) ), 2 ) : 1.0,
			),
			'site_model'       => array(
				'tab'      => 'questions',
				'default'  => false,
				'sanitize' => 'rest_sanitize_boolean',
			),
			'batch_size'       => array(
				'tab'      => 'advanced',
				'default'  => 50,
				'sanitize' => static fn( $value ) => self::within( 1, 50, $value, 50 ),
			),
			'timeout_s'        => array(
				'tab'      => 'advanced',
				'default'  => 10,
				'sanitize' => static fn( $value ) => self::within( 1, 30, $value, 10 ),
			),
			'push_budget_s'    => array(
				'tab'      => 'advanced',
				'default'  => 20,
				'sanitize' => static fn( $value ) => self::within( 5, 300, $value, 20 ),
			),
			'system_cron'      => array(
				'tab'      => 'advanced',
				'default'  => false,
				'sanitize' => 'rest_sanitize_boolean',
			),
			'visitor_way'      => array(
				'tab'      => 'advanced',
				'default'  => Way::AUTO,
				'sanitize' => static fn( $value ) => in_array( $value, array( Way::STRAIGHT, Way::WORDPRESS ), true ) ? $value : Way::AUTO,
			),
			'proxy_streams'    => array(
				'tab'      => 'advanced',
				'default'  => 3,
				'sanitize' => static fn( $value ) => self::within( 1, 100, $value, 3 ),
			),
			'trusted_presets'  => array(
				'tab'      => 'advanced',
				'default'  => array(),
				'sanitize' => static fn( $value ) => array_values( array_intersect( Visitor_Address::PRESETS, is_array( $value ) ? $value : array() ) ),
			),
			'trusted_proxies'  => array(
				'tab'      => 'advanced',
				'default'  => array(),
				'sanitize' => array( self::class, 'sanitize_ranges' ),
			),
		);
	}

	/**
	 * The current value of a setting.
	 *
	 * @param string $name A key of definitions().
	 * @return mixed Has the type of the default.
	 */
	public static function get( string $name ) {
		$stored  = get_option( self::OPTION, array() );
		$default = self::definitions()[ $name ]['default'];
		$value   = is_array( $stored ) ? ( $stored[ $name ] ?? null ) : null;
		// An empty text means the default, in the language of the site.
		return gettype( $value ) === gettype( $default ) && '' !== $value ? $value : $default;
	}

	/**
	 * Types of posts that are pushed as far as nothing excludes them: the chosen ones, and the owner's own answers.
	 *
	 * @return string[]
	 */
	public static function pushed_types(): array {
		return array( ...self::get( 'post_types' ), Note_Type::NAME );
	}

	/**
	 * Register both options with the Settings API. The connection has a form of its own, which tests it (Admin_Actions).
	 */
	public static function register(): void {
		register_setting(
			self::GROUP,
			self::OPTION,
			array(
				'type'              => 'object',
				'default'           => array(),
				'show_in_rest'      => false,
				'sanitize_callback' => array( self::class, 'sanitize' ),
			)
		);
		register_setting(
			Connection::OPTION,
			Connection::OPTION,
			array(
				'type'              => 'object',
				'show_in_rest'      => false,
				'sanitize_callback' => array( Connection_Form::class, 'sanitize' ),
			)
		);
	}

	/**
	 * Sanitize every known setting and drop all others.
	 *
	 * @param mixed $input Form data or the option itself: WordPress may call a sanitizer twice. A form names its tab; the settings
	 *                     of the other tabs stay.
	 * @return array<string, mixed>
	 */
	public static function sanitize( $input ): array {
		$input  = is_array( $input ) ? $input : array();
		$tab    = $input['tab'] ?? null;
		$stored = null === $tab ? array() : (array) get_option( self::OPTION, array() );
		$clean  = array();
		foreach ( self::definitions() as $name => $setting ) {
			$values         = null === $tab || $tab === $setting['tab'] ? $input : $stored;
			$clean[ $name ] = call_user_func( $setting['sanitize'], $values[ $name ] ?? null );
		}
		return $clean;
	}

	/**
	 * Chosen post types that have public pages.
	 *
	 * @param mixed $value A list of names; the default for anything else.
	 * @return string[]
	 */
	public static function sanitize_post_types( $value ): array {
		if ( ! is_array( $value ) ) {
			return self::definitions()['post_types']['default'];
		}
		return array_values( array_intersect( array_keys( self::choosable_post_types() ), array_filter( $value, 'is_string' ) ) );
	}

	/**
	 * Post types with public pages, by name.
	 *
	 * @return array<string, \WP_Post_Type>
	 */
	public static function choosable_post_types(): array {
		$types = array_filter( get_post_types( array(), 'objects' ), 'is_post_type_viewable' );
		unset( $types['attachment'] );
		return $types;
	}

	/**
	 * One line of text.
	 *
	 * @param mixed $value Input.
	 */
	public static function sanitize_text( $value ): string {
		return is_string( $value ) ? mb_substr( sanitize_text_field( $value ), 0, self::MAX_TEXT_CHARACTERS ) : '';
	}

	/**
	 * A few lines of text.
	 *
	 * @param mixed $value A list, or the lines of a text area.
	 * @return string[]
	 */
	public static function sanitize_lines( $value ): array {
		$lines = is_string( $value ) ? explode( "\n", $value ) : $value;
		$lines = array_map( array( self::class, 'sanitize_text' ), is_array( $lines ) ? $lines : array() );
		return array_slice( array_values( array_filter( $lines, static fn( string $line ) => '' !== $line ) ), 0, self::MAX_LINES );
	}

	/**
	 * An e-mail address or the URL of a page.
	 *
	 * @param mixed $value Input.
	 */
	public static function sanitize_contact( $value ): string {
		$text = self::sanitize_text( $value );
		return is_email( $text ) ? sanitize_email( $text ) : esc_url_raw( $text, array( 'http', 'https' ) );
	}

	/**
	 * Names of custom fields.
	 *
	 * @param mixed $value A list, or the lines of a text area.
	 * @return string[]
	 */
	public static function sanitize_meta_keys( $value ): array {
		$keys = array_filter( self::lines( $value ), static fn( string $key ) => strlen( $key ) <= 255 );
		return array_slice( array_values( array_unique( $keys ) ), 0, self::MAX_META_KEYS );
	}

	/**
	 * Ranges of IP addresses; what is none is left out.
	 *
	 * @param mixed $value A list, or the lines of a text area.
	 * @return string[] CIDR notation.
	 */
	public static function sanitize_ranges( $value ): array {
		$typed  = self::lines( $value );
		$ranges = array_filter( array_map( array( Ip_Address::class, 'clean_range' ), $typed ) );
		$wrong  = array_diff_key( $typed, $ranges );
		if ( $wrong && function_exists( 'add_settings_error' ) ) {
			/* translators: %s: what somebody typed. */
			add_settings_error( self::GROUP, 'trusted_proxies', sprintf( __( 'These are no IP addresses or ranges and were left out: %s.', 'rag-ask' ), implode( ', ', $wrong ) ) );
		}
		return array_slice( array_values( array_unique( $ranges ) ), 0, self::MAX_RANGES );
	}

	/**
	 * The lines that hold something.
	 *
	 * @param mixed $value A list, or the lines of a text area.
	 * @return string[]
	 */
	private static function lines( $value ): array {
		$lines = is_string( $value ) ? explode( "\n", $value ) : $value;
		return array_filter( array_map( 'trim', array_filter( is_array( $lines ) ? $lines : array(), 'is_string' ) ), static fn( string $line ) => '' !== $line );
	}

	private static function within( int $least, int $most, mixed $value, int $default_value ): int {
		return is_numeric( $value ) ? max( $least, min( $most, (int) $value ) ) : $default_value;
	}
}
