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

require_once __DIR__ . '/includes/class-connection.php';
require_once __DIR__ . '/includes/class-stored-key.php';
require_once __DIR__ . '/includes/class-settings.php';
require_once __DIR__ . '/includes/class-log.php';
require_once __DIR__ . '/includes/class-database.php';
require_once __DIR__ . '/includes/class-installer.php';

// WRITE 1: WordPress hook -> outbox row.
require_once __DIR__ . '/includes/watch/class-change-hooks.php';
require_once __DIR__ . '/includes/watch/class-watch.php';
require_once __DIR__ . '/includes/watch/class-post-watcher.php';
require_once __DIR__ . '/includes/watch/class-cache-watcher.php';
require_once __DIR__ . '/includes/watch/class-term-watcher.php';
require_once __DIR__ . '/includes/watch/class-meta-watcher.php';
require_once __DIR__ . '/includes/watch/class-shop-watcher.php';
require_once __DIR__ . '/includes/watch/class-people-watcher.php';
require_once __DIR__ . '/includes/watch/class-site-watcher.php';
require_once __DIR__ . '/includes/watch/class-file-watcher.php';

// WRITE 2: outbox row -> claim -> push request.
require_once __DIR__ . '/includes/push/class-outbox.php';
require_once __DIR__ . '/includes/push/class-push-schedule.php';
require_once __DIR__ . '/includes/push/class-push-lock.php';
require_once __DIR__ . '/includes/push/class-pusher.php';
require_once __DIR__ . '/includes/push/class-unwritten.php';
require_once __DIR__ . '/includes/push/class-lease.php';
require_once __DIR__ . '/includes/push/class-expander.php';
require_once __DIR__ . '/includes/push/class-change-encoder.php';
require_once __DIR__ . '/includes/push/class-push-request.php';
require_once __DIR__ . '/includes/push/class-push-results.php';
require_once __DIR__ . '/includes/push/class-row-outcome.php';
require_once __DIR__ . '/includes/push/class-push-log.php';
require_once __DIR__ . '/includes/push/class-outbox-view.php';

// WRITE 3: post -> document.
require_once __DIR__ . '/includes/content/class-content-scan.php';
require_once __DIR__ . '/includes/content/class-post-relations.php';
require_once __DIR__ . '/includes/content/eligibility.php';
require_once __DIR__ . '/includes/content/payload.php';
require_once __DIR__ . '/includes/content/document-parts.php';
require_once __DIR__ . '/includes/content/pages.php';
require_once __DIR__ . '/includes/content/rendering.php';
require_once __DIR__ . '/includes/content/main-query.php';
require_once __DIR__ . '/includes/content/shortcodes.php';
require_once __DIR__ . '/includes/content/visibility.php';
require_once __DIR__ . '/includes/content/class-audience.php';

// WRITE 3: products, events and custom fields -> lines of a document.
require_once __DIR__ . '/includes/fields/fields.php';
require_once __DIR__ . '/includes/fields/products.php';
require_once __DIR__ . '/includes/fields/events.php';
require_once __DIR__ . '/includes/fields/chosen-fields.php';
require_once __DIR__ . '/includes/fields/acf-fields.php';
require_once __DIR__ . '/includes/fields/field-plugins.php';
require_once __DIR__ . '/includes/fields/references.php';
require_once __DIR__ . '/includes/fields/dates.php';

// WRITE 3: PDF and office files that posts link to.
require_once __DIR__ . '/includes/files/linked-files.php';
require_once __DIR__ . '/includes/files/class-file-links.php';
require_once __DIR__ . '/includes/files/file-document.php';

