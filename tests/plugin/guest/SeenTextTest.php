<?php

namespace RagAsk\Tests;

use RagAsk\Page_Words;
use RagAsk\Seen_Text;
use function RagAsk\main_content;
use function RagAsk\sentences_of;
use function RagAsk\words_of;
use function RagAsk\words_of_html;

final class SeenTextTest extends TestCase {

	/**
	 * @dataProvider pages
	 */
	public function test_only_what_the_page_shows_is_kept( string $html, string $page, string $kept ): void {
		$this->assertSame( $kept, Seen_Text::compare( $html, new Page_Words( $page ) )->html );
	}

	public function pages(): array {
		return array(
			'all'                    => array( '<p>We open at seven.</p>', '<nav>Home</nav><p>We open at seven.</p>', '<p>We open at seven.</p>' ),
			'a paragraph'            => array( '<p>We open at seven.</p><p>The code is heron.</p>', '<p>We open at seven.</p>', '<p>We open at seven.</p><p></p>' ),
			'a sentence'             => array( '<p>We open at seven. The code is heron. Dogs are welcome.</p>', 'We open at seven. Dogs are welcome.', '<p>We open at seven. Dogs are welcome.</p>' ),
			'a sentence cut short'   => array( '<p>The code of the members is heron seventy.</p>', 'The code of the members is …', '<p></p>' ),
			'a masked word'          => array( '<p>The code is 4711 for members.</p>', 'The code is **** for members.', '<p></p>' ),
			'across inline tags'     => array( '<p>The <b>code is</b> <i>heron</i>. We open at <b>seven</b>.</p>', 'We open at <em>sev</em>en.', '<p><b></b><i></i> We open at <b>seven</b>.</p>' ),
			'an alternative text'    => array( '<p>We open.</p><img alt="The code is heron"><img alt="A kettle">', '<p>We open.</p><img alt="a KETTLE">', '<p>We open.</p><img alt=""><img alt="A kettle">' ),
			'a short block'          => array( '<ul><li>Flour</li><li>Heron</li></ul>', '<li>flour</li>', '<ul><li>Flour</li><li></li></ul>' ),
			'an advert in between'   => array( '<p>We open at seven in the morning.</p>', 'We open at seven <div>Buy a kettle!</div> in the morning.', '<p>We open at seven in the morning.</p>' ),
			'scripts say nothing'    => array( '<p>The code is heron.</p>', '<script>"The code is heron."</script>', '<p></p>' ),
			'entities and dashes'    => array( '<p>“Crumb’s” café&nbsp;– 7&thinsp;am</p>', "\"Crumb's\" cafe - 7 AM", '<p>“Crumb’s” café&nbsp;– 7&thinsp;am</p>' ),
			'without spaces'         => array( '<p>お茶をどうぞ。秘密は鷺です。</p>', 'お茶をどうぞ。', '<p>お茶をどうぞ。</p>' ),
			'markup that is broken'  => array( '<p>We open at seven.<div <b>Heron', 'We open at seven.', '<p>We open at seven.<div <b>' ),
			'spoilt UTF-8'           => array( "<p>Caf\xe9 heron</p>", 'Tea', '<p></p>' ),
			'nothing'                => array( '', 'Tea', '' ),
		);
	}

	public function test_what_was_hidden_stays_hidden_without_a_page(): void {
		$html   = '<p>We open at seven. The code is heron.</p>';
		$hidden = Seen_Text::compare( $html, new Page_Words( 'We open at seven.' ) )->hidden;
		$this->assertSame( '<p>We open at seven.</p>', Seen_Text::without( $html, $hidden )->html );
	}

	public function test_the_words_are_counted(): void {
		$text = Seen_Text::compare( '<p>We open at seven. The code is heron.</p>', new Page_Words( 'We open at seven.' ) );
		$this->assertSame( array( 8, 4 ), array( $text->words, $text->seen ) );
	}

	public function test_words_are_compared_without_their_form(): void {
		$this->assertSame( array( 'don', 't', 'uber', 'grose', '7' ), words_of( "Don’t ÜBER—Größe, (7)" ) );
		$this->assertSame( array( '茶', 'を', 'x2' ), words_of( '茶を x2' ) );
		$this->assertSame( array( 'one', 'two', 'three' ), words_of_html( '<li>One<li>Two<br>Th<b>ree</b><!-- four --><style>five</style>' ) );
		$this->assertSame( 'He said "No." Then 3.5 left! Yes', implode( '', sentences_of( 'He said "No." Then 3.5 left! Yes' ) ) );
		$this->assertCount( 3, sentences_of( 'He said "No." Then 3.5 left! Yes' ) );
	}

	/**
	 * @dataProvider hostile
	 */
	public function test_hostile_text_is_read_in_linear_time( string $text ): void {
		$cost = function ( int $times ) use ( $text ): float {
			$html  = str_repeat( $text, $times );
			$start = getrusage();
			Seen_Text::compare( $html, new Page_Words( $html ) );
			Seen_Text::compare( $html, new Page_Words( 'tea' ) );
			main_content( "<main>$html</main>" );
			$end = getrusage();
			return ( $end['ru_utime.tv_sec'] - $start['ru_utime.tv_sec'] ) + ( $end['ru_utime.tv_usec'] - $start['ru_utime.tv_usec'] ) / 1e6;
		};
		$small = max( 0.02, $cost( 1000 ) );
		$this->assertLessThan( 16 * 5 * $small, $cost( 16000 ) );
	}

	public function hostile(): array {
		return array(
			'sentences'    => array( 'A. ' ),
			'one sentence' => array( 'tea ' ),
			'paragraphs'   => array( '<p>tea' ),
			'deep'         => array( '<div>tea' ),
			'white space'  => array( "\n" ),
			'marks'        => array( "a\u{301}" ),
			'dots'         => array( '."' ),
			'images'       => array( '<img alt="tea">' ),
			'open tags'    => array( '<' ),
			'entities'     => array( '&amp;' ),
		);
	}

	/**
	 * @dataProvider mains
	 */
	public function test_the_main_content_is_found( string $page, string $main ): void {
		$this->assertSame( $main, trim( preg_replace( '/\s+/', ' ', wp_strip_all_tags( main_content( "<html><body><header>Shop</header><nav>Menu</nav>$page<aside>News</aside><footer>© Shop</footer></body></html>" ) ) ) ) );
	}

	public function mains(): array {
		return array(
			'the content of a post'  => array( '<main><h1 class="entry-title">Title</h1><div class="entry-content alignwide"><p>Grüße, tea.</p></div><div class="wp-block-comments">Nice!</div></main>', 'Grüße, tea.' ),
			'main'                   => array( '<main><p>Tea.</p><form>Search</form><div id="comments">Nice!</div><ul class="related-posts"><li>More</li></ul></main>', 'Tea.' ),
			'the role'               => array( '<div role="main"><p>Tea.</p><nav>Next</nav></div>', 'Tea.' ),
			'one article'            => array( '<main><div>Crumbs</div><article><header>Title</header><p>Tea.</p></article></main>', 'Tea.' ),
			'several articles'       => array( '<main><article>Tea.</article><article>Jam.</article></main>', 'Tea.Jam.' ),
			'the ask box'            => array( '<main><p>Tea.</p><div class="rag-ask">Ask this site</div></main>', 'Tea.' ),
			'a class of a term'      => array( '<article class="post tag-related-work"><p>Tea.</p></article>', 'Tea.' ),
			'nothing'                => array( '<div>Tea.</div>', '' ),
		);
	}
}
