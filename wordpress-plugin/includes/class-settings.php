<?php
/**
 * Settings: each with its tab, its default and its check.
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
				'sanitize' => array( Settings_Checks::class, 'post_types' ),
			),
			'meta_keys'        => array(
				'tab'      => 'content',
				'default'  => array(),
				'sanitize' => array( Settings_Checks::class, 'meta_keys' ),
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
				'sanitize' => array( Settings_Checks::class, 'text' ),
			),
			'text_placeholder' => array(
				'tab'      => 'box',
				'default'  => __( 'Type a question', 'rag-ask' ),
				'sanitize' => array( Settings_Checks::class, 'text' ),
			),
			'text_button'      => array(
				'tab'      => 'box',
				'default'  => __( 'Ask', 'rag-ask' ),
				'sanitize' => array( Settings_Checks::class, 'text' ),
			),
			'text_not_on_site' => array(
				'tab'      => 'box',
				'default'  => __( 'I could not find that on this site.', 'rag-ask' ),
				'sanitize' => array( Settings_Checks::class, 'text' ),
			),
			'text_notice'      => array(
				'tab'      => 'box',
				'default'  => '',
				'sanitize' => array( Settings_Checks::class, 'text' ),
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
				'sanitize' => array( Settings_Checks::class, 'lines' ),
			),
			'contact'          => array(
				'tab'      => 'box',
				'default'  => '',
				'sanitize' => array( Settings_Checks::class, 'contact' ),
			),
			'question_days'    => array(
				'tab'      => 'questions',
				'default'  => 30,
				'sanitize' => static fn( $value ) => Settings_Checks::within( 0, 365, $value, 30 ),
			),
			'digest_to'        => array(
				'tab'      => 'questions',
				'default'  => array(),
				'sanitize' => array( Settings_Checks::class, 'mail_addresses' ),
			),
			'daily_budget_usd' => array(
				'tab'      => 'questions',
				'default'  => 1.0,
				'sanitize' => static fn( $value ) => Settings_Checks::dollars( $value, 1.0 ),
			),
			'site_model'       => array(
				'tab'      => 'questions',
				'default'  => false,
				'sanitize' => 'rest_sanitize_boolean',
			),
			'batch_size'       => array(
				'tab'      => 'advanced',
				'default'  => 50,
				'sanitize' => static fn( $value ) => Settings_Checks::within( 1, 50, $value, 50 ),
			),
			'timeout_s'        => array(
				'tab'      => 'advanced',
				'default'  => 10,
				'sanitize' => static fn( $value ) => Settings_Checks::within( 1, 30, $value, 10 ),
			),
			'push_budget_s'    => array(
				'tab'      => 'advanced',
				'default'  => 20,
				'sanitize' => static fn( $value ) => Settings_Checks::within( 5, 300, $value, 20 ),
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
				'sanitize' => static fn( $value ) => Settings_Checks::within( 1, 100, $value, 3 ),
			),
			'trusted_presets'  => array(
				'tab'      => 'advanced',
				'default'  => array(),
				'sanitize' => static fn( $value ) => array_values( array_intersect( Visitor_Address::PRESETS, is_array( $value ) ? $value : array() ) ),
			),
			'trusted_proxies'  => array(
				'tab'      => 'advanced',
				'default'  => array(),
				'sanitize' => array( Settings_Checks::class, 'ranges' ),
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
	 * Post types with public pages, by name.
	 *
	 * @return array<string, \WP_Post_Type>
	 */
	public static function choosable_post_types(): array {
		$types = array_filter( get_post_types( array(), 'objects' ), 'is_post_type_viewable' );
		unset( $types['attachment'] );
		return $types;
	}
}
