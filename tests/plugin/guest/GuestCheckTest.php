<?php

namespace RagAsk\Tests;

use RagAsk\Guest_Access;
use RagAsk\Guest_Request;
use RagAsk\Guest_Verdict;
use RagAsk\Outbox;
use function RagAsk\exclusion_reason;
use function RagAsk\expected_hash;

final class GuestCheckTest extends TestCase {

	use GuestSite;

	/** Fails as a server does that is too busy, or a firewall, before WordPress starts. */
	private const BROKEN = 'if ( PHP_SAPI !== "cli" ) { http_response_code( %d ); exit( "Try again." ); }';

	public function test_all_pages_of_a_paged_post_are_asked_for(): void {
		$this->choose( 'always' );
		$post_id = $this->post( array( 'post_content' => "<p>The first page is about tea.</p>\n<!--nextpage-->\n<p>The second is about scones.</p>\n<!--nextpage-->\n<p>The third is about jam.</p>" ) );
		$html    = $this->pushed( $post_id )['document']['html'];
		foreach ( array( 'about tea', 'about scones', 'about jam' ) as $text ) {
			$this->assertStringContainsString( $text, $html );
		}
		$this->assertSame( Guest_Verdict::SEEN, Guest_Verdict::of( $post_id )->kind );
	}

	public function test_the_pages_of_a_post_have_the_addresses_of_core(): void {
		$post_id = $this->post( array( 'post_type' => 'post', 'post_name' => 'tea', 'post_content' => 'One.<!--nextpage-->Two.' ) );
		$asked   = fn() => \RagAsk\page_addresses( get_post( $post_id ) );
		$url     = self::$site->url;
		$this->assertSame( array( "$url/?p=$post_id", "$url/?p=$post_id&page=2" ), $asked() );
		$this->set_permalinks( '/%postname%/' );
		try {
			$this->assertSame( array( "$url/tea/", "$url/tea/2/" ), $asked() );
		} finally {
			$this->set_permalinks( '' );
		}
	}

	public function test_text_that_changes_with_each_request_costs_only_itself(): void {
		$this->choose( 'always' );
		$this->use_plugin( 'add_shortcode( "visitors", fn() => "You are visitor " . bin2hex( random_bytes( 6 ) ) . "." );' );
		$post_id  = $this->post( array( 'post_content' => "<p>We bake scones each morning. [visitors] Our jam is made of plums.</p>\n<p>[visitors]</p>\n<p>The yard is open.</p>" ) );
		$document = $this->pushed( $post_id )['document'];
		$text     = wp_strip_all_tags( $document['html'] );
		$this->assertStringContainsString( 'We bake scones each morning.', $text );
		$this->assertStringContainsString( 'Our jam is made of plums.', $text );
		$this->assertStringContainsString( 'The yard is open.', $text );
		$this->assertStringNotContainsString( 'visitor', $text );
	}

	public function test_a_post_of_mostly_changing_text_stays(): void {
		$this->choose( 'always' );
		$this->use_plugin( 'add_shortcode( "numbers", fn() => implode( ". ", array_map( fn() => bin2hex( random_bytes( 6 ) ), range( 1, 40 ) ) ) );' );
		$document = $this->pushed( $this->post( array( 'post_content' => "<p>Numbers of the day.</p>\n[numbers]" ) ) )['document'];
		$this->assertStringContainsString( 'Numbers of the day.', $document['html'] );
	}

	public function test_the_same_text_in_another_form_is_seen(): void {
		$this->choose( 'always' );
		$this->use_plugin( 'add_action( "template_redirect", fn() => add_filter( "the_content", fn( $html ) => str_replace( array( "the kettle", "sings" ), array( "THE&nbsp;<em>Kettle</em>", "si&shy;ngs &#8212;" ), $html ), 99 ) );' );
		$content = "<p>\"Crumb's\" café -- the kettle sings at 7, don't you know...   \n 茶を飲みましょう。</p>";
		$post_id = $this->post( array( 'post_content' => $content ) );
		$this->assertStringContainsString( 'kettle', $this->pushed( $post_id )['document']['html'] );
		$this->assertSame( array( Guest_Verdict::SEEN, array() ), array( Guest_Verdict::of( $post_id )->kind, Guest_Verdict::of( $post_id )->hidden ) );
	}

