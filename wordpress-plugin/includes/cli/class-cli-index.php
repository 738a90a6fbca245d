<?php
/**
 * The command `wp rag-ask index list`.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Lists the posts that may be indexed, each with its state and reason.
 */
final class CLI_Index {

	/**
	 * Lists the posts that may be indexed, those that changed last first.
	 *
	 * ## OPTIONS
	 *
	 * [--state=<state>]
	 * : Only posts in this state.
	 * ---
	 * options:
	 *   - indexed
	 *   - waiting
	 *   - failed
	 *   - excluded
	 * ---
	 *
	 * [--search=<words>]
	 * : Only posts with these words in their title.
	 *
	 * [--limit=<number>]
	 * : How many at most.
	 * ---
	 * default: 100
	 * ---
	 *
	 * [--format=<format>]
	 * : How to print the list. The count is that of all posts, whatever the limit.
	 * ---
	 * default: table
	 * options:
	 *   - table
	 *   - json
	 *   - csv
	 *   - count
	 * ---
	 *
	 * @subcommand list
	 *
	 * @param string[] $args    None.
	 * @param array    $options The options.
	 */
	public function list_posts( array $args, array $options ): void {
		$limit = max( 1, (int) ( $options['limit'] ?? 100 ) );
		$page  = Index_Query::page( (string) ( $options['state'] ?? '' ), (string) ( $options['search'] ?? '' ), 'changed', false, $limit, 0 );
		if ( 'count' === ( $options['format'] ?? '' ) ) {
			\WP_CLI::line( (string) $page['total'] );
			return;
		}
		$outbox = Outbox_View::rows_of( $page['ids'] );
		$rows   = array();
		foreach ( array_filter( array_map( 'get_post', $page['ids'] ) ) as $post ) {
			$state  = Post_State::listed( $post, $outbox[ $post->ID ] ?? null );
			$rows[] = array( $post->ID, $post->post_title, $post->post_type, $state['state'], $state['reason'], $post->post_modified_gmt );
		}
		CLI_Reports::print( $options, array( 'id', 'title', 'type', 'state', 'reason', 'changed' ), $rows );
	}
}
