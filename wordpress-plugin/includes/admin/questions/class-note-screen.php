<?php
/**
 * Note screen: WordPress's own screens of the notes, with fields for other wordings and the page to cite.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Capabilities are those of the type: only who may change the settings gets here.
 */
final class Note_Screen {

	private const NONCE        = 'rag_ask_note';
	private const UNKNOWN_PAGE = 'rag_ask_unknown_page';
	private const MAX_WORDINGS = 19;

	/**
	 * The text that the answer to a question begins with: the answer given, without the numbers of its sources.
	 *
	 * @param string   $content What core would begin with.
	 * @param \WP_Post $note    The note.
	 */
	public static function content( string $content, \WP_Post $note ): string {
		$group = Note_Type::is_note( $note ) ? Question_Drafts::begun_for() : null;
		return $group ? esc_html( self::answer_of( $group ) ) : $content;
	}

	/**
	 * The other wordings that it begins with.
	 *
	 * @param string   $excerpt What core would begin with.
	 * @param \WP_Post $note    The note.
	 */
	public static function excerpt( string $excerpt, \WP_Post $note ): string {
		$group = Note_Type::is_note( $note ) ? Question_Drafts::begun_for() : null;
		return $group ? implode( "\n", Question_Groups::wordings( $group ) ) : $excerpt;
	}

	/**
	 * The answer that visitors got.
	 *
	 * @param array $group From Question_Groups.
	 */
	public static function answer_of( array $group ): string {
		return trim( (string) preg_replace( '/\s*\[\d+\]/', '', is_string( $group['answer'] ?? null ) ? $group['answer'] : '' ) );
	}

	/**
	 * The list of all notes.
	 */
	public static function list_url(): string {
		return admin_url( 'edit.php?post_type=' . Note_Type::NAME );
	}

	/**
	 * Add the fields below the answer.
	 */
	public static function add_boxes(): void {
		add_meta_box( 'rag-ask-wordings', __( 'Other wordings of the question', 'rag-ask' ), array( self::class, 'wordings' ), Note_Type::NAME, 'normal' );
		add_meta_box( 'rag-ask-page', __( 'Page to cite', 'rag-ask' ), array( self::class, 'page' ), Note_Type::NAME, 'normal' );
	}

	/**
	 * Print the other wordings.
	 *
	 * @param \WP_Post $note The note.
	 */
	public static function wordings( \WP_Post $note ): void {
		wp_nonce_field( self::NONCE, self::NONCE );
		printf( '<label for="rag-ask-wordings-field" class="screen-reader-text">%s</label>', esc_html__( 'Other wordings of the question', 'rag-ask' ) );
		printf( '<textarea id="rag-ask-wordings-field" name="excerpt" rows="4" class="large-text">%s</textarea>', esc_textarea( $note->post_excerpt ) );
		echo '<p class="description">' . esc_html__( 'One per line. Visitors who ask in these words, or nearly these, get this answer. A question that only resembles them does not.', 'rag-ask' ) . '</p>';
	}

	/**
	 * Print the page to cite.
	 *
	 * @param \WP_Post $note The note.
	 */
	public static function page( \WP_Post $note ): void {
		$proposed = array_key_first( Question_List::pages( Question_Drafts::begun_for()['pages'] ?? array() ) );
		$url      = $note->post_parent ? get_permalink( $note->post_parent ) : $proposed;
		printf( '<label for="rag-ask-page-field" class="screen-reader-text">%s</label>', esc_html__( 'Page to cite', 'rag-ask' ) );
		printf( '<input type="url" id="rag-ask-page-field" name="rag_ask_page" value="%s" class="large-text" placeholder="%s">', esc_attr( (string) $url ), esc_attr( home_url( '/' ) ) );
		echo '<p class="description">' . esc_html__( 'Address of a page of this site. Leave it empty to cite the answer as a note of the site.', 'rag-ask' ) . '</p>';
	}

