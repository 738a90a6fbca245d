<?php

namespace RagAsk\Tests;

use RagAsk\Settings;
use function RagAsk\exclusion_reason;

final class EligibilityTest extends TestCase {

	/**
	 * @dataProvider reasons
	 */
	public function test_the_reason_is_named( array $fields, array $meta, string $reason ): void {
		$post_id = $this->post( $fields );
		foreach ( $meta as $key => $value ) {
			add_post_meta( $post_id, $key, $value );
		}
		$this->assertSame( $reason, exclusion_reason( get_post( $post_id ) ) );
	}

	public function reasons(): array {
		return array(
			'indexed'                 => array( array(), array(), '' ),
			'draft'                   => array( array( 'post_status' => 'draft' ), array(), 'status' ),
			'private'                 => array( array( 'post_status' => 'private' ), array(), 'status' ),
			'scheduled'               => array( array( 'post_status' => 'future', 'post_date' => '2099-01-01 00:00:00' ), array(), 'status' ),
			'password'                => array( array( 'post_password' => 'open sesame' ), array(), 'password' ),
			'type'                    => array( array( 'post_type' => 'wp_block' ), array(), 'type' ),
			'excluded'                => array( array(), array( '_rag_ask_exclude' => '1' ), 'author' ),
			'not excluded'            => array( array(), array( '_rag_ask_exclude' => '0' ), '' ),
			'Yoast'                   => array( array(), array( '_yoast_wpseo_meta-robots-noindex' => '1' ), 'noindex' ),
			'Yoast, index'            => array( array(), array( '_yoast_wpseo_meta-robots-noindex' => '2' ), '' ),
			'Rank Math'               => array( array(), array( 'rank_math_robots' => array( 'nofollow', 'noindex' ) ), 'noindex' ),
			'Rank Math, index'        => array( array(), array( 'rank_math_robots' => array( 'index' ) ), '' ),
			'SEOPress'                => array( array(), array( '_seopress_robots_index' => 'yes' ), 'noindex' ),
			'The SEO Framework'       => array( array(), array( '_genesis_noindex' => '1' ), 'noindex' ),
			'only the box'            => array( array( 'post_content' => '<!-- wp:group --><div class="wp-block-group"><!-- wp:rag-ask/ask /--></div><!-- /wp:group -->' ), array(), 'box' ),
			'only the shortcode'      => array( array( 'post_content' => '[rag_ask label="Ask"]' ), array(), 'box' ),
			'the box and a text'      => array( array( 'post_content' => '<!-- wp:rag-ask/ask /--><!-- wp:paragraph --><p>Ask us.</p><!-- /wp:paragraph -->' ), array(), '' ),
			'no text and no box'      => array( array( 'post_content' => '' ), array(), '' ),
			'The SEO Framework, index' => array( array(), array( '_genesis_noindex' => '-1' ), '' ),
		);
	}

	public function test_the_table_of_all_in_one_seo_is_read(): void {
		global $wpdb;
		list( $hidden, $default, $shown ) = array( $this->post(), $this->post(), $this->post() );
		$wpdb->query( "CREATE TABLE {$wpdb->prefix}aioseo_posts (post_id bigint(20) NOT NULL, robots_default tinyint(1) NOT NULL, robots_noindex tinyint(1) NOT NULL)" );
		$wpdb->query( "INSERT INTO {$wpdb->prefix}aioseo_posts VALUES ($hidden, 0, 1), ($default, 1, 1), ($shown, 0, 0)" );
		// Whether the table is there is asked once a request.
		$reasons = $this->in_another_request( '', "require WP_PLUGIN_DIR . '/rag-ask/includes/functions.php'; echo json_encode( array_map( fn( \$id ) => RagAsk\\exclusion_reason( get_post( \$id ) ), array( $hidden, $default, $shown ) ) );" );
		$wpdb->query( "DROP TABLE {$wpdb->prefix}aioseo_posts" );
		$this->assertSame( array( 'noindex', '', '' ), $reasons );
	}

	public function test_a_filter_leaves_a_post_out(): void {
		add_filter( 'rag_ask_is_public', '__return_false' );
		$reason = exclusion_reason( get_post( $this->post() ) );
		remove_filter( 'rag_ask_is_public', '__return_false' );
		$this->assertSame( 'filter', $reason );
	}

	public function test_private_posts_are_in_when_the_site_owner_says_so(): void {
		update_option( Settings::OPTION, array( 'index_private' => true ) );
		$this->assertSame( '', exclusion_reason( get_post( $this->post( array( 'post_status' => 'private' ) ) ) ) );
	}

	public function test_only_who_may_edit_a_post_may_exclude_it(): void {
		$post_id = $this->post();
		$exclude = static function () use ( $post_id ) {
			$request = new \WP_REST_Request( 'POST', "/wp/v2/pages/$post_id" );
			$request->set_body_params( array( 'meta' => array( '_rag_ask_exclude' => '1' ) ) );
			return rest_do_request( $request )->get_status();
		};
		$this->assertSame( 401, $exclude() );
		$this->assertSame( '', get_post_meta( $post_id, '_rag_ask_exclude', true ) );
		wp_set_current_user( 1 );
		add_post_type_support( 'page', 'custom-fields' );
		$this->assertSame( 200, $exclude() );
		$this->assertSame( '1', get_post_meta( $post_id, '_rag_ask_exclude', true ) );
	}
}
