<?php
/**
 * Settings page: Settings > RAG Ask, in tabs.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The Settings API prints and saves the settings of a tab; panels print the rest of it.
 */
final class Settings_Page {

	public const SLUG       = 'rag-ask';
	public const CAPABILITY = 'manage_options';

	/**
	 * Add the page below Settings.
	 */
	public static function add_to_menu(): void {
		$hook = add_options_page( __( 'RAG Ask', 'rag-ask' ), __( 'RAG Ask', 'rag-ask' ), self::CAPABILITY, self::SLUG, array( self::class, 'render' ) );
		add_action( 'admin_print_styles-' . $hook, array( self::class, 'add_style' ) );
		add_action( 'admin_print_scripts-' . $hook, array( Progress::class, 'add_script' ) );
		add_action( 'load-' . $hook, array( Index_Panel::class, 'add_screen_options' ) );
	}

	/**
	 * Add a link to the page in the list of plugins.
	 *
	 * @param string[] $links Links of this plugin.
	 */
	public static function add_link( array $links ): array {
		array_unshift( $links, sprintf( '<a href="%s">%s</a>', esc_url( self::url() ), esc_html__( 'Settings', 'rag-ask' ) ) );
		return $links;
	}

	/**
	 * URL of the page.
	 *
	 * @param string $tab Name of a tab, empty for the first.
	 */
	public static function url( string $tab = '' ): string {
		return admin_url( 'options-general.php?page=' . self::SLUG . ( '' === $tab ? '' : '&tab=' . $tab ) );
	}

	/**
	 * The tabs, in their order.
	 *
	 * @return array<string, string> Label by name.
	 */
	public static function tabs(): array {
		return array(
			''          => __( 'Overview', 'rag-ask' ),
			'content'   => __( 'Content', 'rag-ask' ),
			'box'       => __( 'Box', 'rag-ask' ),
			'questions' => __( 'Questions', 'rag-ask' ),
			'advanced'  => __( 'Advanced', 'rag-ask' ),
		);
	}

	/**
	 * The tab of this request.
	 */
	public static function current_tab(): string {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- only selects the tab to show.
		$tab = sanitize_key( wp_unslash( $_GET['tab'] ?? '' ) );
		return isset( self::tabs()[ $tab ] ) ? $tab : '';
	}

	/**
	 * Enqueue the style of the admin screens.
	 */
	public static function add_style(): void {
		wp_enqueue_style( 'rag-ask-admin', plugins_url( 'assets/admin.css', PLUGIN_FILE ), array(), VERSION );
	}

	/**
	 * Register every field with the Settings API. Settings::definitions() says on which tab a setting is.
	 */
	public static function register_fields(): void {
		self::add_section( 'content', 'content', __( 'What answers are made of', 'rag-ask' ) );
		self::add_field( 'content', 'post_types', __( 'Post types to answer from', 'rag-ask' ), 'post_types', false );
		self::add_field( 'content', 'meta_keys', __( 'Custom fields', 'rag-ask' ), 'lines' );
		self::add_field( 'content', 'linked_files', __( 'Documents that pages link to', 'rag-ask' ), 'switch' );
		self::add_field( 'content', 'include_comments', __( 'Comments', 'rag-ask' ), 'switch' );
		self::add_field( 'content', 'index_private', __( 'Private posts', 'rag-ask' ), 'switch' );
		self::add_field( 'content', 'guest_check', __( 'Check what guests see', 'rag-ask' ), 'choice' );

		self::add_section( 'box', 'texts', __( 'Texts of the ask box', 'rag-ask' ), __( 'Leave a field empty for the default text.', 'rag-ask' ) );
		self::add_field( 'texts', 'text_label', __( 'Label', 'rag-ask' ), 'text' );
		self::add_field( 'texts', 'text_placeholder', __( 'Placeholder', 'rag-ask' ), 'text' );
		self::add_field( 'texts', 'text_button', __( 'Button', 'rag-ask' ), 'text' );
		self::add_field( 'texts', 'text_not_on_site', __( 'When there is no answer', 'rag-ask' ), 'text' );
		self::add_field( 'texts', 'text_notice', __( 'Notice below the box', 'rag-ask' ), 'text' );

		Box_Fields::register();

		self::add_section( 'questions', 'questions', __( 'What is kept', 'rag-ask' ) );
		self::add_field( 'questions', 'question_days', __( 'Days to keep questions', 'rag-ask' ), 'number', true, 365, 0 );
		self::add_section( 'questions', 'digest', __( 'A mail each week', 'rag-ask' ) );
		self::add_field( 'digest', 'digest_to', __( 'Send it to', 'rag-ask' ), 'lines' );
		self::add_section( 'questions', 'money', __( 'What answers may cost', 'rag-ask' ) );
		self::add_field( 'money', 'daily_budget_usd', __( 'US dollars a day', 'rag-ask' ), 'amount' );
		self::add_field( 'money', 'site_model', __( 'Let the sidecar write answers with the AI connector of this site', 'rag-ask' ), 'switch' );

		self::add_section( 'advanced', 'limits', __( 'Sending', 'rag-ask' ) );
		self::add_field( 'limits', 'batch_size', __( 'Posts sent at once', 'rag-ask' ), 'number', true, 50 );
		self::add_field( 'limits', 'timeout_s', __( 'Seconds to wait for the sidecar', 'rag-ask' ), 'number', true, 30 );
		self::add_field( 'limits', 'push_budget_s', __( 'Seconds that sending may take', 'rag-ask' ), 'number', true, 300 );
		self::add_field( 'limits', 'system_cron', __( 'System cron', 'rag-ask' ), 'switch' );

		Reach_Panel::register_fields();
	}

