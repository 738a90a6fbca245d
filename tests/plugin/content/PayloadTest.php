<?php

namespace RagAsk\Tests;

use RagAsk\Settings;
use function RagAsk\change_for;
use function RagAsk\expected_hash;

final class PayloadTest extends TestCase {

	protected function setUp(): void {
		parent::setUp();
		update_option( 'WPLANG', '' );
		update_option( 'timezone_string', 'Europe/London' );
	}

	public function test_a_public_post_is_the_upsert_of_the_contract(): void {
		$wanted  = $this->contract( 'push-request' )['changes'][0];
		$post_id = $this->post( array( 'post_date' => '2026-06-20 10:00:00', 'post_content' => '<h2>Shop</h2><p>We open at seven.</p>' ) );
		$change  = change_for( $post_id, 1795270000000000 );

		$this->assertSame( array_keys( $wanted ), array_keys( $change ) );
		$this->assertSame( array_keys( $wanted['document'] ), array_keys( $change['document'] ) );
		foreach ( $wanted['document'] as $name => $value ) {
			$this->assertSame( gettype( $value ), gettype( $change['document'][ $name ] ), $name );
		}
		$this->assertSame( 'upsert', $change['op'] );
		$document = $change['document'];
		$this->assertSame( $post_id, $document['id'] );
		$this->assertSame( 1795270000000000, $document['version'] );
		$this->assertSame( 'page', $document['type'] );
		$this->assertSame( 'Opening hours', $document['title'] );
		$this->assertSame( get_permalink( $post_id ), $document['url'] );
		$this->assertStringContainsString( '<p>We open at seven.</p>', $document['html'] );
		$this->assertSame( 'en-US', $document['language'] );
		$this->assertSame( '2026-06-20T09:00:00Z', $document['published_at'], 'London is an hour ahead of UTC in summer' );
		$this->assertMatchesRegularExpression( '/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\z/', $document['modified_at'] );
		$this->assertSame( array( 'public' ), $document['groups'] );
	}

	/**
	 * @dataProvider hidden
	 */
	public function test_what_visitors_cannot_read_is_the_delete_of_the_contract( array $fields ): void {
		$post_id = $this->post( $fields );
		$this->assertSame( $this->delete_of( $post_id ), change_for( $post_id, 5 ) );
	}

	public function hidden(): array {
		return array(
			'draft'         => array( array( 'post_status' => 'draft' ) ),
			'private'       => array( array( 'post_status' => 'private' ) ),
			'trash'         => array( array( 'post_status' => 'trash' ) ),
			'future'        => array( array( 'post_status' => 'future', 'post_date' => '2099-01-01 00:00:00' ) ),
			'password'      => array( array( 'post_password' => 'open sesame' ) ),
			'another type'  => array( array( 'post_type' => 'wp_block' ) ),
			'no such type'  => array( array( 'post_type' => 'gone_with_its_plugin' ) ),
		);
	}

	public function test_a_post_that_is_gone_is_a_delete(): void {
		$this->assertSame( $this->delete_of( 999 ), change_for( 999, 5 ) );
		$wanted = $this->contract( 'push-request' )['changes'][1];
		$this->assertSame( array_keys( $wanted ), array_keys( change_for( 999, 5 ) ) );
	}

	public function test_a_change_by_another_process_is_seen(): void {
		global $wpdb;
		$post_id = $this->post();
		get_post( $post_id );
		$wpdb->update( $wpdb->posts, array( 'post_content' => '<p>We open at nine.</p>' ), array( 'ID' => $post_id ) );
		$this->assertStringContainsString( 'nine', change_for( $post_id, 5 )['document']['html'] );
	}

	public function test_text_of_any_script_goes_through_whole(): void {
		$text   = 'نفتح الساعة السابعة 🍞 七時に開店します';
		$change = change_for( $this->post( array( 'post_title' => $text, 'post_content' => "<p>$text</p>" ) ), 5 );
		$this->assertSame( $text, $change['document']['title'] );
		$this->assertStringContainsString( $text, $change['document']['html'] );
	}

