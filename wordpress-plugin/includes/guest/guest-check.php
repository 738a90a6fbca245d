<?php
/**
 * Guest check: the content that is pushed of a post, judged by the page that a guest gets.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** A rendering with fewer words is empty. */
const MIN_WORDS = 3;

/**
 * The content of a post that guests see.
 *
 * @param \WP_Post $post     The post, set up by as_anonymous().
 * @param array    $metadata From metadata_of().
 * @return string|null HTML; null when guests do not see the post.
 */
function guest_content( \WP_Post $post, array $metadata ): ?string {
	$rendered = rendered_content( $post );
	if ( ! is_guest_check_needed( $post, $rendered, $metadata['groups'] ) ) {
		Guest_Verdict::forget( $post->ID );
		return without_unknown_shortcodes( $rendered );
	}
	$print   = Guest_Verdict::fingerprint( $post, $metadata );
	$verdict = Guest_Verdict::of( $post->ID );
	if ( $verdict->holds( $print ) && Guest_Verdict::SEEN === $verdict->kind ) {
		return without_unknown_shortcodes( $rendered );
	}
	if ( $verdict->holds( $print ) && Guest_Verdict::UNSEEN === $verdict->kind ) {
		return null;
	}
	$answer               = guest_answer( $post );
	list( $found, $html ) = judge( $post, $rendered, $answer );
	if ( Guest_Verdict::UNKNOWN !== $found->kind ) {
		Guest_Access::worked();
		$found->store( $post->ID, $print );
		Guest_Doubt::learn( $found->kind );
		return $html;
	}
	if ( $answer->is_failure || Guest_Answer::PAGE === $answer->kind ) {
		Guest_Access::failed( '' === $answer->reason ? __( 'another page answers', 'rag-ask' ) : $answer->reason );
		$verdict->ask_later( $post->ID );
	} else {
		$verdict->ask_later( $post->ID, Guest_Access::is_open() ? DAY_IN_SECONDS : 0 );
	}
	return content_by_last_verdict( $rendered, $verdict );
}

/**
 * Whether a guest's page of the post has to be asked for.
 *
 * @param \WP_Post $post     The post.
 * @param string   $rendered From rendered_content().
 * @param string[] $groups   Who may read the post. What is not for guests need not be on their page.
 */
function is_guest_check_needed( \WP_Post $post, string $rendered, array $groups ): bool {
	$setting = Settings::get( 'guest_check' );
	if ( 'never' === $setting || ! in_array( 'public', $groups, true ) ) {
		return false;
	}
	return 'always' === $setting
		|| Guest_Doubt::is_site_in_doubt()
		|| Guest_Doubt::is_sampling()
		|| is_text_of_page_needed( $rendered )
		|| words_of_html( $rendered ) !== words_of_html( rendered_content( $post, false ) );
}

/**
 * Whether a post has to be pushed because nobody knows what guests see of it now.
 *
 * @param int $post_id The post.
 */
function is_guest_check_due( int $post_id ): bool {
	$setting = Settings::get( 'guest_check' );
	$post    = get_post( $post_id );
	if ( 'never' === $setting || ! $post || Note_Type::is_note( $post ) || '' !== excluding_rule( $post ) || ! in_array( 'public', Audience::of_post( $post ), true ) ) {
		return false;
	}
	$verdict = Guest_Verdict::of( $post_id );
	if ( '' === $verdict->print ) {
		return 0 === $verdict->due && ( 'always' === $setting || Guest_Doubt::is_site_in_doubt() );
	}
	return ! $verdict->holds( as_anonymous( $post, static fn() => Guest_Verdict::fingerprint( $post, metadata_of( $post ) ) ) );
}

/**
 * Whether the rendering lacks text that only the page may have: it is empty, or has shortcodes that nothing rendered.
 *
 * @param string $rendered From rendered_content().
 */
function is_text_of_page_needed( string $rendered ): bool {
	return count( words_of_html( $rendered ) ) < MIN_WORDS || without_unknown_shortcodes( $rendered ) !== $rendered;
}

