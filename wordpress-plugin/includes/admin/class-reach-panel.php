<?php
/**
 * Reach panel: how visitors reach the sidecar, its settings, and a test that the owner's browser makes.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The test runs in assets/reach.js, because only a browser finds what stops a browser.
 */
final class Reach_Panel {

	private const TAB     = 'advanced';
	private const SECTION = 'reach';
	private const SCRIPT  = 'rag-ask-reach';

	/**
	 * Register the settings.
	 */
	public static function register_fields(): void {
		add_settings_section( self::SECTION, __( 'How visitors reach the sidecar', 'rag-ask' ), array( self::class, 'render' ), Settings_Page::page_of( self::TAB ) );
		self::add_field( 'visitor_way', __( 'Way of questions', 'rag-ask' ), array( Settings_Fields::class, 'choice' ) );
		self::add_field( 'proxy_streams', __( 'Answers at a time through WordPress', 'rag-ask' ), array( Settings_Fields::class, 'number' ) );
		self::add_field( 'trusted_presets', __( 'Trusted proxies', 'rag-ask' ), array( self::class, 'presets' ) );
		self::add_field( 'trusted_proxies', __( 'Addresses of other trusted proxies', 'rag-ask' ), array( Settings_Fields::class, 'lines' ) );
	}

	/**
	 * Load the script where there is something to test.
	 *
	 * @param string $screen Name of the screen.
	 */
	public static function add_script( string $screen ): void {
		if ( in_array( $screen, array( 'settings_page_' . Settings_Page::SLUG, 'site-health.php' ), true ) && Connection::current() ) {
			wp_enqueue_script( self::SCRIPT, plugins_url( 'assets/reach.js', PLUGIN_FILE ), array( 'wp-api-fetch' ), VERSION, true );
		}
	}

	/**
	 * Print what was found, and the button.
	 */
	public static function render(): void {
		echo '<p>' . esc_html__( 'Questions go straight from the browser to the sidecar, which is fastest, or through WordPress, where the sidecar has no public HTTPS address.', 'rag-ask' ) . '</p>';
		if ( ! Connection::current() ) {
			return;
		}
		printf( '<div class="rag-ask-reach" %s>', self::data() ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- data() escapes.
		echo '<ul class="rag-ask-reach__lines">';
		foreach ( Reach::lines() as $line ) {
			printf( '<li class="%s">%s</li>', esc_attr( $line['is_open'] ? 'is-good' : 'is-bad' ), esc_html( $line['text'] ) );
		}
		printf( '</ul><p><button type="button" class="button">%s</button> <span role="status"></span></p></div>', esc_html__( 'Test as a visitor', 'rag-ask' ) );
	}

	/**
	 * On the overview and in Site Health the test runs unseen.
	 *
	 * @param bool $reloads Whether the page is loaded again when the test finds something new. In a form it would lose what is typed.
	 */
	public static function render_unseen( bool $reloads = false ): void {
		if ( Reach::is_due() && '' === Settings_Page::current_tab() ) {
			printf( '<div class="rag-ask-reach" hidden data-reloads="%s" %s></div>', $reloads ? '1' : '', self::data() ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- data() escapes.
		}
	}

	/**
	 * Checkboxes of the known proxies, and whom this request came from.
	 *
	 * @param array $field From register_fields().
	 */
	public static function presets( array $field ): void {
		$labels = array(
			'cloudflare' => __( 'Cloudflare (the addresses that it published on 2023-09-28)', 'rag-ask' ),
			'private'    => __( 'Private networks (a load balancer, Varnish or container proxy of your own)', 'rag-ask' ),
		);
		$name   = Settings::OPTION . '[' . $field['name'] . '][]';
		echo '<fieldset><legend class="screen-reader-text">' . esc_html__( 'Trusted proxies', 'rag-ask' ) . '</legend>';
		// Sends an empty list when no box is ticked.
		echo '<input type="hidden" name="' . esc_attr( $name ) . '" value="">';
		foreach ( Visitor_Address::PRESETS as $preset ) {
			printf( '<label><input type="checkbox" name="%s" value="%s"%s> %s</label><br>', esc_attr( $name ), esc_attr( $preset ), checked( in_array( $preset, Settings::get( $field['name'] ), true ), true, false ), esc_html( $labels[ $preset ] ) );
		}
		echo '</fieldset><p class="description">' . esc_html( self::this_request() ) . '</p>';
	}

	private static function this_request(): string {
		$problem = Visitor_Address::problem();
		if ( '' !== $problem ) {
			return $problem;
		}
		$found = inet_ntop( Visitor_Address::bytes() );
		return Visitor_Address::hops()
			/* translators: 1: an IP address, 2: an IP address, 3: one or more IP addresses. */
			? sprintf( __( 'This request of yours counts as one from %1$s. It came from %2$s with "X-Forwarded-For: %3$s".', 'rag-ask' ), $found, Visitor_Address::peer(), implode( ', ', Visitor_Address::hops() ) )
			/* translators: %s: an IP address. */
			: sprintf( __( 'This request of yours counts as one from %s. No proxy added X-Forwarded-For.', 'rag-ask' ), $found );
	}

	/**
	 * What the script needs, as escaped attributes.
	 */
	private static function data(): string {
		$data = array(
			'token-url'     => rest_url( 'rag-ask/v1/token' ),
			'straight-url'  => (string) preg_replace( '/ask$/', 'probe', Way::straight_url() ),
			'wordpress-url' => Ask_Proxy::url( 'probe' ),
			'is-due'        => Reach::is_due() ? '1' : '',
			'testing'       => __( 'Testing both ways…', 'rag-ask' ),
			'failed'        => __( 'The result could not be stored. Reload the page and try again.', 'rag-ask' ),
		);
		return implode( ' ', array_map( static fn( string $name, string $value ): string => sprintf( 'data-%s="%s"', $name, esc_attr( $value ) ), array_keys( $data ), $data ) );
	}

	private static function add_field( string $name, string $label, callable $draw ): void {
		add_settings_field(
			$name,
			$label,
			$draw,
			Settings_Page::page_of( self::TAB ),
			self::SECTION,
			array(
				'name'      => $name,
				'min'       => 1,
				'max'       => 100,
				'label_for' => 'trusted_presets' === $name ? '' : 'rag-ask-' . $name,
			)
		);
	}
}