	public function test_a_title_is_plain_text(): void {
		$change = change_for( $this->post( array( 'post_title' => 'Tea <em>&amp;</em> "cake" &lt; 5' ) ), 5 );
		$this->assertSame( 'Tea & “cake” < 5', $change['document']['title'] );
	}

	public function test_a_post_of_no_words_is_still_an_upsert(): void {
		$change = change_for( $this->post( array( 'post_title' => '', 'post_content' => '' ) + array( 'post_excerpt' => 'so that WordPress takes it' ) ), 5 );
		$this->assertSame( '', $change['document']['title'] );
		$this->assertSame( '', $change['document']['html'] );
	}

	public function test_shortcodes_are_rendered_as_for_an_anonymous_visitor(): void {
		wp_set_current_user( 1 );
		$seen = $this->with_shortcode( static fn() => is_user_logged_in() ? 'members only' : 'for all: ' . get_the_title() );
		$this->assertStringContainsString( 'for all: Opening hours', $seen['document']['html'] );
		$this->assertSame( 1, get_current_user_id() );
	}

	public function test_the_global_post_is_put_back(): void {
		$GLOBALS['post'] = get_post( $this->post( array( 'post_title' => 'The page around' ) ) );
		change_for( $this->post(), 5 );
		$this->assertSame( 'The page around', get_the_title() );
		$GLOBALS['post'] = null;
	}

	public function test_what_a_shortcode_prints_goes_nowhere(): void {
		$this->expectOutputString( '' );
		$change = $this->with_shortcode( static function () {
			echo 'printed';
			return 'returned';
		} );
		$this->assertStringContainsString( 'returned', $change['document']['html'] );
		$this->assertStringNotContainsString( 'printed', $change['document']['html'] );
	}

	public function test_a_shortcode_that_throws_leaves_everything_as_it_was(): void {
		wp_set_current_user( 1 );
		$level = ob_get_level();
		try {
			$this->with_shortcode( static fn() => throw new \RuntimeException( 'no such recipe' ) );
			$this->fail( 'The exception must reach the pusher.' );
		} catch ( \RuntimeException $error ) {
			$this->assertSame( 'no such recipe', $error->getMessage() );
		}
		$this->assertSame( 1, get_current_user_id() );
		$this->assertSame( $level, ob_get_level() );
		$this->assertFalse( has_filter( 'pre_render_block', 'RagAsk\without_ask_block' ) );
	}

	public function test_the_ask_box_is_left_out(): void {
		$html = change_for( $this->post( array( 'post_content' => "Before.\n\n[rag_ask]\n\n<!-- wp:rag-ask/ask /-->\n\nAfter." ) ), 5 )['document']['html'];
		$this->assertStringContainsString( 'Before.', $html );
		$this->assertStringContainsString( 'After.', $html );
		$this->assertStringNotContainsString( 'rag-ask', $html );
		$this->assertStringNotContainsString( 'rag_ask', $html );
		$this->assertNotSame( '', do_shortcode( '[rag_ask]' ), 'the box is back on pages' );
	}

	public function test_a_filter_can_leave_a_post_out_and_add_to_a_document(): void {
		$post_id = $this->post();
		$more    = static fn( array $document ) => array( 'language' => 'cy', 'version' => 1 ) + $document;
		add_filter( 'rag_ask_document', $more );
		$document = change_for( $post_id, 5 )['document'];
		remove_filter( 'rag_ask_document', $more );
		$this->assertSame( 'cy', $document['language'] );
		$this->assertSame( 5, $document['version'], 'the version is not for others to set' );

		add_filter( 'rag_ask_is_public', '__return_false' );
		$change = change_for( $post_id, 5 );
		remove_filter( 'rag_ask_is_public', '__return_false' );
		$this->assertSame( $this->delete_of( $post_id ), $change );
	}

