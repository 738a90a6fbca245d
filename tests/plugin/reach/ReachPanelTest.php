<?php

namespace RagAsk\Tests;

use RagAsk\Reach;
use RagAsk\Reach_Health;
use RagAsk\Reach_Panel;
use RagAsk\Settings;
use RagAsk\Way;

final class ReachPanelTest extends TestCase {

	protected function tearDown(): void {
		$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
		unset( $_SERVER['HTTP_X_FORWARDED_FOR'] );
		parent::tearDown();
	}

	public function test_the_panel_tells_the_browser_where_to_ask_and_shows_what_it_found(): void {
		$html = self::printed( array( Reach_Panel::class, 'render' ) );
		$this->assertStringContainsString( 'data-straight-url="http://127.0.0.1:9/v1/probe"', $html );
		$this->assertStringContainsString( 'data-wordpress-url="' . esc_attr( rest_url( 'rag-ask/v1/probe' ) ) . '"', $html );
		$this->assertStringContainsString( 'data-is-due="1"', $html );
		$this->assertStringNotContainsString( '<li', $html );
		$this->report( 'buffered', 'blocked' );
		$html = self::printed( array( Reach_Panel::class, 'render' ) );
		$this->assertStringContainsString( 'data-is-due=""', $html );
		$this->assertMatchesRegularExpression( '#<li class="is-good">Straight from the browser \(in use\): .*\(buffered\)</li><li class="is-bad">Through WordPress: .*\(blocked\)</li>#', $html );
		$this->assertSame( '', self::printed( array( Reach_Panel::class, 'render_unseen' ) ), 'a fresh result is not tested again' );
	}

	public function test_the_test_runs_unseen_where_no_form_is_filled_in(): void {
		$_GET['tab'] = 'content';
		$this->assertSame( '', self::printed( array( Reach_Panel::class, 'render_unseen' ) ) );
		unset( $_GET['tab'] );
		$this->assertStringContainsString( 'data-reloads=""', self::printed( array( Reach_Panel::class, 'render_unseen' ) ) );
		$this->assertStringContainsString( 'data-reloads="1"', self::printed( static fn() => Reach_Panel::render_unseen( true ) ) );
	}

	public function test_site_health_says_whether_visitors_are_reached(): void {
		$this->assertSame( 'good', Reach_Health::test()['status'] );
		$this->assertStringContainsString( 'Not tested yet', Reach_Health::test()['description'] );
		$this->report( 'unreachable', 'blocked' );
		$this->assertSame( 'critical', Reach_Health::test()['status'] );
		$this->assertStringContainsString( '(unreachable)', Reach_Health::test()['description'] );
		$this->report( '', 'blocked' );
		$this->assertSame( 'good', Reach_Health::test()['status'] );
		$this->assertStringNotContainsString( '(blocked)', Reach_Health::test()['description'] );
	}

	public function test_site_health_notices_a_proxy_that_hides_the_visitors(): void {
		$_SERVER['REMOTE_ADDR']          = '10.0.0.2';
		$_SERVER['HTTP_X_FORWARDED_FOR'] = '198.51.100.7';
		$this->assertSame( 'recommended', Reach_Health::test()['status'] );
		$this->assertStringContainsString( '10.0.0.2', Reach_Health::test()['description'] );
		$presets = static fn() => Reach_Panel::presets( array( 'name' => 'trusted_presets' ) );
		$this->assertStringContainsString( 'that is not trusted', self::printed( $presets ) );
		update_option( Settings::OPTION, array( 'trusted_presets' => array( 'private' ) ) );
		$this->assertSame( 'good', Reach_Health::test()['status'] );
		$this->assertStringContainsString( 'counts as one from 198.51.100.7', self::printed( $presets ) );
		$this->assertMatchesRegularExpression( '#value="private" checked#', preg_replace( "#\s*checked='checked'#", ' checked', self::printed( $presets ) ) );
	}

	private function report( string $straight, string $through ): void {
		wp_set_current_user( 1 );
		$request = new \WP_REST_Request( 'POST', '/rag-ask/v1/reach' );
		$request->set_body_params( array( Way::STRAIGHT => $straight, Way::WORDPRESS => $through ) );
		$this->assertSame( 200, rest_do_request( $request )->get_status() );
		$this->assertNotNull( Reach::report() );
	}

	private static function printed( callable $print ): string {
		ob_start();
		$print();
		return ob_get_clean();
	}
}
