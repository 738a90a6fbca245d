<?php

namespace RagAsk\Tests;

/**
 * Six designs of membership plugins: no protected sentence is pushed, and every public one is.
 */
final class MembershipTest extends TestCase {

	use GuestSite;

	private const PROTECTED = array( 'The vault code of the members is heron seventy.', 'Our supplier in Assam gives members a third off.', 'Ring twice and ask for Agatha.' );
	private const PUBLIC    = array( 'We open at seven and close at six.', 'Dogs are welcome in the yard.', 'The kettle is never cold here.' );

	/**
	 * @dataProvider designs
	 */
	public function test_no_protected_sentence_is_pushed( string $design, string $setting, string $why ): void {
		$this->choose( $setting );
		$members_id = $this->members_post( $design );
		$public_ids = $this->public_posts();
		update_option( 'wall_open_pages', $public_ids );
		$this->use_membership( $design );

		$changes = $this->pushed_all( array( $members_id, ...$public_ids ) );
		$this->assertSame( 0, $this->number_of( self::PROTECTED, array( $changes[0] ) ), json_encode( $changes[0] ) );
		$this->assertSame( count( self::PUBLIC ), $this->number_of( self::PUBLIC, array_slice( $changes, 1 ) ) );
		$this->assertSame( $why, \RagAsk\Guest_Verdict::why_unseen( $members_id ) );
		$this->assertSame( '' === $why ? 'upsert' : 'delete', $changes[0]['op'] );
	}

	public function designs(): array {
		$cases = array();
		// The first filters the rendering of a push too, and the fifth shows the rest of the post.
		foreach ( array( 'content-filter' => '', 'template-redirect' => 'redirect', 'login-wall' => 'login', 'teaser' => 'text', 'block-visibility' => '', 'rest-guard' => 'text' ) as $design => $why ) {
			$cases[ "$design, always" ]        = array( $design, 'always', $why );
			$cases[ "$design, when in doubt" ] = array( $design, 'doubt', $why );
		}
		return $cases;
	}

	public function test_without_the_check_protected_sentences_are_pushed(): void {
		$this->choose( 'never' );
		$this->use_membership( 'template-redirect' );
		$this->assertSame( 3, $this->number_of( self::PROTECTED, array( $this->pushed( $this->members_post( 'template-redirect' ) ) ) ) );
	}

	private function members_post( string $design ): int {
		$content = implode( "\n\n", array_map( static fn( $text ) => "<!-- wp:paragraph {\"visibleTo\":\"member\"} -->\n<p>$text</p>\n<!-- /wp:paragraph -->", self::PROTECTED ) );
		if ( 'block-visibility' === $design ) {
			$content .= "\n\n<!-- wp:paragraph -->\n<p>Everybody may read how we pick the leaves by hand in the first weeks of spring, wither them overnight and roll them.</p>\n<!-- /wp:paragraph -->";
		}
		$post_id = $this->post( array( 'post_content' => $content ) );
		add_post_meta( $post_id, '_members_only', 1 );
		return $post_id;
	}

	private function public_posts(): array {
		return array_map( fn( $text ) => $this->post( array( 'post_content' => "<p>$text</p>" ) ), self::PUBLIC );
	}

	private function number_of( array $sentences, array $changes ): int {
		$text = implode( ' ', array_map( static fn( $change ) => wp_strip_all_tags( $change['document']['html'] ?? '' ), $changes ) );
		return count( array_filter( $sentences, static fn( $sentence ) => str_contains( $text, $sentence ) ) );
	}
}
