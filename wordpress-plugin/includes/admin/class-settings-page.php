<?php
/**
 * Settings page: Settings > RAG Ask.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The Settings API prints and saves the form; Status_Panel prints the status above it.
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
	 * Enqueue the style of the admin screens.
	 */
	public static function add_style(): void {
		wp_enqueue_style( 'rag-ask-admin', plugins_url( 'assets/admin.css', PLUGIN_FILE ), array(), VERSION );
	}

	/**
	 * Register every field with the Settings API.
	 */
	public static function register_fields(): void {
		add_settings_section( 'connection', __( 'Connection', 'rag-ask' ), array( self::class, 'explain_connection' ), self::SLUG );
		self::add_field( 'connection', 'connection_string', __( 'Connection string', 'rag-ask' ), 'connection_string' );
		self::add_field( 'connection', 'sidecar_url', __( 'Sidecar URL', 'rag-ask' ), 'part' );
		self::add_field( 'connection', 'site_id', __( 'Site id', 'rag-ask' ), 'part' );
		self::add_field( 'connection', 'secret', __( 'Secret', 'rag-ask' ), 'secret' );

		add_settings_section( 'content', __( 'Content', 'rag-ask' ), '__return_empty_string', self::SLUG );
		self::add_field( 'content', 'post_types', __( 'Post types to answer from', 'rag-ask' ), 'post_types', false );
		self::add_field( 'content', 'meta_keys', __( 'Custom fields', 'rag-ask' ), 'lines' );
		self::add_field( 'content', 'include_comments', __( 'Comments', 'rag-ask' ), 'switch' );
		self::add_field( 'content', 'index_private', __( 'Private posts', 'rag-ask' ), 'switch' );
		self::add_field( 'content', 'guest_check', __( 'Check what guests see', 'rag-ask' ), 'choice' );

		add_settings_section( 'texts', __( 'Texts of the ask box', 'rag-ask' ), array( self::class, 'explain_texts' ), self::SLUG );
		self::add_field( 'texts', 'text_label', __( 'Label', 'rag-ask' ), 'text' );
		self::add_field( 'texts', 'text_placeholder', __( 'Placeholder', 'rag-ask' ), 'text' );
		self::add_field( 'texts', 'text_button', __( 'Button', 'rag-ask' ), 'text' );
		self::add_field( 'texts', 'text_not_on_site', __( 'When there is no answer', 'rag-ask' ), 'text' );

		add_settings_section( 'questions', __( 'Questions', 'rag-ask' ), '__return_empty_string', self::SLUG );
		self::add_field( 'questions', 'question_days', __( 'Days to keep questions', 'rag-ask' ), 'number', true, 365, 0 );

		add_settings_section( 'limits', __( 'Limits', 'rag-ask' ), '__return_empty_string', self::SLUG );
		self::add_field( 'limits', 'batch_size', __( 'Posts per push', 'rag-ask' ), 'number', true, 50 );
		self::add_field( 'limits', 'timeout_s', __( 'Timeout of a request in seconds', 'rag-ask' ), 'number', true, 30 );
		self::add_field( 'limits', 'push_budget_s', __( 'Time budget of a push in seconds', 'rag-ask' ), 'number', true, 300 );
		self::add_field( 'limits', 'system_cron', __( 'System cron', 'rag-ask' ), 'switch' );
	}

	/**
	 * Print the page.
	 */
	public static function render(): void {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- only selects the tab to show.
		$is_questions = 'questions' === sanitize_key( wp_unslash( $_GET['tab'] ?? '' ) );
		echo '<div class="wrap rag-ask-admin"><h1>' . esc_html__( 'RAG Ask', 'rag-ask' ) . '</h1>';
		self::tabs( $is_questions ? 'questions' : '' );
		if ( $is_questions ) {
			Insights_Panel::render();
			echo '</div>';
			return;
		}
		Status_Panel::render();
		echo '<form method="post" action="' . esc_url( admin_url( 'options.php' ) ) . '">';
		settings_fields( Settings::GROUP );
		do_settings_sections( self::SLUG );
		submit_button();
		echo '</form></div>';
	}

	/**
	 * Explain where the connection string comes from.
	 */
	public static function explain_connection(): void {
		echo '<p>' . esc_html__( 'Run "rag-ask sites add" on the server of the sidecar and paste the line that it prints. It fills the three fields below.', 'rag-ask' ) . '</p>';
	}

	/**
	 * Explain what an empty text means.
	 */
	public static function explain_texts(): void {
		echo '<p>' . esc_html__( 'Leave a field empty for the default text.', 'rag-ask' ) . '</p>';
	}

	private static function tabs( string $current ): void {
		$tabs = array(
			''          => __( 'Status and settings', 'rag-ask' ),
			'questions' => __( 'Questions', 'rag-ask' ),
		);
		echo '<nav class="nav-tab-wrapper" aria-label="' . esc_attr__( 'RAG Ask', 'rag-ask' ) . '">';
		foreach ( $tabs as $tab => $label ) {
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

	private static function add_field( string $section, string $name, string $label, string $kind, bool $has_one_input = true, int $max = 0, int $min = 1 ): void {
		add_settings_field(
			$name,
			$label,
			array( Settings_Fields::class, $kind ),
			self::SLUG,
			$section,
			array(
				'name'      => $name,
				'max'       => $max,
				'min'       => $min,
				'label_for' => $has_one_input ? 'rag-ask-' . $name : '',
			)
		);
	}
}