	public function test_a_page_names_no_author(): void {
		$post_id = $this->post( array( 'post_type' => 'page', 'post_author' => 1 ) );
		$this->assertSame( '', change_for( $post_id, 5 )['document']['author'] );
	}

	public function test_the_document_is_the_one_of_the_contract_in_every_field(): void {
		update_option( Settings::OPTION, array( 'meta_keys' => array( 'Phone', 'Opens', 'Absent' ) ) );
		$wanted   = $this->contract( 'push-request' )['changes'][0]['document'];
		$user_id  = (int) wp_insert_user( array( 'user_login' => uniqid( 'ada' ), 'user_pass' => 'x', 'display_name' => 'Ada Baker' ) );
		$category = wp_insert_term( uniqid( 'Visit & see ' ), 'category' )['term_id'];
		$post_id  = $this->post( array( 'post_type' => 'post', 'post_author' => $user_id, 'post_excerpt' => $wanted['excerpt'] ) );
		wp_set_object_terms( $post_id, array( $category, 1 ), 'category' );
		add_post_meta( $post_id, 'Phone', '01632 960 001' );
		add_post_meta( $post_id, 'Opens', array( 'Mon', array( 'Tue <b>&amp; Wed</b>' ) ) );
		$document = change_for( $post_id, 5 )['document'];
		$this->assertSame( array_keys( $wanted ), array_keys( $document ) );
		$this->assertSame( $wanted['excerpt'], $document['excerpt'] );
		$this->assertSame( $wanted['author'], $document['author'] );
		$this->assertSame( array( array( 'taxonomy' => 'category', 'name' => html_entity_decode( get_term( $category )->name ) ) ), $document['terms'], 'without the default category' );
		$this->assertSame( array( array( 'name' => 'Phone', 'value' => '01632 960 001' ), array( 'name' => 'Opens', 'value' => 'Mon, Tue & Wed' ) ), $document['fields'] );
		$this->assertSame( expected_hash( $post_id ), $document['hash'] );
		wp_delete_user( $user_id, 1 );
		wp_delete_term( $category, 'category' );
	}

	public function test_only_a_hand_written_excerpt_counts(): void {
		$this->assertSame( '', change_for( $this->post(), 5 )['document']['excerpt'] );
	}

	public function test_the_alt_text_of_images_is_kept(): void {
		$image = $this->post( array( 'post_type' => 'attachment', 'post_status' => 'inherit', 'post_mime_type' => 'image/jpeg' ) );
		add_post_meta( $image, '_wp_attachment_image_alt', 'A "loaf"' );
		$post_id = $this->post( array( 'post_content' => '<p><img src="/oven.jpg" alt="The oven"></p>' ) );
		add_post_meta( $post_id, '_thumbnail_id', $image );
		wp_update_post( array( 'ID' => $image, 'post_excerpt' => 'Baked <em>today</em>' ) );
		$document = change_for( $post_id, 5 )['document'];
		$this->assertStringContainsString( 'alt="The oven"', $document['html'] );
		$this->assertSame( array( array( 'name' => 'Image', 'value' => 'A "loaf"' ), array( 'name' => 'Image', 'value' => 'Baked today' ) ), $document['fields'] );
	}

	/**
	 * @dataProvider markup
	 */
	public function test_words_stay_apart_where_markup_is_taken_out( string $html, string $text ): void {
		update_option( Settings::OPTION, array( 'meta_keys' => array( 'ingredients' ) ) );
		kses_remove_filters(); // As for an editor, who may use markup in titles.
		$post_id = $this->post( array( 'post_title' => $html, 'post_excerpt' => $html ) );
		kses_init();
		add_post_meta( $post_id, 'ingredients', $html );
		$document = change_for( $post_id, 5 )['document'];
		$this->assertSame( array( $text, $text, $text ), array( $document['title'], $document['excerpt'], $document['fields'][0]['value'] ) );
	}

