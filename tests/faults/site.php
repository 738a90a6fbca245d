<?php
/**
 * One process of the WordPress that the fault tests break: php site.php VERB [ARGUMENT ...]
 *
 * The tests kill it; what it prints is written at once.
 */

use RagAsk\Connection;
use RagAsk\Database;
use RagAsk\Outbox;
use RagAsk\Pusher;
use RagAsk\Reconcile;

require __DIR__ . '/../plugin/config.php';
require ABSPATH . 'wp-settings.php';

/** A sentence that no other post holds, and no earlier revision of this one. */
function sentence(): string {
	$word = '';
	for ( $number = mt_rand(); $number > 0; $number = intdiv( $number, 80 ) ) {
		$word .= 'bdfgklmnprstvwzh'[ $number % 16 ] . 'aeiou'[ intdiv( $number, 16 ) % 5 ];
	}
	return "The $word lamp stands in room " . mt_rand( 100, 999 ) . ' of the old house.';
}

/** @return int[] */
function every_post(): array {
	global $wpdb;
	return array_map( 'intval', $wpdb->get_col( "SELECT ID FROM {$wpdb->posts} WHERE post_type = 'post' ORDER BY ID" ) );
}

function write( array $fields ): int {
	$sentence = sentence();
	echo $sentence, "\n";
	flush();
	return (int) wp_insert_post( array( 'post_status' => 'publish', 'post_title' => 'A lamp', 'post_content' => "<p>$sentence</p>" ) + $fields, true );
}

/** What authors do all day, at random. */
function edit( int $count, int $seed ): void {
	mt_srand( $seed );
	$posts = every_post();
	for ( $done = 0; $done < $count; $done++ ) {
		$post_id = $posts ? $posts[ mt_rand( 0, count( $posts ) - 1 ) ] : 0;
		$choice  = $post_id ? mt_rand( 0, 19 ) : 0;
		if ( $choice < 9 ) {
			$posts[] = write( array() );
		} elseif ( $choice < 13 ) {
			write( array( 'ID' => $post_id ) );
		} elseif ( $choice < 15 ) {
			wp_trash_post( $post_id );
		} elseif ( 15 === $choice ) {
			wp_untrash_post( $post_id );
		} elseif ( 16 === $choice ) {
			wp_delete_post( $post_id, true );
			$posts = array_values( array_diff( $posts, array( $post_id ) ) );
		} elseif ( 17 === $choice ) {
			wp_update_post( array( 'ID' => $post_id, 'post_status' => 'draft' ) );
		} elseif ( 18 === $choice ) {
			wp_update_post( array( 'ID' => $post_id, 'post_password' => 'secret' ) );
		} else {
			wp_update_post( array( 'ID' => $post_id, 'post_status' => 'publish', 'post_password' => '' ) );
		}
	}
}

/** Publish one post and die before anything is pushed, as a server that loses power does. */
function publish_and_die(): void {
	add_action( 'wp_after_insert_post', static fn() => posix_kill( getmypid(), SIGKILL ), PHP_INT_MAX );
	write( array() );
}

/** What visitors can read: id -> text. */
function public_posts(): array {
	global $wpdb;
	$rows = $wpdb->get_results( "SELECT ID, post_content FROM {$wpdb->posts} WHERE post_status = 'publish' AND post_password = '' AND post_type IN ('post', 'page')" );
	return array_map( 'wp_strip_all_tags', array_column( $rows, 'post_content', 'ID' ) );
}

function connect( string $connection_string ): void {
	$connection = Connection::parse( $connection_string );
	update_option( Connection::OPTION, array( 'sidecar_url' => $connection->sidecar_url, 'site_id' => $connection->site_id, 'secret' => "$connection->kid.$connection->key" ) );
}

/** Take an export as the importer of the local site does. */
function import_export( string $file ): void {
	require_once __DIR__ . '/../../wp-env/mu-plugins/rag-ask-dev/wxr.php';
	wp_set_current_user( 1 );
	RagAsk\Dev\import_wxr( file_get_contents( $file ), 0, 10_000 );
}

function words_of( string $html ): string {
	// What is struck out the page says no more; players and forms say nothing.
	$html = preg_replace( '#<(del|s|strike|noscript|audio|video|button|textarea|form)\b.*?</\1>#is', '', $html );
	// Words are not glued together where a block ends.
	$html = preg_replace( '#<(?=/?(?:address|blockquote|br|dd|div|dt|fig|h\d|li|p|pre|t[dhr])\b|/?fig)#i', ' <', $html );
	return html_entity_decode( wp_strip_all_tags( $html ), ENT_QUOTES | ENT_HTML5 );
}

/** Every post and page: whether anybody may read it, and what its author wrote. */
function texts(): array {
	$texts = array();
	foreach ( get_posts( array( 'post_type' => array( 'post', 'page' ), 'post_status' => 'any', 'numberposts' => -1 ) ) as $post ) {
		$texts[ $post->ID ] = array(
			'is_public' => 'publish' === $post->post_status && '' === $post->post_password,
			'text'      => words_of( strip_shortcodes( $post->post_content ) ),
		);
	}
	return $texts;
}

/** The time of every scheduled post comes, and WordPress publishes it. */
function make_due(): array {
	global $wpdb;
	$post_ids = get_posts( array( 'post_status' => 'future', 'fields' => 'ids', 'numberposts' => -1 ) );
	foreach ( $post_ids as $post_id ) {
		$wpdb->update( $wpdb->posts, array( 'post_date' => current_time( 'mysql' ), 'post_date_gmt' => current_time( 'mysql', true ) ), array( 'ID' => $post_id ) );
		clean_post_cache( $post_id );
		do_action( 'publish_future_post', $post_id );
	}
	return $post_ids;
}

/** WordPress comes with a post and a page of its own. */
function make_empty(): void {
	foreach ( get_posts( array( 'post_type' => 'any', 'post_status' => 'any', 'fields' => 'ids' ) ) as $post_id ) {
		wp_delete_post( $post_id, true );
	}
}

/** Every wait of the outbox is over: backoff, leases of the dead, their lock. */
function time_passes(): void {
	global $wpdb;
	Database::query( 'UPDATE ' . Outbox::table() . " SET next_attempt_at = 0, leased_until = CASE WHEN lease_id = '' THEN 0 ELSE 1 END" );
	Database::query( "UPDATE {$wpdb->options} SET option_value = '1000000000 past' WHERE option_name LIKE 'rag\_ask\_%lock'" );
}

/** Compare everything and queue what differs; "drift" is how many posts did. */
function reconcile(): array {
	Reconcile::start();
	$error = Reconcile::step( INF, true );
	$found = Reconcile::result();
	return array( 'error' => $error?->get_error_message() ) + $found + array( 'drift' => $found['missing'] + $found['stale'] + $found['extra'] );
}

$arguments = array_slice( $argv, 2 );
$result    = match ( $argv[1] ) {
	'import'          => import_export( ...$arguments ),
	'texts'           => texts(),
	'make-due'        => make_due(),
	'make-empty'      => make_empty(),
	'connect'         => connect( ...$arguments ),
	'edit'            => edit( ...array_map( 'intval', $arguments ) ),
	'publish-and-die' => publish_and_die(),
	'public-posts'    => public_posts(),
	'time-passes'     => time_passes(),
	'push'            => Pusher::push( INF ),
	'reconcile'       => reconcile(),
	'outbox'          => Outbox::counts(),
};
if ( null !== $result ) {
	echo wp_json_encode( $result ), "\n";
}
