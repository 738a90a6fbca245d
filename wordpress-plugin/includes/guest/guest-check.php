<?php
/**
 * Guest check: the content that is pushed of a post, judged by the page that a guest gets.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Longest post in pages, as divided by <!--nextpage-->. The sentences of further pages are not pushed. */
const MAX_PAGES_OF_POST = 20;

/** Time in seconds after which no further page of a post is opened. */
const MAX_TIME_OF_PAGES_S = 20;

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
		Guest_Access::failed( '' === $answer->reason ? __( 'another page comes', 'rag-ask' ) : $answer->reason );
	}
	$verdict->ask_later( $post->ID );
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
	if ( 'never' === $setting || ! $post || '' !== excluding_rule( $post ) || ! in_array( 'public', Audience::of_post( $post ), true ) ) {
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
 * What a guest gets who opens a post, all its pages one after the other.
 *
 * @param \WP_Post $post The post.
 */
function guest_answer( \WP_Post $post ): Guest_Answer {
	if ( ! Guest_Access::is_open() ) {
		return Guest_Answer::unknown();
	}
	$first    = null;
	$html     = '';
	$deadline = microtime( true ) + MAX_TIME_OF_PAGES_S;
	foreach ( page_addresses( $post ) as $url ) {
		$answer = Guest_Request::open( $url, $post );
		if ( Guest_Answer::UNKNOWN === $answer->kind ) {
			return $answer;
		}
		$first = $first ?? $answer;
		$html .= $answer->html;
		if ( Guest_Answer::PAGE !== $first->kind || microtime( true ) > $deadline ) {
			break;
		}
	}
	return Guest_Answer::PAGE === $first->kind ? Guest_Answer::page( $html, $first->is_ours ) : $first;
}

/**
 * The addresses of the pages of a post. Core has no function for the address of one page (_wp_link_page() prints a link).
 *
 * @param \WP_Post $post The post.
 * @return string[]
 */
function page_addresses( \WP_Post $post ): array {
	$url       = (string) get_permalink( $post );
	$addresses = array( $url );
	$count     = min( MAX_PAGES_OF_POST, (int) generate_postdata( $post )['numpages'] );
	for ( $page = 2; $page <= $count; $page++ ) {
		$is_front    = 'page' === get_option( 'show_on_front' ) && (int) get_option( 'page_on_front' ) === $post->ID;
		$path        = $is_front ? $GLOBALS['wp_rewrite']->pagination_base . "/$page" : (string) $page;
		$addresses[] = get_option( 'permalink_structure' )
			? trailingslashit( $url ) . user_trailingslashit( $path, 'single_paged' )
			: add_query_arg( 'page', $page, $url );
	}
	return $addresses;
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
	$is_login = str_contains( $answer->html, 'type="password"' );
	$has_name = $page->has_phrase( words_of( title_of( $post ) ) );
	if ( ! is_mostly_seen( $post, $html, $text ) || ( $is_login && ! $has_name && $text->words < MIN_WORDS ) ) {
		// A page without the mark and without the title may be of a firewall or of another site.
		$is_of_site = $answer->is_ours || $is_login || $has_name;
		return array( new Guest_Verdict( $is_of_site ? Guest_Verdict::UNSEEN : Guest_Verdict::UNKNOWN, $is_login ? 'login' : 'text' ), null );
	}
	if ( is_text_of_page_needed( $rendered ) ) {
		$main = main_content( $answer->html );
		return array( new Guest_Verdict( Guest_Verdict::PAGE ), count( words_of_html( $main ) ) < MIN_WORDS ? $text->html : $main );
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
		Guest_Verdict::PAGE   => throw new \RuntimeException( esc_html__( 'Its text is taken from its page, and this site could not request the page.', 'rag-ask' ) ),
		default               => $html,
	};
}
