<?php
/**
 * Index list: every post that may be indexed, with its state and its reason.
 *
 * @package RagAsk
 */

namespace RagAsk;

require_once dirname( __DIR__, 2 ) . '/functions.php';
require_once ABSPATH . 'wp-admin/includes/class-wp-list-table.php';

/**
 * Part of the tab Content. It is in a form of its own (Index_Panel), whose buttons are tasks.
 */
final class Index_List extends \WP_List_Table {

	public const PER_PAGE = 'rag_ask_documents_per_page';

	/** The parameters of a request that say which part of the list it shows. */
	public const ASKED = array( 'state', 's', 'orderby', 'order', 'paged' );

	private const DEFAULT_PER_PAGE = 20;

	/**
	 * Outbox rows by post id.
	 *
	 * @var array<int, \stdClass>
	 */
	private array $rows = array();

	/**
	 * A list without items.
	 */
	public function __construct() {
		parent::__construct(
			array(
				'singular' => 'document',
				'plural'   => 'documents',
				'ajax'     => false,
			)
		);
	}

	/**
	 * Read the page of the list that the request names.
	 */
	public function prepare_items(): void {
		$per_page = $this->get_items_per_page( self::PER_PAGE, self::DEFAULT_PER_PAGE );
		$read     = fn(): array => Index_Query::page( self::state(), self::asked_for( 's' ), self::asked_for( 'orderby' ), 'asc' === self::asked_for( 'order' ), $per_page, $per_page * ( $this->get_pagenum() - 1 ) );
		$page     = $read();
		$this->set_pagination_args(
			array(
				'total_items' => $page['total'],
				'per_page'    => $per_page,
			)
		);
		// Past the end, as a search from a later page may be, core takes the last page once it knows the total.
		$page        = $page['ids'] ? $page : $read();
		$this->items = array_filter( array_map( 'get_post', $page['ids'] ) );
		$this->rows  = Outbox_View::rows_of( $page['ids'] );
	}

	/**
	 * The columns.
	 *
	 * @return array<string, string>
	 */
	public function get_columns(): array {
		return array(
			'cb'      => '<input type="checkbox">',
			'title'   => __( 'Title', 'rag-ask' ),
			'type'    => __( 'Type', 'rag-ask' ),
			'state'   => __( 'State', 'rag-ask' ),
			'reason'  => __( 'Reason', 'rag-ask' ),
			'changed' => __( 'Last change', 'rag-ask' ),
		);
	}

	/**
	 * Text of an empty list.
	 */
	public function no_items(): void {
		esc_html_e( 'No post is in this list.', 'rag-ask' );
	}

	/**
	 * Columns that sort the list.
	 *
	 * @return array<string, array>
	 */
	protected function get_sortable_columns(): array {
		return array(
			'title'   => array( 'title', false ),
			'type'    => array( 'type', false ),
			'state'   => array( 'state', false ),
			'changed' => array( 'changed', true, '', __( 'Those that changed last come first.', 'rag-ask' ), 'desc' ),
		);
	}

	/**
	 * What can be done with the ticked posts.
	 *
	 * @return array<string, string>
	 */
	protected function get_bulk_actions(): array {
		return Index_Tasks::labels();
	}

	/**
	 * Links to the posts of one state.
	 *
	 * @return array<string, string>
	 */
	protected function get_views(): array {
		$counts = Index_Query::counts();
		$views  = array();
		foreach ( array( '' => __( 'All', 'rag-ask' ) ) + Post_State::labels() as $state => $label ) {
			$kept            = array_diff_key( self::asked(), array_flip( array( 'state', 'paged' ) ) );
			$url             = Index_Panel::url( http_build_query( $kept + array_filter( array( 'state' => $state ) ) ) );
			$views[ $state ] = sprintf(
				'<a href="%s"%s>%s <span class="count">(%s)</span></a>',
				esc_url( $url ),
				self::state() === $state ? ' class="current" aria-current="page"' : '',
				esc_html( $label ),
				esc_html( number_format_i18n( '' === $state ? array_sum( $counts ) : $counts[ $state ] ) )
			);
		}
		return $views;
	}