/**
 * Judge a post by the answer that a guest gets.
 *
 * @param \WP_Post     $post     The post.
 * @param string       $rendered From rendered_content().
 * @param Guest_Answer $answer   What a guest gets.
 * @return array{Guest_Verdict, string|null} The verdict, and the HTML that guests see.
 */
function judge( \WP_Post $post, string $rendered, Guest_Answer $answer ): array {
	if ( Guest_Answer::PAGE !== $answer->kind ) {
		return array( new Guest_Verdict( Guest_Answer::REFUSED === $answer->kind ? Guest_Verdict::UNSEEN : Guest_Verdict::UNKNOWN, $answer->reason ), null );
	}
	$html     = without_unknown_shortcodes( $rendered );
	$page     = new Page_Words( $answer->html );
	$text     = Seen_Text::compare( $html, $page );
	$is_login = 1 === preg_match( '/<input\b[^>]*\btype\s*=\s*["\']?password/i', $answer->html );
	$has_name = $page->has_phrase( words_of( title_of( $post ) ) );
	$is_seen  = is_mostly_seen( $post, $html, $text );
	$main     = $is_seen && ! is_text_of_page_needed( $rendered ) ? '' : main_content( $answer->html );
	if ( ! $is_seen && is_text_of_meta( $post, $main ) ) {
		return array( new Guest_Verdict( Guest_Verdict::PAGE ), $main );
	}
	if ( ! $is_seen || ( $is_login && ! $has_name && $text->words < MIN_WORDS ) ) {
		// A page without the mark and without the title may be of a firewall or of another site.
		$is_of_site = $answer->is_ours || $is_login || $has_name;
		return array( new Guest_Verdict( $is_of_site ? Guest_Verdict::UNSEEN : Guest_Verdict::UNKNOWN, $is_login ? 'login' : 'text' ), null );
	}
	if ( count( words_of_html( $main ) ) >= MIN_WORDS ) {
		return array( new Guest_Verdict( Guest_Verdict::PAGE ), $main );
	}
	return array( $text->hidden ? new Guest_Verdict( Guest_Verdict::PARTLY, hidden: $text->hidden ) : new Guest_Verdict( Guest_Verdict::SEEN ), $text->html );
}

/**
 * Whether guests see at least a third of a text. The page of a teaser shows less.
 *
 * @param \WP_Post  $post The post.
 * @param string    $html The text.
 * @param Seen_Text $text What guests see of it.
 */
function is_mostly_seen( \WP_Post $post, string $html, Seen_Text $text ): bool {
	if ( 3 * $text->seen >= $text->words ) {
		return true;
	}
	// What differs from one rendering to the next is on no other page either.
	$stable = Seen_Text::compare( $html, new Page_Words( rendered_content( $post ) ) )->seen;
	return $text->seen > 0 && 3 * $text->seen >= $stable;
}

/**
 * Whether a page shows what a builder keeps in the meta of the post, in place of its content.
 *
 * @param \WP_Post $post The post.
 * @param string   $main The main content of the page.
 */
function is_text_of_meta( \WP_Post $post, string $main ): bool {
	$values = array_merge( ...array_values( (array) get_post_meta( $post->ID ) ) );
	$text   = Seen_Text::compare( $main, new Page_Words( implode( "\n", $values ) ) );
	return $text->words >= MIN_WORDS && 2 * $text->seen >= $text->words;
}

/**
 * The content of a post whose page could not be opened.
 *
 * @param string        $rendered From rendered_content().
 * @param Guest_Verdict $verdict  The last verdict.
 * @return string|null HTML; null when guests did not see the post.
 * @throws \RuntimeException When the text was taken from the page, so that the index keeps it.
 */
function content_by_last_verdict( string $rendered, Guest_Verdict $verdict ): ?string {
	$html = without_unknown_shortcodes( $rendered );
	return match ( $verdict->kind ) {
		Guest_Verdict::UNSEEN => null,
		Guest_Verdict::PARTLY => Seen_Text::without( $html, $verdict->hidden )->html,
		Guest_Verdict::PAGE   => throw new \RuntimeException( esc_html__( 'Its text is taken from its page, and this site could not request the page. Let WordPress call itself, then retry.', 'rag-ask' ) ),
		default               => $html,
	};
}
