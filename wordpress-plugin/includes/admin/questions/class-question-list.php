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

	/**
	 * Print a list.
	 *
	 * @param array[] $groups From Question_Groups.
	 */
	public static function render( array $groups ): void {
		$drafts = Question_Drafts::of( array_column( $groups, 'question' ) );
		$notes  = Question_Drafts::notes( array_column( $groups, 'question' ) );
		echo '<ul class="rag-ask-questions__list">';
		foreach ( $groups as $group ) {
			$key = Question_Groups::key( $group['question'] );
			printf(
				'<li><input type="checkbox" name="questions[]" value="%s" id="rag-ask-q-%1$s"><div><label for="rag-ask-q-%1$s"><strong dir="auto">%s</strong></label>',
				esc_attr( $key ),
				esc_html( $group['question'] )
			);
			printf( '<p class="rag-ask-reason"><span class="rag-ask-badge is-off">%s</span> %s</p>', esc_html( self::reason( $group ) ), esc_html( self::asked( $group ) ) );
			self::answer( $group );
			self::texts( __( 'What visitors said of it', 'rag-ask' ), Question_Groups::comments( $group ) );
			self::texts( __( 'Other wordings', 'rag-ask' ), Question_Groups::wordings( $group ) );
			self::draft_made( $drafts[ $key ] ?? null );
			self::asked_again( $group );
			echo '</div><div class="rag-ask-questions__buttons">';
			self::buttons( $group, $key, $notes[ $key ] ?? 0 );
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
		return sprintf( $text, number_format_i18n( $count ), human_time_diff( Question_Groups::asked_at( $group ) ) );
	}

	/**
	 * The pages of an answer.
	 *
	 * @param mixed $pages From the sidecar.
	 * @return array<string, string> Title by URL.
	 */
	public static function pages( mixed $pages ): array {
		$pages = array_filter( (array) $pages, static fn( $page ) => is_string( $page['url'] ?? null ) && is_string( $page['title'] ?? null ) );
		return array_column( $pages, 'title', 'url' );
	}

	private static function answer( array $group ): void {
		$answer = is_string( $group['answer'] ?? null ) ? $group['answer'] : '';
		if ( '' === $answer ) {
			return;
		}
		printf( '<details><summary>%s</summary><p class="rag-ask-try__answer" dir="auto">%s</p>', esc_html__( 'The answer given', 'rag-ask' ), esc_html( $answer ) );
		$pages = self::pages( $group['pages'] ?? array() );
		if ( $pages ) {
			echo '<p>' . esc_html__( 'Pages of this answer:', 'rag-ask' ) . '</p>';
			self::links( $pages );
		}
		echo '</details>';
	}

	private static function links( array $pages ): void {
		echo '<ul>';
		foreach ( $pages as $url => $title ) {
			printf( '<li><a href="%s">%s</a></li>', esc_url( $url ), esc_html( $title ) );
		}
		echo '</ul>';
	}

	/**
	 * Print texts of visitors, collapsed.
	 *
	 * @param string   $label What they are.
	 * @param string[] $texts The texts.
	 */
	private static function texts( string $label, array $texts ): void {
		if ( $texts ) {
			$items = array_map( static fn( string $text ) => '<li dir="auto">' . esc_html( $text ) . '</li>', $texts );
			echo '<details><summary>' . esc_html( $label ) . '</summary><ul>' . wp_kses_post( implode( '', $items ) ) . '</ul></details>';
		}
	}

	private static function draft_made( ?\WP_Post $post ): void {
		if ( $post ) {
			$text = 'publish' === $post->post_status ? __( 'Post published:', 'rag-ask' ) : __( 'Draft:', 'rag-ask' );
			printf( '<p>%s <a href="%s">%s</a></p>', esc_html( $text ), esc_url( (string) get_edit_post_link( $post, 'raw' ) ), esc_html( get_the_title( $post ) ) );
		}
	}

	/**
	 * Print what the site finds today, where it is another answer than before.
	 *
	 * @param array $group From the sidecar.
	 */
	private static function asked_again( array $group ): void {
		$again = (array) ( $group['asked_again'] ?? array() );
		$pages = self::pages( $again['pages'] ?? array() );
		$text  = match ( true ) {
			'note' === ( $again['outcome'] ?? '' )     => __( 'Asked again: answered now, by you.', 'rag-ask' ),
			$pages && 'unsure' === $again['outcome']   => __( 'Asked again: these pages are new since and may help.', 'rag-ask' ),
			$pages && 'answered' === $again['outcome'] => __( 'Asked again: found now, on these pages.', 'rag-ask' ),
			isset( $again['outcome'] ) && in_array( $again['outcome'], array( 'abstained', 'unsure' ), true ) => __( 'Asked again: nothing new yet.', 'rag-ask' ),
			default => '',
		};
		if ( '' === $text ) {
			return;
		}
		$is_answered = 'note' === $again['outcome'] || ( $pages && 'answered' === $again['outcome'] );
		printf( '<p class="rag-ask-questions__again%s">%s</p>', $is_answered ? ' is-good' : '', esc_html( $text ) );
		if ( $pages && 'note' !== $again['outcome'] ) {
			self::links( $pages );
		}
	}

	private static function buttons( array $group, string $key, int $note_id ): void {
		$question = $group['question'];
		if ( $note_id ) {
			self::link( (string) get_edit_post_link( $note_id, 'raw' ), __( 'Edit your answer', 'rag-ask' ), $question );
		} else {
			self::link( Question_Drafts::url( $group, Note_Type::NAME ), '' === Note_Screen::answer_of( $group ) ? __( 'Write the answer', 'rag-ask' ) : __( 'Correct the answer', 'rag-ask' ), $question );
		}
		self::link( Question_Drafts::url( $group ), __( 'Write a post', 'rag-ask' ), $question );
		self::button( 'dismiss-' . $key, __( 'Put aside', 'rag-ask' ), $question );
		if ( ! empty( $group['is_merged'] ) ) {
			self::button( 'split-' . $key, __( 'Separate', 'rag-ask' ), $question );
		}
	}

	private static function link( string $url, string $label, string $question ): void {
		printf( '<a class="button" href="%s">%s<span class="screen-reader-text">: %s</span></a> ', esc_url( $url ), esc_html( $label ), esc_html( $question ) );
	}

	private static function button( string $task, string $label, string $question ): void {
		printf( '<button type="submit" class="button" name="task" value="%s">%s<span class="screen-reader-text">: %s</span></button> ', esc_attr( $task ), esc_html( $label ), esc_html( $question ) );
	}
}
