<?php
/**
 * Guest request: opens the address of a post as a guest does.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Sends requests to this site only, without cookies. Called while a push is prepared, never while a post is saved or a page loads.
 */
final class Guest_Request {

	private const TIMEOUT_S     = 5;
	private const MAX_BYTES     = 3_000_000;
	private const MAX_REDIRECTS = 3;
	private const PAST_CACHE    = 'rag_ask_guest';

	/**
	 * Open an address of a post. An answer from a cache may be older than the post, so the address is then opened past the cache.
	 *
	 * @param string   $url  The address.
	 * @param \WP_Post $post The post.
	 */
	public static function open( string $url, \WP_Post $post ): Guest_Answer {
		$answer = self::follow( $url, $post );
		if ( $answer->is_ours || Guest_Answer::UNKNOWN === $answer->kind ) {
			return $answer;
		}
		$fresh = self::follow( add_query_arg( self::PAST_CACHE, bin2hex( random_bytes( 4 ) ), $url ), $post );
		return $fresh->is_ours ? $fresh : $answer;
	}

	/**
	 * Open an address, and follow redirects that only correct it.
	 *
	 * @param string   $url  The address.
	 * @param \WP_Post $post The post.
	 */
	private static function follow( string $url, \WP_Post $post ): Guest_Answer {
		for ( $hop = 0; $hop <= self::MAX_REDIRECTS; $hop++ ) {
			if ( ! self::is_here( $url ) ) {
				return Guest_Answer::unknown(); // A plugin leads this post's address to another site.
			}
			$challenge = bin2hex( random_bytes( 16 ) );
			$response  = self::send( $url, $challenge );
			$target    = is_wp_error( $response ) ? '' : self::target( $response, $url );
			if ( '' === $target || ! self::is_same_page( $target, $url, $post ) ) {
				return self::read( $response, $target, Guest_Mark::of( $challenge ) );
			}
			$url = $target;
		}
		return Guest_Answer::refused( 'redirect', true );
	}

	/**
	 * Whether an address is of this site, with or without encryption and "www.".
	 *
	 * @param string $url The address.
	 */
	public static function is_here( string $url ): bool {
		return '' !== self::host( $url ) && self::host( $url ) === self::host( home_url() );
	}

	private static function host( string $url ): string {
		$parts   = wp_parse_url( $url );
		$default = array(
			'http'  => 80,
			'https' => 443,
		)[ $parts['scheme'] ?? '' ] ?? 0;
		if ( ! $default || empty( $parts['host'] ) ) {
			return '';
		}
		$port = $parts['port'] ?? $default;
		return preg_replace( '/^www\./', '', strtolower( $parts['host'] ) ) . ( $port === $default ? '' : ":$port" );
	}

	/**
	 * Send the request.
	 *
	 * @param string $url       The address.
	 * @param string $challenge Asks this WordPress to mark its answer.
	 * @return array|\WP_Error
	 */
	private static function send( string $url, string $challenge ) {
		return wp_remote_get(
			$url,
			array(
				'timeout'             => self::TIMEOUT_S,
				'redirection'         => 0,
				'limit_response_size' => self::MAX_BYTES,
				'user-agent'          => 'RAG Ask guest check/' . VERSION . '; ' . home_url(),
				'headers'             => array(
					'Cache-Control'    => 'no-cache',
					Guest_Mark::HEADER => $challenge,
				),
				/** This filter is documented in wp-includes/class-wp-http-streams.php */
				'sslverify'           => apply_filters( 'https_local_ssl_verify', false, $url ), // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- core's filter.
			)
		);
	}

	/**
	 * Where an answer redirects to, empty when it does not.
	 *
	 * @param array  $response The answer.
	 * @param string $url      The address that was asked for.
	 */
	private static function target( array $response, string $url ): string {
		$status   = wp_remote_retrieve_response_code( $response );
		$location = wp_remote_retrieve_header( $response, 'location' );
		$location = is_array( $location ) ? (string) end( $location ) : $location;
		return $status >= 300 && $status < 400 && '' !== $location ? \WP_Http::make_absolute_url( $location, $url ) : '';
	}

	/**
	 * Whether a redirect only corrects the address.
	 *
	 * @param string   $target Where it leads.
	 * @param string   $url    The address that was asked for.
	 * @param \WP_Post $post   The post.
	 */
	private static function is_same_page( string $target, string $url, \WP_Post $post ): bool {
		$without_slash = static fn( string $url ): string => untrailingslashit( (string) wp_parse_url( $url, PHP_URL_PATH ) ) . '?' . wp_parse_url( $url, PHP_URL_QUERY );
		return self::is_here( $target )
			&& ( $without_slash( $target ) === $without_slash( $url ) || url_to_postid( $target ) === $post->ID );
	}

	/**
	 * Read an answer that is followed no further.
	 *
	 * @param array|\WP_Error $response The answer.
	 * @param string          $target   Where it redirects to, or empty.
	 * @param string          $mark     What this WordPress marks its answer with.
	 */
	private static function read( $response, string $target, string $mark ): Guest_Answer {
		if ( is_wp_error( $response ) ) {
			return Guest_Answer::failed( $response->get_error_message() );
		}
		$status  = (int) wp_remote_retrieve_response_code( $response );
		$body    = wp_remote_retrieve_body( $response );
		$is_ours = wp_remote_retrieve_header( $response, strtolower( Guest_Mark::HEADER ) ) === $mark;
		return match ( true ) {
			'' !== $target && ( $is_ours || self::is_here( $target ) ) => Guest_Answer::refused( self::is_login( $target ) ? 'login' : 'redirect', $is_ours ),
			200 === $status && strlen( $body ) >= self::MAX_BYTES => Guest_Answer::unknown(),
			200 === $status => Guest_Answer::page( $body, $is_ours ),
			$is_ours && 500 === $status && self::is_message( $body ) => Guest_Answer::refused( "status $status", true ),
			// Too busy says nothing of the post. A firewall answers as if the page were missing or forbidden.
			$is_ours && $status >= 400 && $status < 500 && 429 !== $status => Guest_Answer::refused( "status $status", true ),
			default => Guest_Answer::failed( "HTTP $status" ),
		};
	}

	/**
	 * Whether a page is a message of wp_die(), whose status is 500 where a plugin names none. The message of a fatal error links to help.
	 *
	 * @param string $html The page.
	 */
	private static function is_message( string $html ): bool {
		return str_contains( $html, 'id="error-page"' ) && ! str_contains( $html, 'faq-troubleshooting' );
	}

	private static function is_login( string $url ): bool {
		return wp_parse_url( $url, PHP_URL_PATH ) === wp_parse_url( wp_login_url(), PHP_URL_PATH ) || str_contains( $url, 'redirect_to=' );
	}
}
