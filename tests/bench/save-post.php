<?php
/**
 * One request of `scripts/bench save-post`: /save?id=ID saves a post, any other path is a page of a visitor. With ?plugin=off it
 * runs without the plugin. The last line of the answer says what that cost.
 */

$is_on = 'off' !== ( $_GET['plugin'] ?? '' );
$path  = strtok( $_SERVER['REQUEST_URI'], '?' );

// Before WordPress is loaded: its own form of a filter that is there from the start.
$wp_filter = array(
	'pre_option_active_plugins' => array(
		10 => array(
			array(
				'function'      => static fn() => $is_on ? array( 'rag-ask/rag-ask.php' ) : array(),
				'accepted_args' => 0,
			),
		),
	),
	'pre_http_request'          => array(
		10 => array(
			array(
				'function'      => static function ( $answer ) {
					++$GLOBALS['bench_requests'];
					return $answer;
				},
				'accepted_args' => 1,
			),
		),
	),
);

$bench_requests         = 0;
$_SERVER['HTTP_HOST']   = 'shop.test';
$_SERVER['SERVER_NAME'] = 'shop.test';
define( 'RAG_ASK_CONNECTION', getenv( 'RAG_ASK_BENCH_CONNECTION' ) );

/** Microseconds of processor time of this process. */
function bench_cpu_us(): int {
	$used = getrusage();
	return 1000000 * ( $used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec'] ) + $used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec'];
}

$bench = array( hrtime( true ), bench_cpu_us(), 0 );

define( 'WP_USE_THEMES', true );
require dirname( __DIR__ ) . '/plugin/config.php';
require ABSPATH . 'wp-settings.php';

// The last moment before the plugin sends the answer and goes on after it.
add_action(
	'shutdown',
	static function () {
		list( $started, $cpu_us, $queries ) = $GLOBALS['bench'];

		$cost = array(
			'ms'       => ( hrtime( true ) - $started ) / 1e6,
			'cpu_ms'   => ( bench_cpu_us() - $cpu_us ) / 1e3,
			'queries'  => $GLOBALS['wpdb']->num_queries - $queries,
			'requests' => $GLOBALS['bench_requests'],
			'kb'       => memory_get_peak_usage() / 1e3,
		);
		echo "\n", wp_json_encode( $cost );
	},
	PHP_INT_MAX - 1,
	0
);

if ( '/save' === $path ) {
	$bench = array( hrtime( true ), bench_cpu_us(), $wpdb->num_queries );
	wp_update_post(
		array(
			'ID'           => (int) $_GET['id'],
			'post_content' => '<p>Baked at ' . wp_rand() . ' degrees.</p>' . str_repeat( '<p>The loaf rises for an hour on the warm shelf.</p>', 50 ),
		)
	);
} else {
	wp();
	require ABSPATH . WPINC . '/template-loader.php';
}