// WRITE 3: what guests see of it.
require_once __DIR__ . '/includes/guest/guest-check.php';
require_once __DIR__ . '/includes/guest/class-guest-doubt.php';
require_once __DIR__ . '/includes/guest/guest-pages.php';
require_once __DIR__ . '/includes/guest/class-guest-request.php';
require_once __DIR__ . '/includes/guest/class-guest-mark.php';
require_once __DIR__ . '/includes/guest/class-guest-access.php';
require_once __DIR__ . '/includes/guest/class-guest-answer.php';
require_once __DIR__ . '/includes/guest/words.php';
require_once __DIR__ . '/includes/guest/class-page-words.php';
require_once __DIR__ . '/includes/guest/class-seen-text.php';
require_once __DIR__ . '/includes/guest/main-content.php';
require_once __DIR__ . '/includes/guest/class-guest-verdict.php';

// WRITE 4: signed requests to the sidecar.
require_once __DIR__ . '/includes/sidecar/class-address.php';
require_once __DIR__ . '/includes/sidecar/class-clock.php';
require_once __DIR__ . '/includes/sidecar/class-incarnation.php';
require_once __DIR__ . '/includes/sidecar/class-signer.php';
require_once __DIR__ . '/includes/sidecar/class-sidecar.php';
require_once __DIR__ . '/includes/sidecar/class-backoff.php';
require_once __DIR__ . '/includes/sidecar/class-stored-copy.php';
require_once __DIR__ . '/includes/sidecar/class-sidecar-status.php';
require_once __DIR__ . '/includes/sidecar/class-insights.php';
require_once __DIR__ . '/includes/sidecar/class-purge.php';

// REPAIR: reindex and reconcile.
require_once __DIR__ . '/includes/repair/class-job.php';
require_once __DIR__ . '/includes/repair/class-job-schedule.php';
require_once __DIR__ . '/includes/repair/class-estimate.php';
require_once __DIR__ . '/includes/repair/class-reindex.php';
require_once __DIR__ . '/includes/repair/class-reconcile-page.php';
require_once __DIR__ . '/includes/repair/class-reconcile.php';

// READ: how a visitor's question reaches the sidecar.
require_once __DIR__ . '/includes/reach/class-ip-address.php';
require_once __DIR__ . '/includes/reach/class-visitor-address.php';
require_once __DIR__ . '/includes/reach/class-way.php';
require_once __DIR__ . '/includes/reach/class-reach.php';
require_once __DIR__ . '/includes/reach/class-proxy-slots.php';
require_once __DIR__ . '/includes/reach/class-relay.php';
require_once __DIR__ . '/includes/reach/class-ask-proxy.php';

// READ: ask box -> visitor token.
require_once __DIR__ . '/includes/ask/class-token-limits.php';
require_once __DIR__ . '/includes/ask/class-token-route.php';
require_once __DIR__ . '/includes/ask/class-token-check.php';
require_once __DIR__ . '/includes/ask/class-box-script.php';
require_once __DIR__ . '/includes/ask/class-ask-box.php';
require_once __DIR__ . '/includes/ask/class-ask-texts.php';
require_once __DIR__ . '/includes/ask/class-ask-markup.php';
require_once __DIR__ . '/includes/ask/class-ask-plain.php';
require_once __DIR__ . '/includes/ask/class-ask-panel.php';
require_once __DIR__ . '/includes/ask/class-ask-search.php';

// Screens of the site owner.
require_once __DIR__ . '/includes/admin/class-settings-page.php';
require_once __DIR__ . '/includes/admin/class-settings-fields.php';
require_once __DIR__ . '/includes/admin/class-task-form.php';
require_once __DIR__ . '/includes/admin/class-reach-panel.php';
require_once __DIR__ . '/includes/admin/class-reach-health.php';
require_once __DIR__ . '/includes/admin/class-box-fields.php';
require_once __DIR__ . '/includes/admin/class-connection-form.php';
require_once __DIR__ . '/includes/admin/class-connection-panel.php';
require_once __DIR__ . '/includes/admin/class-setup-checklist.php';
require_once __DIR__ . '/includes/admin/class-try-panel.php';
require_once __DIR__ . '/includes/admin/class-box-places.php';
require_once __DIR__ . '/includes/admin/class-box-panel.php';
require_once __DIR__ . '/includes/admin/class-index-query.php';
require_once __DIR__ . '/includes/admin/class-address-panel.php';
require_once __DIR__ . '/includes/admin/class-status-panel.php';
require_once __DIR__ . '/includes/admin/class-problem-list.php';
require_once __DIR__ . '/includes/admin/class-reindex-panel.php';
require_once __DIR__ . '/includes/admin/class-progress.php';
require_once __DIR__ . '/includes/admin/class-insights-panel.php';
require_once __DIR__ . '/includes/admin/class-privacy-text.php';
require_once __DIR__ . '/includes/admin/class-personal-data.php';
require_once __DIR__ . '/includes/admin/class-admin-actions.php';
require_once __DIR__ . '/includes/admin/class-health.php';
require_once __DIR__ . '/includes/admin/class-site-health.php';
require_once __DIR__ . '/includes/admin/class-admin-notice.php';