	public function markup(): array {
		return array(
			'list and paragraph' => array( '<ul><li>Mulled cider</li><li>Roast chestnuts</li></ul><p>Free entry</p>', 'Mulled cider Roast chestnuts Free entry' ),
			'paragraphs'         => array( '<p>Butter</p><p>Flour</p>', 'Butter Flour' ),
			'line breaks'        => array( "Butter<br>Flour<br />Salt\nSugar", 'Butter Flour Salt Sugar' ),
			'cells'              => array( '<table><tr><td>Butter</td><td>Flour</td></tr></table>', 'Butter Flour' ),
			'formatting'         => array( 'But<strong>ter</strong> &amp; <em>Flour</em>', 'Butter & Flour' ),
		);
	}

	public function test_each_page_of_a_divided_post_has_its_address(): void {
		$GLOBALS['wp_rewrite']->set_permalink_structure( '/%postname%/' );
		$post_id = $this->post( array( 'post_content' => "<p>River.</p>\n<!--nextpage-->\n<p>Hill.</p><!--nextpage--><p>Home.</p>" ) );
		$url     = get_permalink( $post_id );
		$document = change_for( $post_id, 5 )['document'];
		$this->assertSame( array( "{$url}2/", "{$url}3/" ), $document['page_urls'] );
		$this->assertSame( 2, substr_count( $document['html'], '<!--nextpage-->' ) );

		$GLOBALS['wp_rewrite']->set_permalink_structure( '' );
		$url = get_permalink( $post_id );
		$this->assertSame( array( "$url&page=2", "$url&page=3" ), change_for( $post_id, 5 )['document']['page_urls'] );
	}

	public function test_the_language_of_a_post_is_polylangs_or_wpmls(): void {
		$post_id = $this->post();
		$wpml    = static fn( $details, $id ) => $id === $post_id ? array( 'locale' => 'cy_GB' ) : $details;
		add_filter( 'wpml_post_language_details', $wpml, 10, 2 );
		$this->assertSame( 'cy-GB', change_for( $post_id, 5 )['document']['language'] );
		remove_filter( 'wpml_post_language_details', $wpml, 10 );
		$polylang = $this->in_another_request(
			'function pll_get_post_language( $id, $field ) { return "locale" === $field ? "de_DE" : ""; }',
			"require WP_PLUGIN_DIR . '/rag-ask/includes/functions.php'; echo json_encode( RagAsk\\change_for( $post_id, 5 )['document']['language'] );"
		);
		$this->assertSame( 'de-DE', $polylang );
	}

	public function test_comments_come_along_where_they_are_included(): void {
		$post_id = $this->post();
		foreach ( array( array( 'Lovely <b>scones</b>.', 1 ), array( 'Not looked at yet.', 0 ), array( 'Buy pills.', 'spam' ) ) as list( $text, $approved ) ) {
			wp_insert_comment( array( 'comment_post_ID' => $post_id, 'comment_author' => 'Ben <i>', 'comment_content' => $text, 'comment_approved' => $approved ) );
		}
		$this->assertStringNotContainsString( 'scones', change_for( $post_id, 5 )['document']['html'] );
		update_option( Settings::OPTION, array( 'include_comments' => true ) );
		$html = change_for( $post_id, 5 )['document']['html'];
		$this->assertStringContainsString( '<p>Ben &lt;i&gt;: Lovely <b>scones</b>.</p>', $html );
		$this->assertStringNotContainsString( 'Not looked at', $html );
		$this->assertStringNotContainsString( 'pills', $html );
	}

