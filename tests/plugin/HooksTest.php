<?php

namespace RagAsk\Tests;

use RagAsk\Address;
use RagAsk\Ask_Box;
use RagAsk\Ask_Texts;
use RagAsk\Audience;
use RagAsk\Guest_Doubt;
use RagAsk\Settings;
use RagAsk\Sidecar;
use RagAsk\Token_Route;
use RagAsk\Visitor_Address;
use RagAsk\Way;

use function RagAsk\change_for;
use function RagAsk\exclusion_reason;

/**
 * docs/developers/hooks.md names every hook of the plugin, and each example does what it says.
 */
final class HooksTest extends TestCase {

	use WithSidecar;

	private const PAGE   = __DIR__ . '/../../docs/developers/hooks.md';
	private const PLUGIN = __DIR__ . '/../../wordpress-plugin';

	/** What is undone after each test, for the examples add closures. */
	private array $hooks_before;

	private \WP_Query $query_before;

	protected function setUp(): void {
		parent::setUp();
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
		$this->query_before = $GLOBALS['wp_query'];
		$this->hooks_before = array_map( static fn( $hook ) => clone $hook, $GLOBALS['wp_filter'] );
	}

	protected function tearDown(): void {
		$GLOBALS['wp_filter'] = $this->hooks_before;
		$GLOBALS['wp_query']  = $this->query_before;
		unset( $_COOKIE['my_consent'], $_SERVER['HTTP_X_MY_PROXY_CLIENT'] );
		delete_option( 'my_last_outcome' );
		wp_set_current_user( 0 );
		parent::tearDown();
	}

	public function test_the_page_has_each_hook_of_the_code_and_no_other(): void {
		$in_code = array();
		$files   = new \RecursiveIteratorIterator( new \RecursiveDirectoryIterator( realpath( self::PLUGIN ) ) );
		foreach ( $files as $file ) {
			if ( 'php' === $file->getExtension() ) {
				preg_match_all( "/(?:apply_filters|do_action)\\(\\s*'(rag_ask_\\w+)'/", file_get_contents( $file->getPathname() ), $found );
				array_push( $in_code, ...$found[1] );
			}
		}
		$in_code = array_values( array_unique( $in_code ) );
		$on_page = array_keys( self::examples() );
		sort( $in_code );
		sort( $on_page );
		$this->assertSame( $in_code, $on_page );
		$tested = array_keys( $this->effects() );
		sort( $tested );
		$this->assertSame( $on_page, $tested );
	}

	/**
	 * @dataProvider hooks
	 */
	public function test_the_example_changes_what_the_page_says( string $hook, string $example ): void {
		$effect   = $this->effects()[ $hook ];
		$expected = $this->expected()[ $hook ];
		$this->assertNotSame( $expected, $effect() );
		eval( $example );
		$this->assertSame( $expected, $effect() );
	}

	public function hooks(): array {
		$examples = self::examples();
		return array_map( null, array_combine( array_keys( $examples ), array_keys( $examples ) ), $examples );
	}

	public function test_a_listener_that_breaks_stops_no_push(): void {
		$posts = array( $this->post(), $this->post( array( 'post_title' => 'Prices' ) ) );
		self::$sidecar->answers( array( 'status' => 202 ) );
		add_action( 'rag_ask_pushed', static fn() => throw new \RuntimeException( 'no' ) );
		$log = $this->logged( fn() => $this->assertSame( 2, $this->push()['settled'] ) );
		$this->assertSame( 2, substr_count( $log, 'another plugin failed after a push: no' ) );
		$this->assertSame( array( 'settled', 'settled' ), array_map( fn( $post_id ) => $this->row( $post_id )->state, $posts ) );
	}

	public function test_no_listener_hears_of_posts_that_only_wait(): void {
		self::$sidecar->answers( array( 'status' => 503, 'error' => array( 'database_unavailable', 'Come back.' ) ) );
		$this->post();
		add_action( 'rag_ask_failed', static fn() => throw new \RuntimeException( 'heard' ) );
		$this->assertSame( '', $this->logged( fn() => $this->push() ) );
	}

	/**
	 * The example of each hook.
	 *
	 * @return array<string, string>
	 */
	private static function examples(): array {
		preg_match_all( '/^### (\w+)\n.*?```php\n(.*?)```/ms', file_get_contents( self::PAGE ), $found );
		return array_combine( $found[1], $found[2] );
	}

