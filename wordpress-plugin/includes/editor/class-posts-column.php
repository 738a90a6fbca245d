<?php
/**
 * Posts column: the state of each post in the lists of posts.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * One query for the whole list, and no request to the sidecar.
 */
final class Posts_Column {

	private const COLUMN = 'rag_ask';

	/**
	 * Outbox rows by post id, null before the first cell.
	 *
	 * @var array<int, \stdClass|null>|null
	 */
	private static ?array $rows = null;

	/**
	 * Add the column to the lists of the chosen types.
	 */
	public static function register(): void {
		foreach ( Settings::get( 'post_types' ) as $type ) {
			add_filter( "manage_{$type}_posts_columns", array( self::class, 'add' ) );
			add_action( "manage_{$type}_posts_custom_column", array( self::class, 'render' ), 10, 2 );
		}
		add_action( 'admin_print_styles-edit.php', array( Settings_Page::class, 'add_style' ) );
	}

	/**
	 * Add the column header.
	 *
	 * @param string[] $columns By key.
	 */
	public static function add( array $columns ): array {
		$columns[ self::COLUMN ] = __( 'RAG Ask', 'rag-ask' );
		return $columns;
	}

	/**
	 * Print a cell.
	 *
	 * @param string $column  Key of the column.
	 * @param int    $post_id The post of the row.
	 */
	public static function render( string $column, int $post_id ): void {
		$post = self::COLUMN === $column ? get_post( $post_id ) : null;
		if ( ! $post ) {
			return;
		}
		$state = Post_State::listed( $post, self::row( $post_id ) );
		printf(
			'<span class="rag-ask-badge is-%s">%s</span>%s',
			esc_attr( $state['state'] ),
			esc_html( Post_State::labels()[ $state['state'] ] ),
			'' === $state['reason'] ? '' : '<br><span class="rag-ask-reason">' . esc_html( $state['reason'] ) . '</span>'
		);
	}

	private static function row( int $post_id ): ?\stdClass {
		if ( null === self::$rows || ! array_key_exists( $post_id, self::$rows ) ) {
			// Quick edit prints one row in a request of its own, without a list.
			$listed     = array_map( static fn( $post ) => is_object( $post ) ? $post->ID : (int) $post, $GLOBALS['wp_query']->posts ?? array() );
			$post_ids   = array_unique( array( $post_id, ...$listed ) );
			self::$rows = Outbox_View::rows_of( $post_ids ) + array_fill_keys( $post_ids, null );
		}
		return self::$rows[ $post_id ];
	}
}