	/**
	 * Put the fields into the post that is about to be stored.
	 *
	 * @param array $data   Columns of the post, with slashes.
	 * @param array $posted The form, with slashes.
	 */
	public static function save( array $data, array $posted ): array {
		if ( Note_Type::NAME !== $data['post_type'] || ! wp_verify_nonce( sanitize_key( $posted[ self::NONCE ] ?? '' ), self::NONCE ) ) {
			return $data;
		}
		$lines                = array_filter( array_map( 'sanitize_text_field', (array) preg_split( '/\R/', wp_unslash( (string) ( $posted['excerpt'] ?? '' ) ) ) ) );
		$data['post_excerpt'] = wp_slash( implode( "\n", array_slice( array_unique( $lines ), 0, self::MAX_WORDINGS ) ) );
		$url                  = sanitize_url( wp_unslash( (string) ( $posted['rag_ask_page'] ?? '' ) ) );
		$data['post_parent']  = '' === $url ? 0 : self::post_at( $url );
		if ( '' !== $url && 0 === $data['post_parent'] ) {
			add_filter( 'redirect_post_location', static fn( string $location ): string => add_query_arg( self::UNKNOWN_PAGE, 1, $location ) );
		}
		return $data;
	}

	/**
	 * Say that an address was left out.
	 */
	public static function notice(): void {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- only says what happened.
		if ( Note_Type::NAME === get_current_screen()->post_type && isset( $_GET[ self::UNKNOWN_PAGE ] ) ) {
			wp_admin_notice( esc_html__( 'The page to cite was left out: there is no published page of this site at that address.', 'rag-ask' ), array( 'type' => 'warning' ) );
		}
	}

	/**
	 * The field of the title asks for the question.
	 *
	 * @param string   $text Placeholder.
	 * @param \WP_Post $post The post.
	 */
	public static function title_hint( string $text, \WP_Post $post ): string {
		return Note_Type::is_note( $post ) ? __( 'The question', 'rag-ask' ) : $text;
	}

	/**
	 * Messages after a save, without a link to a page that does not exist.
	 *
	 * @param array $messages By type and number.
	 */
	public static function messages( array $messages ): array {
		require_once dirname( __DIR__, 2 ) . '/functions.php';
		$note  = get_post();
		$saved = Note_Type::is_note( $note ) && 'incomplete' === note_exclusion( $note )
			? __( 'Saved. Visitors do not get this answer yet: its question or its answer is empty.', 'rag-ask' )
			: __( 'Saved. Visitors who ask this get your answer as soon as it is sent, which takes about a minute.', 'rag-ask' );
		$draft = __( 'Draft saved. Visitors do not get this answer before you publish it.', 'rag-ask' );

		$messages[ Note_Type::NAME ]     = array_fill( 0, 11, $saved );
		$messages[ Note_Type::NAME ][10] = $draft;
		return $messages;
	}

	/**
	 * Columns of the list.
	 *
	 * @param string[] $columns Labels by name.
	 */
	public static function columns( array $columns ): array {
		return array(
			'cb'     => $columns['cb'],
			'title'  => __( 'Question', 'rag-ask' ),
			'answer' => __( 'Answer', 'rag-ask' ),
			'page'   => __( 'Page to cite', 'rag-ask' ),
			'date'   => $columns['date'],
		);
	}

	/**
	 * Print a cell of the list.
	 *
	 * @param string $column  Its name.
	 * @param int    $post_id The note.
	 */
	public static function cell( string $column, int $post_id ): void {
		$note = get_post( $post_id );
		if ( 'answer' === $column ) {
			// A space for each tag, or the items of a list become one word.
			echo esc_html( wp_trim_words( str_replace( '<', ' <', $note->post_content ), 20 ) );
		} elseif ( 'page' === $column && $note->post_parent ) {
			printf( '<a href="%s">%s</a>', esc_url( (string) get_permalink( $note->post_parent ) ), esc_html( get_the_title( $note->post_parent ) ) );
		}
	}

	private static function post_at( string $url ): int {
		$is_front = untrailingslashit( $url ) === untrailingslashit( home_url() );
		$post_id  = $is_front && 'page' === get_option( 'show_on_front' ) ? (int) get_option( 'page_on_front' ) : url_to_postid( $url );
		return 'publish' === get_post_status( $post_id ) ? $post_id : 0;
	}
}
