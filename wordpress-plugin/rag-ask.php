<?php
/**
 * Plugin Name:       RAG Ask
 * Description:       Visitors ask this site a question in their own words and get an answer that quotes the site and links to the page.
 * Version:           0.1.0
 * Requires at least: 6.8
 * Requires PHP:      8.1
 * Author:            RAG Ask contributors
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       rag-ask
 * Domain Path:       /languages
 *
 * @package RagAsk
 */

namespace RagAsk;

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

// A version is a time in microseconds, which needs 64 bits.
if ( PHP_INT_SIZE < 8 ) {
	wp_trigger_error( '', 'RAG Ask needs a 64-bit PHP and stays off. Deactivate it, or move the site to a 64-bit PHP.' );
	return;
}

const VERSION     = '0.1.0';
const PLUGIN_FILE = __FILE__;

require_once __DIR__ . '/includes/load.php';

// The names of options and events are written out, so that no page of a visitor loads a class for its name. LoadTest compares them.
register_activation_hook( __FILE__, array( Installer::class, 'activate' ) );
register_deactivation_hook( __FILE__, array( Installer::class, 'deactivate' ) );
add_action( 'init', array( Installer::class, 'upgrade' ), 5 );
add_action( 'plugins_loaded', array( Guest_Mark::class, 'answer' ), PHP_INT_MIN );

// WRITE and REPAIR. Each hook costs a page memory, so a page that is only looked at has none of these before something is written.
if ( is_page_view() ) {
	Change_Hooks::add_at_first_write();
} else {
	Change_Hooks::add();
	add_background_hooks();
}
// Always, because core calls it before the write. At 20: after the form's own sanitizer.
add_filter( 'sanitize_option_rag_ask_connection', array( Stored_Key::class, 'hide' ), 20 );

// READ.
add_action( 'init', array( Ask_Box::class, 'register' ) );
add_action( 'wp_enqueue_scripts', array( Ask_Panel::class, 'enqueue' ) );
add_action( 'wp_footer', array( Ask_Panel::class, 'render' ) );
add_action( 'wp', array( Ask_Search::class, 'begin' ) );
add_action( 'rest_api_init', array( Ask_Search::class, 'add_to_templates' ) );

// For other programs: core calls these since WordPress 6.9, and only where one looks at the abilities of the site.
add_action( 'wp_abilities_api_categories_init', array( Abilities::class, 'register_category' ) );
add_action( 'wp_abilities_api_init', array( Abilities::class, 'register' ) );

// Core calls this since WordPress 7.0.
add_action( 'wp_connectors_init', array( Connector::class, 'register' ) );
add_filter( 'pre_option_rag_ask_connection_string', array( Connector::class, 'shown' ) );
add_filter( 'pre_update_option_rag_ask_connection_string', array( Connector::class, 'take' ), 10, 2 );

add_action( 'rest_api_init', __NAMESPACE__ . '\add_routes' );
if ( is_admin() ) {
	add_admin_hooks();
}
if ( is_multisite() ) {
	add_network_hooks();
}
if ( defined( 'WP_CLI' ) && WP_CLI ) {
	add_commands();
}

/**
 * Whether this request only shows a page or answers a read. What WP-Cron runs in the request of a visitor is none.
 */
function is_page_view(): bool {
	$is_read = in_array( $_SERVER['REQUEST_METHOD'] ?? '', array( 'GET', 'HEAD' ), true );
	$is_work = is_admin() || wp_doing_cron() || ( defined( 'WP_CLI' ) && WP_CLI ) || ( defined( 'ALTERNATE_WP_CRON' ) && ALTERNATE_WP_CRON );
	return $is_read && ! $is_work;
}

/**
 * What runs by events, and when settings or sites change.
 */
function add_background_hooks(): void {
	add_action( 'init', array( Note_Type::class, 'register' ) );
	add_action( 'send_headers', array( Ask_Plain::class, 'send_headers' ) );

	add_filter( 'cron_schedules', array( Push_Schedule::class, 'intervals' ) ); // phpcs:ignore WordPress.WP.CronInterval -- five minutes is a safety net with a small query.
	add_action( 'rag_ask_push', array( Push_Schedule::class, 'run' ) );
	add_action( 'rag_ask_push_safety', array( Guest_Verdict::class, 'queue_due' ), 5 );
	add_action( 'rag_ask_push_safety', array( Push_Schedule::class, 'run' ) );

	add_action( 'rag_ask_jobs', array( Job_Schedule::class, 'run' ) );
	add_action( 'rag_ask_push_safety', array( Job_Schedule::class, 'run' ) );
	add_action( 'rag_ask_push_safety', array( Sidecar_Status::class, 'refresh' ) );
	add_action( 'rag_ask_push_safety', array( Token_Check::class, 'refresh' ) );
	add_action( 'rag_ask_reconcile', array( Job_Schedule::class, 'run_nightly' ) );

	add_action( 'rag_ask_reconcile', array( Insights::class, 'refresh' ) );
	add_action( 'rag_ask_insights', array( Insights::class, 'refresh' ) );
	add_action( 'rag_ask_digest', array( Question_Digest::class, 'run' ) );
	add_action( 'transition_post_status', array( Question_Drafts::class, 'status_changed' ), 10, 3 );
	add_action( 'rag_ask_ask_again', array( Question_Drafts::class, 'ask_again' ), 10, 2 );

	add_action( 'update_option_rag_ask_settings', array( Insights::class, 'settings_changed' ), 10, 2 );
	add_action( 'update_option_rag_ask_connection', array( Insights::class, 'connection_changed' ) );
}

/**
 * The routes of the REST API: the visitor's token, then those of owners and authors.
 */