	/**
	 * @dataProvider refusals
	 */
	public function test_a_page_that_guests_do_not_get_excludes_the_post( string $code, string $why ): void {
		$this->choose( 'always' );
		$other_id = $this->post( array( 'post_content' => '<p>Something else.</p>' ) );
		$post_id  = $this->post( array( 'post_content' => '<p>The vault code is heron seventy.</p>' ) );
		$this->use_plugin( sprintf( 'if ( PHP_SAPI !== "cli" ) { add_action( "wp", function () { if ( is_page( %d ) ) { $other = get_permalink( %d ); %s } } ); }', $post_id, $other_id, $code ) );
		$this->assertSame( 'delete', $this->pushed( $post_id )['op'] );
		$this->assertSame( $why, Guest_Verdict::why_unseen( $post_id ) );
		$this->assertSame( array( 'guest', '' ), array( exclusion_reason( get_post( $post_id ) ), expected_hash( $post_id ) ) );
		$this->assertSame( 1, Guest_Verdict::count_unseen() );
		wp_update_post( array( 'ID' => $post_id, 'post_status' => 'draft' ) );
		$this->pushed( $post_id );
		$this->assertSame( 0, Guest_Verdict::count_unseen(), 'a draft is excluded for another reason' );
	}

	public function refusals(): array {
		return array(
			'missing'            => array( 'status_header( 404 ); exit;', 'status 404' ),
			'to be paid for'     => array( 'status_header( 402 ); exit;', 'status 402' ),
			'a message'          => array( 'wp_die( "Members only." );', 'status 500' ),
			'another post'       => array( 'wp_redirect( $other ); exit;', 'redirect' ),
			'another host'       => array( 'wp_redirect( "https://join.example/" ); exit;', 'redirect' ),
			'another port'       => array( 'wp_redirect( "http://127.0.0.1:9/" ); exit;', 'redirect' ),
			'the login'          => array( 'auth_redirect();', 'login' ),
			'a form to log in'   => array( 'exit( \'<form><input type="password"></form>\' );', 'login' ),
			'itself, for ever'   => array( 'wp_redirect( get_permalink() ); exit;', 'redirect' ),
			'another text'       => array( 'exit( "<p>Come back tomorrow, please.</p>" );', 'text' ),
		);
	}

	public function test_a_redirect_that_corrects_the_address_is_followed(): void {
		$this->choose( 'always' );
		$post_id = $this->post();
		$this->use_plugin( sprintf( 'add_action( "wp", function () { if ( empty( $_GET["again"] ) ) { wp_redirect( add_query_arg( "again", 1, get_permalink( %d ) ) ); exit; } } );', $post_id ) );
		$this->assertSame( 'upsert', $this->pushed( $post_id )['op'] );
	}

	public function test_a_post_that_leads_to_another_site_is_never_asked_for(): void {
		$this->choose( 'always' );
		$this->use_plugin( 'add_filter( "page_link", fn() => "http://127.0.0.1:9/elsewhere" );' );
		$post_id = $this->post();
		$this->assertSame( 'upsert', $this->pushed( $post_id )['op'] );
		$this->assertSame( '', get_option( Guest_Access::OPTION, '' ) );
	}

	public function test_a_fatal_error_of_the_page_says_nothing_of_the_post(): void {
		$this->choose( 'always' );
		$post_id = $this->post();
		$this->use_plugin( 'add_action( "template_redirect", function () { ini_set( "display_errors", 0 ); ini_set( "error_log", "/dev/null" ); no_such_function(); } );' );
		$this->assertSame( 'upsert', $this->pushed( $post_id )['op'] );
		$this->assertSame( 'HTTP 500', get_option( Guest_Access::OPTION )['message'] );
	}

	public function test_a_filter_that_acts_in_page_requests_only_is_suspected(): void {
		$this->use_plugin( 'add_filter( "the_content", fn( $html ) => did_action( "wp" ) && ! is_user_logged_in() ? "Join to read this." : $html );' );
		// No more samples.
		$this->in_another_request( '', 'echo json_encode( update_option( RagAsk\Guest_Doubt::OPTION, array( "environment" => RagAsk\Guest_Doubt::environment(), "is_hiding" => false, "samples" => 3 ), false ) );' );
		wp_cache_flush();
		$this->assertSame( 'delete', $this->pushed( $this->post( array( 'post_content' => '<p>The vault code is heron seventy.</p>' ) ) )['op'] );
	}

	/**
	 * @dataProvider addresses
	 */
	public function test_only_addresses_of_this_site_are_opened( string $home, string $url, bool $is_here ): void {
		update_option( 'home', $home );
		$this->assertSame( $is_here, Guest_Request::is_here( $url ) );
	}

