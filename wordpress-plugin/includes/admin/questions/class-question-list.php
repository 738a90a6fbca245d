<?php
/**
 * Question list: questions of visitors, each with its answer and what the owner can do.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Questions and answers are escaped as text.
 */
final class Question_List {

	/** Questions that the owner put aside: time by hash of the question. */
	public const DISMISSED = 'rag_ask_dismissed';

	private const MAX_DISMISSED = 500;

	/**
	 * The valid groups of a kind that are not put aside. One that was asked again since comes back.
	 *
	 * @param array  $insights The report.
	 * @param string $kind     'gaps', 'rated_down' or 'top'.
	 * @return array[]
	 */
	public static function groups( array $insights, string $kind ): array {
		$dismissed = (array) get_option( self::DISMISSED, array() );
		$groups    = array_filter( (array) ( $insights[ $kind ] ?? array() ), static fn( $group ) => is_array( $group ) && is_string( $group['question'] ?? null ) );
		$is_shown  = static fn( array $group ): bool => 'top' === $kind || self::asked_at( $group ) > (int) ( $dismissed[ self::key( $group['question'] ) ] ?? -1 );
		return array_values( array_filter( $groups, $is_shown ) );
	}

	/**
	 * Put a question aside until it is asked again.
	 *
	 * @param string $key Key of the question.
	 */
	public static function dismiss( string $key ): bool {
		$insights = Insights::stored()['insights'];
		foreach ( array( ...self::groups( $insights, 'gaps' ), ...self::groups( $insights, 'rated_down' ) ) as $group ) {
			if ( self::key( $group['question'] ) === $key ) {
				$dismissed = array( $key => self::asked_at( $group ) ) + (array) get_option( self::DISMISSED, array() );
				return update_option( self::DISMISSED, array_slice( $dismissed, 0, self::MAX_DISMISSED, true ), false );
			}
		}
		return false;
	}

	/**
	 * Print a list.
	 *
	 * @param array[] $groups From groups().
	 */
	public static function render( array $groups ): void {
		echo '<ul class="rag-ask-questions__list">';
		foreach ( $groups as $group ) {
			printf( '<li><div><strong dir="auto">%s</strong>', esc_html( $group['question'] ) );
			printf( '<p class="rag-ask-reason"><span class="rag-ask-badge is-off">%s</span> %s</p>', esc_html( self::reason( $group ) ), esc_html( self::asked( $group ) ) );
			self::answer( $group );
			self::examples( $group );
			echo '</div><div class="rag-ask-questions__buttons">';
			self::buttons( $group );
			echo '</div></li>';
		}
		echo '</ul>';
	}

	/**
	 * Why a question is listed.
	 *
	 * @param array $group From the sidecar.
	 */
	public static function reason( array $group ): string {
		return match ( $group['outcome'] ?? '' ) {
			'abstained' => __( 'Not found', 'rag-ask' ),
			'unsure'    => __( 'Unsure', 'rag-ask' ),
			default     => __( 'Rated down', 'rag-ask' ),
		};
	}

	/**
	 * How often and when a question was asked.
	 *
	 * @param array $group From the sidecar.
	 */
	public static function asked( array $group ): string {
		$count = (int) ( $group['count'] ?? 0 );
		/* translators: 1: number of times, 2: a time span such as "5 minutes". */
		$text = _n( 'asked %1$s time, %2$s ago', 'asked %1$s times, last %2$s ago', $count, 'rag-ask' );
		return sprintf( $text, number_format_i18n( $count ), human_time_diff( self::asked_at( $group ) ) );
	}

	/**
	 * The pages of an answer.
	 *
	 * @param array $group From the sidecar.
	 * @return array<string, string> Title by URL.
	 */
	public static function pages( array $group ): array {
		$pages = array_filter( (array) ( $group['pages'] ?? array() ), static fn( $page ) => is_string( $page['url'] ?? null ) && is_string( $page['title'] ?? null ) );
		return array_column( $pages, 'title', 'url' );
	}

	private static function answer( array $group ): void {
		$answer = is_string( $group['answer'] ?? null ) ? $group['answer'] : '';
		if ( '' === $answer ) {
			return;
		}
		printf( '<details><summary>%s</summary><p class="rag-ask-try__answer" dir="auto">%s</p>', esc_html__( 'The answer given', 'rag-ask' ), esc_html( $answer ) );
		$pages = self::pages( $group );
		if ( $pages ) {
			echo '<p>' . esc_html__( 'Pages of this answer:', 'rag-ask' ) . '</p><ul>';
			foreach ( $pages as $url => $title ) {
				printf( '<li><a href="%s">%s</a></li>', esc_url( $url ), esc_html( $title ) );
			}
			echo '</ul>';
		}
		echo '</details>';
	}

	/**
	 * Print other wordings of the question, collapsed.
	 *
	 * @param array $group From the sidecar.
	 */
	private static function examples( array $group ): void {
		$examples = self::wordings( $group );
		if ( $examples ) {
			$items = array_map( static fn( string $example ) => '<li dir="auto">' . esc_html( $example ) . '</li>', $examples );
			echo '<details><summary>' . esc_html__( 'Other wordings', 'rag-ask' ) . '</summary><ul>' . wp_kses_post( implode( '', $items ) ) . '</ul></details>';
		}
	}

	private static function buttons( array $group ): void {
		$question = $group['question'];
		$url      = add_query_arg( array_map( 'rawurlencode', self::draft( $group ) ), admin_url( 'post-new.php' ) );
		printf( '<a class="button" href="%s">%s<span class="screen-reader-text">: %s</span></a> ', esc_url( $url ), esc_html__( 'Write a post', 'rag-ask' ), esc_html( $question ) );
		printf( '<button type="submit" class="button" name="task" value="dismiss-%s">%s<span class="screen-reader-text">: %s</span></button>', esc_attr( self::key( $question ) ), esc_html__( 'Put aside', 'rag-ask' ), esc_html( $question ) );
	}

	/**
	 * A draft: the question as its title, all its wordings in its text.
	 *
	 * @param array $group From the sidecar.
	 * @return array<string, string>
	 */
	private static function draft( array $group ): array {
		$items = array_map( static fn( string $wording ): string => '<!-- wp:list-item --><li>' . esc_html( $wording ) . '</li><!-- /wp:list-item -->', array( $group['question'], ...self::wordings( $group ) ) );
		return array(
			'post_title' => $group['question'],
			'content'    => '<!-- wp:paragraph --><p>' . esc_html__( 'Visitors asked:', 'rag-ask' ) . '</p><!-- /wp:paragraph --><!-- wp:list --><ul class="wp-block-list">' . implode( '', $items ) . '</ul><!-- /wp:list -->',
		);
	}

	private static function wordings( array $group ): array {
		return array_filter( (array) ( $group['examples'] ?? array() ), 'is_string' );
	}

	private static function asked_at( array $group ): int {
		return (int) strtotime( (string) ( $group['last_asked_at'] ?? '' ) );
	}

	private static function key( string $question ): string {
		return substr( md5( mb_strtolower( trim( $question ) ) ), 0, 16 );
	}
}