	/**
	 * The box to tick.
	 *
	 * @param \WP_Post $item A post.
	 */
	protected function column_cb( $item ): string {
		$can_edit = current_user_can( 'edit_post', $item->ID );
		/* translators: %s: title of a post. */
		$label = sprintf( __( 'Select %s', 'rag-ask' ), get_the_title( $item ) );
		return $can_edit ? sprintf( '<input type="checkbox" name="posts[]" value="%d" aria-label="%s">', $item->ID, esc_attr( $label ) ) : '';
	}

	/**
	 * The title with what can be done with the post.
	 *
	 * @param \WP_Post $item A post.
	 */
	protected function column_title( \WP_Post $item ): string {
		$title = '' === get_the_title( $item ) ? __( '(no title)', 'rag-ask' ) : get_the_title( $item );
		$url   = get_edit_post_link( $item );
		$links = array();
		if ( $url ) {
			$links['edit'] = sprintf( '<a href="%s">%s</a>', esc_url( $url ), esc_html__( 'Edit', 'rag-ask' ) );
			foreach ( Index_Tasks::labels( is_excluded_by_author( $item->ID ) ) as $task => $label ) {
				$links[ $task ] = sprintf( '<button type="submit" class="button-link" name="task" value="%s-%d">%s</button>', esc_attr( $task ), $item->ID, esc_html( $label ) );
			}
		}
		// A phone shows this column alone.
		return '<strong>' . esc_html( $title ) . '</strong> <span class="rag-ask-documents__state">' . self::badge( $this->state_of( $item )['state'] ) . '</span>' . $this->row_actions( $links );
	}

	/**
	 * Any other column.
	 *
	 * @param \WP_Post $item        A post.
	 * @param string   $column_name Name of the column.
	 */
	protected function column_default( $item, $column_name ): string {
		$state = $this->state_of( $item );
		return match ( $column_name ) {
			'type'    => esc_html( get_post_type_object( $item->post_type )->labels->singular_name ?? $item->post_type ),
			'state'   => self::badge( $state['state'] ),
			'reason'  => esc_html( $state['reason'] ),
			'changed' => esc_html( Health::time( (int) get_post_modified_time( 'U', true, $item ) ) ),
			default   => '',
		};
	}

	private function state_of( \WP_Post $item ): array {
		return Post_State::listed( $item, $this->rows[ $item->ID ] ?? null );
	}

	private static function badge( string $state ): string {
		return sprintf( '<span class="rag-ask-badge is-%s">%s</span>', esc_attr( $state ), esc_html( Post_State::labels()[ $state ] ) );
	}

	/**
	 * Buttons instead of core's menu of bulk actions, which needs a handler of addresses.
	 *
	 * @param string $which 'top' or 'bottom'.
	 */
	protected function display_tablenav( $which ): void {
		echo '<div class="tablenav ' . esc_attr( $which ) . '">';
		if ( 'top' === $which ) {
			echo '<div class="alignleft">';
			foreach ( $this->get_bulk_actions() as $task => $label ) {
				Task_Form::button( $task . '-ticked', $label );
			}
			echo '</div>';
		}
		$this->pagination( $which );
		echo '<br class="clear"></div>';
	}

	/**
	 * Which part of the list this request asks for.
	 *
	 * @return array<string, string> By parameter; those that it does not have are missing.
	 */
	public static function asked(): array {
		$asked = array_combine( self::ASKED, array_map( array( self::class, 'asked_for' ), self::ASKED ) );
		return array_filter( array( 'state' => self::state() ) + $asked, static fn( string $value ): bool => '' !== $value );
	}

	private static function state(): string {
		$state = self::asked_for( 'state' );
		return isset( Post_State::labels()[ $state ] ) ? $state : '';
	}

	private static function asked_for( string $name ): string {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- only selects what is shown.
		return isset( $_GET[ $name ] ) && is_string( $_GET[ $name ] ) ? sanitize_text_field( wp_unslash( $_GET[ $name ] ) ) : '';
	}
}