	public function addresses(): array {
		return array(
			'itself'                => array( 'http://tea.example', 'http://tea.example/menu/?p=2', true ),
			'https'                 => array( 'http://tea.example', 'https://tea.example/', true ),
			'its default port'      => array( 'https://tea.example', 'https://TEA.example:443/', true ),
			'with www'              => array( 'https://tea.example', 'https://www.tea.example/', true ),
			'its own port'          => array( 'http://tea.example:8080', 'http://tea.example:8080/', true ),
			'another port'          => array( 'http://tea.example', 'http://tea.example:8080/', false ),
			'another host'          => array( 'http://tea.example', 'http://tea.example.net/', false ),
			'another host before @' => array( 'http://tea.example', 'http://tea.example@169.254.169.254/', false ),
			'another protocol'      => array( 'http://tea.example', 'ftp://tea.example/', false ),
			'no address'            => array( 'http://tea.example', '/menu/', false ),
		);
	}

	/**
	 * @dataProvider stale
	 */
	public function test_an_answer_from_a_cache_may_be_older_than_the_post( string $cached ): void {
		$this->choose( 'always' );
		$post_id = $this->post();
		// Answers before this plugin is loaded, as a page cache does.
		$this->use_plugin( "if ( PHP_SAPI !== 'cli' && empty( \$_GET['rag_ask_guest'] ) ) { $cached }" );
		$this->assertSame( 'upsert', $this->pushed( $post_id )['op'] );
		$this->assertSame( Guest_Verdict::SEEN, Guest_Verdict::of( $post_id )->kind );
	}

	public function stale(): array {
		return array(
			'an old text'     => array( 'exit( "<main>Opening hours: We open at six.</main>" );' ),
			'an old redirect' => array( 'header( "Location: /elsewhere/" ); exit;' ),
		);
	}

	public function test_an_old_page_of_a_cache_that_nothing_passes_is_not_trusted_over_the_title(): void {
		$this->choose( 'always' );
		$post_id = $this->post();
		$this->use_plugin( 'if ( PHP_SAPI !== "cli" ) { exit( "<p>This domain is for sale.</p>" ); }' );
		$this->assertSame( 'upsert', $this->pushed( $post_id )['op'] );
		$this->assertSame( 'another page answers', get_option( Guest_Access::OPTION )['message'] );
	}

	public function test_saving_and_reading_a_post_requests_nothing(): void {
		$this->choose( 'always' );
		$asked = array();
		$spy   = static function ( $answer, $options, $url ) use ( &$asked ) {
			$asked[] = $url;
			return $answer;
		};
		add_filter( 'pre_http_request', $spy, 10, 3 );
		try {
			$post_id = $this->post();
			wp_update_post( array( 'ID' => $post_id, 'post_content' => '<p>We open at eight.</p>' ) );
			exclusion_reason( get_post( $post_id ) );
			expected_hash( $post_id );
			\RagAsk\is_guest_check_due( $post_id );
			Guest_Verdict::queue_due();
			$this->assertSame( array(), $asked );
			\RagAsk\change_for( $post_id, 5 );
			$this->assertSame( array( get_permalink( $post_id ) ), $asked );
		} finally {
			remove_filter( 'pre_http_request', $spy, 10 );
		}
	}

	public function test_what_a_visitors_request_shows_of_plugins_holds_for_an_admins(): void {
		update_option( \RagAsk\Guest_Doubt::OPTION, array( 'environment' => \RagAsk\Guest_Doubt::environment(), 'is_hiding' => false, 'samples' => 3 ), false );
		$this->assertFalse( \RagAsk\Guest_Doubt::is_site_in_doubt() );
		$hide = static fn() => null;
		add_action( 'template_redirect', $hide );
		$found = \RagAsk\Guest_Doubt::is_site_in_doubt();
		remove_action( 'template_redirect', $hide );
		$this->assertTrue( $found );
		$this->assertTrue( \RagAsk\Guest_Doubt::is_site_in_doubt() );
	}

