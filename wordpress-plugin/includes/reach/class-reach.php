<?php
/**
 * Reach: what the owner's browser found on the way that visitors take, and what to do about it.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The script assets/reach.js asks as a visitor does, on both ways. Its report is kept for the screens and for the choice of the way.
 */
final class Reach {

	public const OPTION = 'rag_ask_reach';

	private const ROUTE     = '/reach';
	private const OLD_S     = HOUR_IN_SECONDS;
	private const TIMEOUT_S = 5;

	/** On these ways answers arrive: at once, or when they are complete. */
	private const OPEN = array( '', 'buffered' );

	/**
	 * Register the route of the report.
	 */
	public static function register_route(): void {
		register_rest_route(
			'rag-ask/v1',
			self::ROUTE,
			array(
				'methods'             => 'POST',
				'callback'            => array( self::class, 'take' ),
				'permission_callback' => static fn(): bool => current_user_can( Settings_Page::CAPABILITY ),
				'args'                => array_fill_keys(
					array( Way::STRAIGHT, Way::WORDPRESS ),
					array(
						'type'     => 'string',
						'enum'     => array( '', ...array_keys( self::texts() ) ),
						'required' => true,
					)
				),
			)
		);
	}

	/**
	 * Keep a report.
	 *
	 * @param \WP_REST_Request $request What came of each way: a code, or empty.
	 */
	public static function take( \WP_REST_Request $request ): \WP_REST_Response {
		$shown  = self::problem() . Way::current();
		$report = array(
			'checked_at'   => time(),
			'of'           => self::both_ends(),
			Way::STRAIGHT  => self::straight( $request[ Way::STRAIGHT ] ),
			Way::WORDPRESS => $request[ Way::WORDPRESS ],
		);
		update_option( self::OPTION, $report, false );
		return new \WP_REST_Response(
			array(
				'lines'      => self::lines(),
				'is_changed' => self::problem() . Way::current() !== $shown,
			)
		);
	}

	/**
	 * The last report; null when there is none of this site's address and this sidecar.
	 *
	 * @return array{checked_at: int, of: string, straight: string, wordpress: string}|null
	 */
	public static function report(): ?array {
		$report = get_option( self::OPTION );
		return is_array( $report ) && self::both_ends() === ( $report['of'] ?? '' ) ? $report : null;
	}

	/**
	 * Whether it is time to ask again.
	 */
	public static function is_due(): bool {
		return Connection::current() && '' === Address::problem() && ( self::report()['checked_at'] ?? 0 ) < time() - self::OLD_S;
	}

	/**
	 * Whether answers arrive on a way.
	 *
	 * @param string $code What was found there.
	 */
	public static function is_open( string $code ): bool {
		return in_array( $code, self::OPEN, true );
	}

	/**
	 * Why visitors get no answers, with the remedy; empty when they do, or when nobody has tried.
	 */
	public static function problem(): string {
		$way    = Way::current();
		$report = self::report();
		$code   = $report[ $way ] ?? '';
		if ( Way::STRAIGHT === $way && '' !== Way::obstacle() ) {
			$code = Way::obstacle();
		}
		return self::is_open( $code ) ? '' : __( 'Visitors get no answers.', 'rag-ask' ) . ' ' . self::text( $code );
	}

	/**
	 * What was found on each way.
	 *
	 * @return array<int, array{is_used: bool, is_open: bool, text: string}> Empty when nobody has tried.
	 */
	public static function lines(): array {
		$report = self::report();
		$labels = array(
			Way::STRAIGHT  => __( 'Straight from the browser', 'rag-ask' ),
			Way::WORDPRESS => __( 'Through WordPress', 'rag-ask' ),
		);
		$lines  = array();
		foreach ( $report ? $labels : array() as $way => $label ) {
			$code    = Way::STRAIGHT === $way && '' !== Way::obstacle() ? Way::obstacle() : $report[ $way ];
			$is_used = Way::current() === $way;
			/* translators: %s: one of the two ways to the sidecar. */
			$label   = $is_used ? sprintf( __( '%s (in use)', 'rag-ask' ), $label ) : $label;
			$found   = '' === $code ? __( 'Answers arrive word by word.', 'rag-ask' ) : self::text( $code );
			$lines[] = array(
				'is_used' => $is_used,
				'is_open' => self::is_open( $code ),
				/* translators: 1: one of the two ways to the sidecar, 2: what was found there, a sentence. */
				'text'    => sprintf( __( '%1$s: %2$s', 'rag-ask' ), $label, $found ),
			);
		}
		return $lines;
	}