	/**
	 * Print the page.
	 */
	public static function render(): void {
		$tab = self::current_tab();
		echo '<div class="wrap rag-ask-admin"><h1>' . esc_html__( 'RAG Ask', 'rag-ask' ) . '</h1>';
		self::navigation( $tab );
		match ( $tab ) {
			''          => self::overview(),
			'questions' => Insights_Panel::render(),
			'box'       => Box_Panel::render(),
			'advanced'  => self::advanced(),
			default     => null,
		};
		if ( '' !== $tab ) {
			self::form( $tab );
		}
		if ( 'content' === $tab ) {
			Index_Panel::render();
		}
		echo '</div>';
	}

	private static function overview(): void {
		Setup_Checklist::render();
		if ( 'try' !== Setup_Checklist::next() ) {
			Try_Panel::render();
		}
		Status_Panel::render();
		Address_Panel::render();
	}

	private static function advanced(): void {
		Connection_Panel::render();
		Reindex_Panel::render();
	}

	/**
	 * Print the settings of a tab.
	 *
	 * @param string $tab Name of the tab.
	 */
	private static function form( string $tab ): void {
		echo '<form method="post" action="' . esc_url( admin_url( 'options.php' ) ) . '">';
		settings_fields( Settings::GROUP );
		printf( '<input type="hidden" name="%s[tab]" value="%s">', esc_attr( Settings::OPTION ), esc_attr( $tab ) );
		do_settings_sections( self::page_of( $tab ) );
		submit_button();
		echo '</form>';
	}

	private static function navigation( string $current ): void {
		echo '<nav class="nav-tab-wrapper" aria-label="' . esc_attr__( 'RAG Ask', 'rag-ask' ) . '">';
		foreach ( self::tabs() as $tab => $label ) {
			printf(
				'<a href="%s" class="nav-tab%s"%s>%s</a>',
				esc_url( self::url( $tab ) ),
				$tab === $current ? ' nav-tab-active' : '',
				$tab === $current ? ' aria-current="page"' : '',
				esc_html( $label )
			);
		}
		echo '</nav>';
	}

	/**
	 * Add a section to a tab.
	 *
	 * @param string $tab     Name of the tab.
	 * @param string $section Name of the section.
	 * @param string $title   Its heading.
	 * @param string $text    A sentence below the heading, or empty.
	 */
	private static function add_section( string $tab, string $section, string $title, string $text = '' ): void {
		$explain = static fn() => '' === $text ? null : print( '<p>' . esc_html( $text ) . '</p>' );
		add_settings_section( $section, $title, $explain, self::page_of( $tab ) );
	}

	private static function add_field( string $section, string $name, string $label, string $kind, bool $has_one_input = true, int $max = 0, int $min = 1 ): void {
		add_settings_field(
			$name,
			$label,
			array( Settings_Fields::class, $kind ),
			self::page_of( Settings::definitions()[ $name ]['tab'] ),
			$section,
			array(
				'name'      => $name,
				'max'       => $max,
				'min'       => $min,
				'label_for' => $has_one_input ? 'rag-ask-' . $name : '',
			)
		);
	}

	/**
	 * The page of a tab, as the Settings API calls it.
	 *
	 * @param string $tab Name of the tab.
	 */
	public static function page_of( string $tab ): string {
		return self::SLUG . '-' . $tab;
	}
}