	public function test_a_product_of_a_shop_is_a_document(): void {
		register_post_type( 'product', array( 'public' => true, 'supports' => array( 'title', 'editor' ) ) );
		register_taxonomy( 'product_cat', 'product', array( 'public' => true ) );
		update_option( Settings::OPTION, array( 'post_types' => array( 'product' ), 'meta_keys' => array( '_sku' ) ) );
		$post_id = $this->post( array( 'post_type' => 'product', 'post_excerpt' => '<p>Short description.</p>' ) );
		wp_set_object_terms( $post_id, 'Bread', 'product_cat' );
		add_post_meta( $post_id, '_sku', 'RYE-1' );
		$document = change_for( $post_id, 5 )['document'];
		unregister_taxonomy( 'product_cat' );
		unregister_post_type( 'product' );
		$this->assertSame( 'Short description.', $document['excerpt'] );
		$this->assertSame( array( array( 'taxonomy' => 'product_cat', 'name' => 'Bread' ) ), $document['terms'] );
		$this->assertSame( array( array( 'name' => '_sku', 'value' => 'RYE-1' ) ), $document['fields'] );
		$this->assertSame( '', $document['author'], 'products show none' );
	}

	public function test_the_content_hash_changes_with_what_is_indexed_and_with_nothing_else(): void {
		update_option( Settings::OPTION, array( 'meta_keys' => array( 'Phone' ), 'include_comments' => true ) );
		$GLOBALS['wp_rewrite']->set_permalink_structure( '/%postname%/' );
		$post_id = $this->post( array( 'post_type' => 'post' ) );
		$hash    = fn() => expected_hash( $post_id );
		$last    = $hash();
		$this->assertMatchesRegularExpression( '/\A[0-9a-f]{64}\z/', $last );
		add_post_meta( $post_id, '_edit_lock', '1:1' );
		set_current_screen( 'edit-post' );
		wp_set_current_user( 1 );
		$this->assertSame( $last, $hash(), 'the same in an admin request' );
		unset( $GLOBALS['current_screen'] );
		$changes = array(
			'title'   => static fn() => wp_update_post( array( 'ID' => $post_id, 'post_title' => 'Other' ) ),
			'content' => static fn() => wp_update_post( array( 'ID' => $post_id, 'post_content' => 'Other' ) ),
			'slug'    => static fn() => wp_update_post( array( 'ID' => $post_id, 'post_name' => 'other' ) ),
			'excerpt' => static fn() => wp_update_post( array( 'ID' => $post_id, 'post_excerpt' => 'Other' ) ),
			'term'    => static fn() => wp_set_object_terms( $post_id, 'Other', 'post_tag' ),
			'field'   => static fn() => add_post_meta( $post_id, 'Phone', '1' ),
			'comment' => static fn() => wp_insert_comment( array( 'comment_post_ID' => $post_id, 'comment_content' => 'Other', 'comment_approved' => 1 ) ),
		);
		foreach ( $changes as $name => $change ) {
			$change();
			$this->assertNotSame( $last, $hash(), $name );
			$last = $hash();
		}
		change_for( $post_id, 99 );
		$this->assertSame( $last, $hash(), 'the version is no part of it' );
		$GLOBALS['wp_rewrite']->set_permalink_structure( '' );
	}

	public function test_a_push_from_an_admin_request_renders_what_visitors_see(): void {
		set_current_screen( 'edit-post' );
		$seen = $this->with_shortcode( static fn() => is_admin() ? 'for admins' : 'for visitors' );
		$this->assertTrue( is_admin(), 'put back' );
		unset( $GLOBALS['current_screen'] );
		$this->assertStringContainsString( 'for visitors', $seen['document']['html'] );
	}

	public function test_a_private_post_is_for_the_roles_that_may_read_it(): void {
		update_option( Settings::OPTION, array( 'index_private' => true ) );
		$document = change_for( $this->post( array( 'post_status' => 'private' ) ), 5 )['document'];
		$this->assertSame( array( 'role:administrator', 'role:editor' ), $document['groups'] );
		$this->assertSame( 'Opening hours', $document['title'], 'without "Private:"' );
	}