// Screens of the authors.
require_once __DIR__ . '/includes/editor/class-post-state.php';
require_once __DIR__ . '/includes/editor/class-posts-column.php';
require_once __DIR__ . '/includes/editor/class-exclude-switch.php';
require_once __DIR__ . '/includes/editor/class-panel-switch.php';
require_once __DIR__ . '/includes/editor/class-editor-panel.php';
require_once __DIR__ . '/includes/editor/class-ask-post.php';

// Networks of sites.
require_once __DIR__ . '/includes/class-network.php';

register_activation_hook( __FILE__, array( Installer::class, 'activate' ) );
register_deactivation_hook( __FILE__, array( Installer::class, 'deactivate' ) );
add_action( 'init', array( Installer::class, 'upgrade' ), 5 );
add_filter( 'wpmu_drop_tables', array( Installer::class, 'add_table' ), 10, 2 );

// WRITE.
Change_Hooks::add();
add_action( 'init', __NAMESPACE__ . '\register_exclude_meta' );

add_action( 'plugins_loaded', array( Guest_Mark::class, 'answer' ), PHP_INT_MIN );
add_action( Push_Schedule::SAFETY, array( Guest_Verdict::class, 'queue_due' ), 5 );

add_filter( 'cron_schedules', array( Push_Schedule::class, 'intervals' ) ); // phpcs:ignore WordPress.WP.CronInterval -- five minutes is a safety net with a small query.
add_action( Pusher::EVENT, array( Push_Schedule::class, 'run' ) );
add_action( Push_Schedule::SAFETY, array( Push_Schedule::class, 'run' ) );

add_action( Job_Schedule::SOON, array( Job_Schedule::class, 'run' ) );
add_action( Push_Schedule::SAFETY, array( Job_Schedule::class, 'run' ) );
add_action( Push_Schedule::SAFETY, array( Sidecar_Status::class, 'refresh' ) );
add_action( Push_Schedule::SAFETY, array( Token_Check::class, 'refresh' ) );
add_action( Job_Schedule::NIGHTLY, array( Job_Schedule::class, 'run_nightly' ) );

// READ.
add_action( 'rest_api_init', array( Token_Route::class, 'register' ) );
add_action( 'rest_api_init', array( Ask_Proxy::class, 'register' ) );
add_action( 'rest_api_init', array( Reach::class, 'register_route' ) );
add_action( 'init', array( Ask_Box::class, 'register' ) );
add_action( 'send_headers', array( Ask_Plain::class, 'send_headers' ) );
add_action( 'wp_enqueue_scripts', array( Ask_Panel::class, 'enqueue' ) );
add_action( 'wp_footer', array( Ask_Panel::class, 'render' ) );
add_action( 'wp_enqueue_scripts', array( Ask_Search::class, 'enqueue' ) );
add_filter( 'hooked_block_types', array( Ask_Search::class, 'hook' ), 10, 4 );
add_filter( 'hooked_block_' . Ask_Box::BLOCK, array( Ask_Search::class, 'set_form' ), 10, 5 );
add_action( 'loop_start', array( Ask_Search::class, 'print_above' ) );
add_filter( 'get_search_form', array( Ask_Search::class, 'add_to_form' ) );