	/**
	 * Where a report comes from when there is none.
	 */
	public static function not_tested(): string {
		return __( 'Not tested yet. Your browser tests it in Tools > Site Health and under Settings > RAG Ask > Advanced.', 'rag-ask' );
	}

	private static function text( string $code ): string {
		return self::texts()[ $code ] . ' (' . $code . ')';
	}

	/**
	 * A page of another origin and one that a proxy keeps from the answer look the same to a browser; this server sees the difference.
	 *
	 * @param string $code What the browser found.
	 */
	private static function straight( string $code ): string {
		if ( 'cors' !== $code ) {
			return $code;
		}
		$origin   = (string) preg_replace( '#\A(https?://[^/]+).*#', '$1', home_url() );
		$response = wp_remote_request(
			Way::straight_url(),
			array(
				'method'      => 'OPTIONS',
				'timeout'     => self::TIMEOUT_S,
				'redirection' => 0,
				'headers'     => array(
					'Origin'                         => $origin,
					'Access-Control-Request-Method'  => 'POST',
					'Access-Control-Request-Headers' => 'authorization,content-type',
				),
			)
		);
		return is_wp_error( $response ) || '' !== wp_remote_retrieve_header( $response, 'access-control-allow-origin' ) ? 'cors' : 'origin_refused';
	}

	/**
	 * What the report is about: it says nothing of another site or sidecar.
	 */
	private static function both_ends(): string {
		return md5( home_url() . ' ' . Way::straight_url() . ' ' . Connection::parts()['sidecar_url'] );
	}

	/**
	 * What can be in the way, with the remedy, by code.
	 *
	 * @return array<string, string>
	 */
	private static function texts(): array {
		return array(
			'mixed_content'    => __( 'This site is opened by HTTPS and the sidecar by HTTP, so browsers refuse to ask it. Put a proxy with TLS before the sidecar and paste its https:// address, or let questions go through WordPress.', 'rag-ask' ),
			'loopback_address' => __( 'The address of the sidecar is this server itself (loopback). A visitor\'s browser would ask the visitor\'s own machine. Give the sidecar a public address, or let questions go through WordPress.', 'rag-ask' ),
			'private_address'  => __( 'The address of the sidecar is of a private network, which visitors are not in. Give the sidecar a public address, or let questions go through WordPress.', 'rag-ask' ),
			'unreachable'      => __( 'The sidecar does not answer. Check that it runs, that its name and port are open to this side, and that its certificate is valid.', 'rag-ask' ),
			'origin_refused'   => __( 'The sidecar does not know the address of this site\'s pages. Run "rag-ask sites origins" on its server, or press "Send now" once so that it learns the address.', 'rag-ask' ),
			'cors'             => __( 'Something between browser and sidecar answers OPTIONS requests itself or removes the CORS headers. Let the proxy before the sidecar pass both on unchanged.', 'rag-ask' ),
			'token_refused'    => __( 'Guests get no token from this site. Allow the REST API address rag-ask/v1/token for guests in the plugin or firewall that restricts it.', 'rag-ask' ),
			'clock'            => __( 'The sidecar refuses the token for its time or its key. Synchronize the clocks of both servers by NTP, then press "Check the connection"; if that fails, paste a new connection string.', 'rag-ask' ),
			'not_a_sidecar'    => __( 'Something else than the sidecar answers at that address. Check the address, and the proxy or firewall before it.', 'rag-ask' ),
			'blocked'          => __( 'A guest\'s question is refused before it reaches the sidecar. Allow POST requests to the REST API addresses rag-ask/v1/ask, feedback and probe in the plugin or firewall that restricts it.', 'rag-ask' ),
			'busy'             => __( 'All places for answers were taken. Try again in a moment; if it stays, raise the number of answers at a time.', 'rag-ask' ),
			'no_temp_folder'   => __( 'PHP cannot write to its temporary folder, where it counts the answers under way. Make the folder writable, or set WP_TEMP_DIR.', 'rag-ask' ),
			'buffered'         => __( 'Answers arrive, but only when they are complete: a server on the way holds streams back. Visitors get them as a whole. To show them word by word, switch off buffering and compression for these addresses.', 'rag-ask' ),
		);
	}
}