	public function test_a_filter_decides_who_may_read_a_post(): void {
		$post_id  = $this->post();
		$audience = static fn( array $groups, \WP_Post $post ) => $post->ID === $post_id ? array( 'members', 'members', 7, '' ) : $groups;
		add_filter( 'rag_ask_audience', $audience, 10, 2 );
		$groups = change_for( $post_id, 5 )['document']['groups'];
		remove_filter( 'rag_ask_audience', $audience, 10 );
		$this->assertSame( array( 'members' ), $groups );

		add_filter( 'rag_ask_audience', '__return_empty_array' );
		$groups = change_for( $post_id, 5 )['document']['groups'];
		remove_filter( 'rag_ask_audience', '__return_empty_array' );
		$this->assertSame( array( 'nobody' ), $groups );
	}

	public function test_images_of_the_media_library_go_along_under_their_heading(): void {
		$shop  = $this->image();
		$image = static fn( int $id, string $alt, string $more = '' ): string => "<p><img class=\"wp-image-$id\" alt=\"$alt\" src=\"/x.jpg\" $more></p>";
		$html  = $image( $shop, 'Before' ) . "<h2>The <em>little</em>\n shop</h2>" . $image( $shop, 'Window &amp; door' );
		// Decorative, not of the library, an icon, media of protected posts.
		$html .= $image( $shop, '' ) . '<img alt="Elsewhere" src="https://elsewhere.example/x.jpg">' . $image( 99999, 'Gone' ) . $image( $this->image( 0, 40 ), 'Icon' );
		$html .= $image( $this->image( $this->post( array( 'post_status' => 'private' ) ) ), 'Private' );
		$html .= $image( $this->image( $this->post( array( 'post_password' => 'secret' ) ) ), 'Password' );
		$html .= '<h2>Empty</h2>' . $image( $this->image( $this->post( array( 'post_status' => 'draft' ) ) ), 'Draft' );

		$images = change_for( $this->post( array( 'post_content' => $html ) ), 5 )['document']['images'];
		$url    = home_url( '/wp-content/uploads/shop-300x200.jpg' );
		$this->assertSame(
			array(
				array( 'heading' => '', 'url' => $url, 'alt' => 'Before', 'width' => 300, 'height' => 200 ),
				array( 'heading' => 'The little shop', 'url' => $url, 'alt' => 'Window & door', 'width' => 300, 'height' => 200 ),
			),
			$images
		);
		update_option( Settings::OPTION, array( 'index_private' => true ) );
		$this->assertSame( array(), change_for( $this->post( array( 'post_content' => $html, 'post_status' => 'private' ) ), 5 )['document']['images'] );
		add_filter( 'upload_dir', static fn( array $dir ): array => array( 'baseurl' => 'https://cdn.example/uploads' ) + $dir );
		$this->assertSame( array(), change_for( $this->post( array( 'post_content' => $html ) ), 5 )['document']['images'] );
		remove_all_filters( 'upload_dir' );
	}

	/** An image of the library that a post has. */
	private function image( int $parent = 0, int $width = 300 ): int {
		$id    = wp_insert_attachment( array( 'post_mime_type' => 'image/jpeg', 'post_title' => 'Shop', 'post_status' => 'inherit' ), 'shop.jpg', $parent );
		$sizes = array( 'medium' => array( 'file' => 'shop-300x200.jpg', 'width' => $width, 'height' => 200, 'mime-type' => 'image/jpeg' ) );
		wp_update_attachment_metadata( $id, array( 'file' => 'shop.jpg', 'width' => 1200, 'height' => 800, 'sizes' => $sizes ) );
		return $id;
	}

	private function with_shortcode( callable $shortcode ): array {
		add_shortcode( 'test_box', $shortcode );
		try {
			return change_for( $this->post( array( 'post_content' => '[test_box]' ) ), 5 );
		} finally {
			remove_shortcode( 'test_box' );
		}
	}

	private function delete_of( int $post_id ): array {
		return array(
			'op'       => 'delete',
			'priority' => 0,
			'id'       => $post_id,
			'version'  => 5,
		);
	}
}