	/**
	 * @dataProvider failures
	 */
	public function test_a_request_that_fails_says_nothing_of_the_post( int $status ): void {
		$this->choose( 'always' );
		$seen_id   = $this->post();
		$hidden_id = $this->post( array( 'post_content' => '<p>The vault code is heron seventy.</p>' ) );
		$this->use_plugin( sprintf( 'add_action( "template_redirect", fn() => is_page( %d ) && auth_redirect() );', $hidden_id ) );
		$before = array_column( $this->pushed_all( array( $seen_id, $hidden_id ) ), 'op' );
		$this->use_plugin( sprintf( self::BROKEN, $status ) );
		wp_update_post( array( 'ID' => $hidden_id, 'post_content' => '<p>The vault code is heron eighty.</p>' ) );
		wp_update_post( array( 'ID' => $seen_id, 'post_content' => '<p>We open at eight.</p>' ) );

		$this->assertSame( array( 'upsert', 'delete' ), $before );
		$this->assertSame( $before, array_column( $this->pushed_all( array( $seen_id, $hidden_id ) ), 'op' ) );
		$this->assertSame( "HTTP $status", get_option( Guest_Access::OPTION )['message'] );
		$this->assertGreaterThan( time(), Guest_Verdict::of( $hidden_id )->due );
	}

	public function failures(): array {
		return array(
			'too busy'             => array( 429 ),
			'broken'               => array( 500 ),
			'maintenance'          => array( 503 ),
			'a firewall'           => array( 403 ),
			'another virtual host' => array( 404 ),
		);
	}

	public function test_a_host_that_forbids_it_is_not_asked_for_each_post(): void {
		$this->choose( 'always' );
		update_option( 'home', 'http://127.0.0.1:9' );
		$post_ids = array_map( fn() => $this->post( array( 'post_content' => '[bx_row width="full"]We grind lenses on Thursdays.[/bx_row]' ) ), range( 1, 6 ) );
		$changes  = $this->pushed_all( $post_ids );
		$this->assertSame( array( 'upsert' ), array_values( array_unique( array_column( $changes, 'op' ) ) ) );
		$this->assertSame( '<p>We grind lenses on Thursdays.</p>', trim( $changes[5]['document']['html'] ) );
		$this->assertSame( 3, get_option( Guest_Access::OPTION )['failures'] );
		$this->assertFalse( Guest_Access::is_open() );
		$this->assertStringContainsString( 'cannot request its own pages', Guest_Access::problem() );
	}

	public function test_a_page_that_hangs_is_given_up(): void {
		$this->choose( 'always' );
		$silent = stream_socket_server( 'tcp://127.0.0.1:0' );
		update_option( 'home', 'http://' . stream_socket_get_name( $silent, false ) );
		$post_id = $this->post();
		$this->assertSame( 'upsert', $this->pushed( $post_id )['op'] );
		$this->assertSame( 1, get_option( Guest_Access::OPTION )['failures'] );
		fclose( $silent );
	}

	public function test_a_huge_page_is_read_up_to_a_limit(): void {
		$this->choose( 'always' );
		$this->use_plugin( 'add_action( "template_redirect", function () { for ( $mb = 0; $mb < 5; $mb++ ) { echo str_repeat( "<p>much ado</p>", 80000 ); } exit; } );' );
		$post_id = $this->post();
		$this->assertSame( 'upsert', $this->pushed( $post_id )['op'] );
		$this->assertSame( Guest_Verdict::UNKNOWN, Guest_Verdict::of( $post_id )->kind );
		$this->assertSame( '', get_option( Guest_Access::OPTION, '' ) );
	}

	public function test_a_verdict_holds_until_the_post_or_who_may_read_it_changes(): void {
		$this->choose( 'always' );
		$this->use_plugin( 'add_action( "wp", fn() => update_option( "rag_ask_test_pages", get_option( "rag_ask_test_pages", 0 ) + 1 ) );' );
		$post_id = $this->post();
		$asked   = function () use ( $post_id ) {
			$this->pushed( $post_id );
			return (int) get_option( 'rag_ask_test_pages' );
		};
		$this->assertSame( array( 1, 1 ), array( $asked(), $asked() ) );
		wp_update_post( array( 'ID' => $post_id, 'post_content' => '<p>We open at eight.</p>' ) );
		$this->assertTrue( $this->is_due( $post_id ) );
		$this->assertSame( array( 2, 2 ), array( $asked(), $asked() ) );
		$this->assertFalse( $this->is_due( $post_id ) );
		add_post_meta( $post_id, '_members_only', 1 );
		$this->assertSame( array( 3, 3 ), array( $asked(), $asked() ) );
	}

	public function test_an_expired_verdict_is_queued(): void {
		$this->choose( 'always' );
		$post_id = $this->post();
		$this->pushed( $post_id );
		$this->settle( $post_id );
		Guest_Verdict::queue_due();
		$this->assertSame( 'settled', $this->row( $post_id )->state );
		update_post_meta( $post_id, '_rag_ask_guest_due', (string) ( time() - 1 ) );
		Guest_Verdict::queue_due();
		$this->assert_queued( $post_id );
		$this->assertSame( Outbox::SCAN, (int) $this->row( $post_id )->priority );
	}