function add_routes(): void {
	Token_Route::register();
	Ask_Proxy::register();
	Ask_Failures::register_route();
	Ask_Found::register_route();
	Reach::register_route();
	Progress::register_route();
	Site_Health::register_route();
	Exclude_Switch::register_meta();
	Exclude_Switch::register_field();
	Panel_Switch::register_field();
	Editor_Panel::register_route();
	Ask_Post::register_route();
	Model_Route::register();
}

/**
 * The screens of owners and authors.
 */
function add_admin_hooks(): void {
	add_action( 'admin_init', array( Settings::class, 'register' ) );
	add_action( 'admin_init', array( Settings_Page::class, 'register_fields' ) );
	add_action( 'admin_init', array( Push_Schedule::class, 'ensure_event' ) );
	add_action( 'admin_init', array( Job_Schedule::class, 'ensure_event' ) );
	add_action( 'admin_init', array( Question_Digest::class, 'ensure_event' ) );
	add_action( 'admin_menu', array( Settings_Page::class, 'add_to_menu' ) );
	add_filter( 'set_screen_option_rag_ask_documents_per_page', array( Index_Panel::class, 'save_screen_option' ), 10, 3 );
	add_action( 'admin_post_rag_ask', array( Admin_Actions::class, 'handle' ) );
	add_filter( 'plugin_action_links_' . plugin_basename( __FILE__ ), array( Settings_Page::class, 'add_link' ) );
	add_action( 'admin_notices', array( Admin_Notice::class, 'render' ) );
	add_filter( 'site_status_tests', array( Site_Health::class, 'add_tests' ) );
	add_filter( 'site_status_tests', array( Upkeep_Health::class, 'add_tests' ) );
	add_filter( 'site_status_tests', array( Failure_Health::class, 'add_test' ) );
	add_filter( 'debug_information', array( Site_Health::class, 'add_debug_section' ) );

	add_action( 'admin_enqueue_scripts', array( Command_Palette::class, 'add_script' ) );
	add_action( 'admin_enqueue_scripts', array( Reach_Panel::class, 'add_script' ) );
	add_action( 'admin_footer-site-health.php', static fn() => Reach_Panel::render_unseen( true ) );
	add_action( 'admin_footer-settings_page_' . Settings_Page::SLUG, static fn() => Reach_Panel::render_unseen() );
	add_filter( 'site_status_tests', array( Reach_Health::class, 'add_test' ) );

	add_action( 'admin_init', array( Privacy_Text::class, 'add' ) );
	add_filter( 'wp_privacy_personal_data_exporters', array( Personal_Data::class, 'add_exporter' ) );
	add_filter( 'wp_privacy_personal_data_erasers', array( Personal_Data::class, 'add_eraser' ) );

	add_action( 'wp_insert_post', array( Question_Drafts::class, 'begun' ), 10, 3 );
	add_filter( 'default_content', array( Question_Drafts::class, 'content' ), 10, 2 );
	add_filter( 'default_content', array( Note_Screen::class, 'content' ), 10, 2 );
	add_filter( 'default_excerpt', array( Note_Screen::class, 'excerpt' ), 10, 2 );
	add_action( 'add_meta_boxes_rag_ask_note', array( Note_Screen::class, 'add_boxes' ) );
	add_filter( 'wp_insert_post_data', array( Note_Screen::class, 'save' ), 10, 2 );
	add_action( 'admin_notices', array( Note_Screen::class, 'notice' ) );
	add_filter( 'enter_title_here', array( Note_Screen::class, 'title_hint' ), 10, 2 );
	add_filter( 'post_updated_messages', array( Note_Screen::class, 'messages' ) );
	add_filter( 'manage_rag_ask_note_posts_columns', array( Note_Screen::class, 'columns' ) );
	add_action( 'manage_rag_ask_note_posts_custom_column', array( Note_Screen::class, 'cell' ), 10, 2 );

	add_action( 'admin_init', array( Posts_Column::class, 'register' ) );
	add_action( 'admin_init', array( Exclude_Switch::class, 'register_meta' ) );
	add_action( 'add_meta_boxes', array( Exclude_Switch::class, 'add_box' ) );
	add_action( 'save_post', array( Exclude_Switch::class, 'save_box' ) );
	add_action( 'enqueue_block_editor_assets', array( Editor_Panel::class, 'enqueue' ) );
}

/**
 * The commands of WP-CLI.
 */
function add_commands(): void {
	\WP_CLI::add_command( 'rag-ask', CLI::class );
	foreach ( array( 'status', 'ask', 'questions', 'doctor' ) as $name ) {
		\WP_CLI::add_command( "rag-ask $name", array( CLI_Reports::class, $name ) );
	}
	\WP_CLI::add_command( 'rag-ask index', CLI_Index::class );
}

/**
 * Networks of sites.
 */
function add_network_hooks(): void {
	add_filter( 'wpmu_drop_tables', array( Installer::class, 'add_table' ), 10, 2 );
	// At 5, because core drops the tables of a deleted site at 10.
	add_action( 'wp_uninitialize_site', array( Network::class, 'site_deleted' ), 5 );
	foreach ( array( 'archive_blog', 'make_spam_blog', 'make_delete_blog' ) as $hook ) {
		add_action( $hook, array( Network::class, 'site_closed' ) );
	}
	foreach ( array( 'unarchive_blog', 'make_ham_blog', 'make_undelete_blog' ) as $hook ) {
		add_action( $hook, array( Network::class, 'site_reopened' ) );
	}
	add_action( 'rag_ask_purge', array( Network::class, 'purge_closed' ) );
	add_action( 'rag_ask_push_safety', array( Network::class, 'purge_closed' ) );
}