add_action( 'admin_init', array( Settings::class, 'register' ) );
add_action( 'admin_init', array( Settings_Page::class, 'register_fields' ) );
add_action( 'admin_enqueue_scripts', array( Reach_Panel::class, 'add_script' ) );
add_action( 'admin_footer-site-health.php', static fn() => Reach_Panel::render_unseen( true ) );
add_action( 'admin_footer-settings_page_' . Settings_Page::SLUG, static fn() => Reach_Panel::render_unseen() );
add_filter( 'site_status_tests', array( Reach_Health::class, 'add_test' ) );
add_action( 'admin_init', array( Push_Schedule::class, 'ensure_event' ) );
add_action( 'admin_init', array( Job_Schedule::class, 'ensure_event' ) );
add_action( 'admin_menu', array( Settings_Page::class, 'add_to_menu' ) );
add_action( 'admin_post_' . Admin_Actions::ACTION, array( Admin_Actions::class, 'handle' ) );
add_filter( 'plugin_action_links_' . plugin_basename( __FILE__ ), array( Settings_Page::class, 'add_link' ) );
add_action( 'rest_api_init', array( Progress::class, 'register_route' ) );
add_action( Job_Schedule::NIGHTLY, array( Insights::class, 'refresh' ) );
add_action( Insights::SOON, array( Insights::class, 'refresh' ) );
add_action( 'update_option_' . Settings::OPTION, array( Insights::class, 'settings_changed' ), 10, 2 );
// After the form's own sanitizer.
add_filter( 'sanitize_option_' . Connection::OPTION, array( Stored_Key::class, 'hide' ), 20 );
add_action( 'update_option_' . Connection::OPTION, array( Insights::class, 'connection_changed' ) );
add_action( 'admin_init', array( Privacy_Text::class, 'add' ) );
add_filter( 'wp_privacy_personal_data_exporters', array( Personal_Data::class, 'add_exporter' ) );
add_filter( 'wp_privacy_personal_data_erasers', array( Personal_Data::class, 'add_eraser' ) );
add_action( 'admin_notices', array( Admin_Notice::class, 'render' ) );
add_filter( 'site_status_tests', array( Site_Health::class, 'add_tests' ) );
add_filter( 'debug_information', array( Site_Health::class, 'add_debug_section' ) );
add_action( 'rest_api_init', array( Site_Health::class, 'register_route' ) );

add_action( 'admin_init', array( Posts_Column::class, 'register' ) );
add_action( 'rest_api_init', array( Exclude_Switch::class, 'register_field' ) );
add_action( 'rest_api_init', array( Panel_Switch::class, 'register_field' ) );
add_action( 'add_meta_boxes', array( Exclude_Switch::class, 'add_box' ) );
add_action( 'save_post', array( Exclude_Switch::class, 'save_box' ) );
add_action( 'rest_api_init', array( Editor_Panel::class, 'register_route' ) );
add_action( 'rest_api_init', array( Ask_Post::class, 'register_route' ) );
add_action( 'enqueue_block_editor_assets', array( Editor_Panel::class, 'enqueue' ) );

// At 5, because core drops the tables of a deleted site at 10.
add_action( 'wp_uninitialize_site', array( Network::class, 'site_deleted' ), 5 );
foreach ( array( 'archive_blog', 'make_spam_blog', 'make_delete_blog' ) as $hook ) {
	add_action( $hook, array( Network::class, 'site_closed' ) );
}
foreach ( array( 'unarchive_blog', 'make_ham_blog', 'make_undelete_blog' ) as $hook ) {
	add_action( $hook, array( Network::class, 'site_reopened' ) );
}
add_action( Network::EVENT, array( Network::class, 'purge_closed' ) );
add_action( Push_Schedule::SAFETY, array( Network::class, 'purge_closed' ) );

if ( defined( 'WP_CLI' ) && WP_CLI ) {
	require_once __DIR__ . '/includes/class-cli.php';
	\WP_CLI::add_command( 'rag-ask', CLI::class );
}