	/**
	 * What each hook changes, as a function that says how it is now.
	 *
	 * @return array<string, callable>
	 */
	private function effects(): array {
		$document = fn( string $key ) => change_for( $this->post(), 5 )['document'][ $key ];
		$member   = fn() => Audience::of_visitor( new \WP_User( wp_insert_user( array( 'user_login' => wp_generate_password( 9, false ), 'user_pass' => 'x', 'role' => 'subscriber' ) ) ) );
		$token    = fn( string $key ) => Token_Route::token( new \WP_REST_Request( 'POST', '/rag-ask/v1/token' ) )->get_data()[ $key ] ?? 'none';
		return array(
			'rag_ask_is_public'         => fn() => exclusion_reason( get_post( $this->post( array( 'post_title' => 'Internal' ) ) ) ),
			'rag_ask_document'          => fn() => $document( 'author' ),
			'rag_ask_fields'            => fn() => $document( 'fields' ),
			'rag_ask_audience'          => function (): array {
				$post_id = $this->post( array( 'post_type' => 'post' ) );
				wp_set_post_tags( $post_id, 'members' );
				return Audience::of_post( get_post( $post_id ) );
			},
			'rag_ask_visitor_groups'    => $member,
			'rag_ask_guest_plugins'     => fn() => ( new \ReflectionMethod( Guest_Doubt::class, 'known' ) )->invoke( null )['my-members'] ?? '',
			'rag_ask_pushed'            => function (): bool {
				$post_id = $this->post();
				self::$sidecar->answers( array( 'status' => 202 ) );
				$this->push();
				return '' !== get_post_meta( $post_id, '_asked_since', true );
			},
			'rag_ask_failed'            => function (): bool {
				$this->post();
				self::$sidecar->answers( array( 'status' => 400, 'error' => array( 'invalid_request', 'No.' ) ) );
				return str_contains( $this->logged( fn() => $this->push() ), 'is not indexed: No.' );
			},
			'rag_ask_question_answered' => function (): string {
				self::$sidecar->answers( array( 'status' => 200, 'json' => $this->contract( 'ask-response' ) ) );
				Sidecar::ask( array( 'question' => 'When?' ), 'tester', array( 'public' ) );
				return (string) get_option( 'my_last_outcome' );
			},
			'rag_ask_consent'           => fn() => $token( 'code' ),
			'rag_ask_challenge'         => fn() => $token( 'code' ),
			'rag_ask_visitor_address'   => function (): string {
				$_SERVER['HTTP_X_MY_PROXY_CLIENT'] = '192.0.2.7';
				return bin2hex( Visitor_Address::bytes() );
			},
			'rag_ask_addresses'         => fn() => in_array( 'https://shop.example', Address::urls(), true ),
			'rag_ask_ask_url'           => fn() => Way::straight_url(),
			'rag_ask_feedback_url'      => fn() => $token( 'feedback_url' ),
			'rag_ask_texts'             => fn() => Ask_Texts::of_answers()['thinking'],
			'rag_ask_contact'           => fn() => str_contains( Ask_Box::shortcode( '' ), 'Ask the bakers' ),
			'rag_ask_panel'             => function (): bool {
				update_option( Settings::OPTION, array( 'panel' => true ) );
				$page_id             = get_page_by_path( 'checkout' )->ID ?? $this->post( array( 'post_name' => 'checkout' ) );
				$GLOBALS['wp_query'] = new \WP_Query( array( 'page_id' => $page_id ) );
				return ( new \ReflectionMethod( \RagAsk\Ask_Panel::class, 'is_wanted' ) )->invoke( null );
			},
			'rag_ask_box'               => fn() => str_starts_with( Ask_Box::shortcode( '' ), '<aside>' ),
		);
	}

	/**
	 * What the effect is with the example.
	 */
	private function expected(): array {
		return array(
			'rag_ask_is_public'         => 'filter',
			'rag_ask_document'          => 'The bakers',
			'rag_ask_fields'            => array( array( 'name' => 'Allergens', 'value' => 'Wheat, milk' ) ),
			'rag_ask_audience'          => array( 'club' ),
			'rag_ask_visitor_groups'    => array( 'public', 'role:subscriber', 'club' ),
			'rag_ask_guest_plugins'     => 'membership',
			'rag_ask_pushed'            => true,
			'rag_ask_failed'            => true,
			'rag_ask_question_answered' => 'answered',
			'rag_ask_consent'           => 'consent_missing',
			'rag_ask_challenge'         => 'challenge_failed',
			'rag_ask_visitor_address'   => 'c0000207',
			'rag_ask_addresses'         => true,
			'rag_ask_ask_url'           => 'https://ask.example/v1/ask',
			'rag_ask_feedback_url'      => 'https://ratings.example/v1/feedback',
			'rag_ask_texts'             => 'One moment …',
			'rag_ask_contact'           => true,
			'rag_ask_panel'             => false,
			'rag_ask_box'               => true,
		);
	}
}