	public function test_a_private_post_is_not_for_guests_and_not_asked_for(): void {
		update_option( \RagAsk\Settings::OPTION, array( 'guest_check' => 'always', 'index_private' => true ) );
		$post_id = $this->post( array( 'post_status' => 'private' ) );
		$this->assertSame( 'upsert', $this->pushed( $post_id )['op'] );
		$this->assertSame( '', get_post_meta( $post_id, '_rag_ask_guest', true ) );
	}

	public function test_shortcodes_that_only_pages_have_are_read_from_the_page(): void {
		$this->use_plugin( 'add_action( "template_redirect", function () { foreach ( array( "bx_row", "bx_text" ) as $tag ) { add_shortcode( $tag, fn( $a, $c ) => "<div>" . do_shortcode( $c ) . "</div>" ); } add_shortcode( "bx_price", fn() => "The loupe costs 12 euros." ); } );' );
		$html = $this->pushed( $this->post( array( 'post_content' => '[bx_row width="full"][bx_text color="#ff0000"]We grind lenses on Thursdays.[/bx_text][bx_price of="loupe"][/bx_row]' ) ) )['document']['html'];
		$this->assertStringContainsString( 'We grind lenses on Thursdays.', $html );
		$this->assertStringContainsString( 'The loupe costs 12 euros.', $html );
		$this->assertStringNotContainsString( '[', $html );
	}

	/**
	 * @dataProvider layouts
	 */
	public function test_a_layout_in_meta_is_read_from_the_page( string $content, $layout ): void {
		$this->use_plugin( 'add_action( "template_redirect", function () { add_filter( "the_content", function ( $html ) { $layout = get_post_meta( get_the_ID(), "_bx_layout", true ); return $layout ? implode( (array) $layout ) : $html; }, 9 ); } );' );
		$post_id = $this->post( array( 'post_content' => $content ) );
		add_post_meta( $post_id, '_bx_layout', $layout );
		$html = $this->pushed( $post_id )['document']['html'];
		$this->assertStringContainsString( 'Grinding wheels</h2>', $html );
		$this->assertStringContainsString( 'Our wheels turn at dawn.', $html );
		$this->assertStringNotContainsString( 'Opening hours', $html, 'the title and what stands around the content stay out' );
		$this->assertStringNotContainsString( 'Written before', $html );
	}

	public function layouts(): array {
		return array(
			'in place of nothing'     => array( '', '<h2>Grinding wheels</h2><p>Our wheels turn at dawn.</p>' ),
			'in place of an old text' => array( '<p>Written before the builder was bought, and shown to nobody.</p>', '<h2>Grinding wheels</h2><p>Our wheels turn at dawn.</p>' ),
			'in parts'                => array( '', array( '<h2>Grinding wheels</h2>', '<p>Our wheels turn at dawn.</p>' ) ),
		);
	}

	public function test_text_from_the_page_stays_in_the_index_when_the_page_cannot_be_opened(): void {
		$this->use_plugin( 'add_action( "template_redirect", fn() => add_filter( "the_content", fn() => "Our wheels turn at dawn." ) );' );
		$post_id = $this->post( array( 'post_content' => '' ) );
		$this->pushed( $post_id );
		$this->assertSame( Guest_Verdict::PAGE, Guest_Verdict::of( $post_id )->kind );
		update_option( 'home', 'http://127.0.0.1:9' );
		$this->expectExceptionMessage( 'Its text is taken from its page' );
		\RagAsk\change_for( $post_id, 5 );
	}

	public function test_an_empty_page_has_no_text(): void {
		$this->choose( 'always' );
		$this->assertSame( '', trim( wp_strip_all_tags( $this->pushed( $this->post( array( 'post_content' => '' ) ) )['document']['html'] ) ) );
	}

	private function is_due( int $post_id ): bool {
		return $this->in_another_request( '', "require WP_PLUGIN_DIR . '/rag-ask/includes/functions.php'; echo json_encode( RagAsk\is_guest_check_due( $post_id ) );" );
	}

	private function set_permalinks( string $structure ): void {
		$GLOBALS['wp_rewrite']->set_permalink_structure( $structure );
		$GLOBALS['wp_rewrite']->flush_rules( false );
	}
}
