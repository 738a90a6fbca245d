<?php
/**
 * Guest verdict: what was found out about a post, kept in its meta.
 *
 * @package RagAsk
 */

namespace RagAsk;

require_once dirname( __DIR__ ) . '/functions.php';

/**
 * Holds until the post, the theme or the plugins change, and for three days at most.
 */
final class Guest_Verdict {

	/** The page shows the text: all of it, or only some sentences; the text was taken from the page; or guests do not see it. */
	public const SEEN    = 'seen';
	public const PARTLY  = 'partly';
	public const PAGE    = 'page';
	public const UNSEEN  = 'unseen';
	public const UNKNOWN = 'unknown';

	private const META       = '_rag_ask_guest';
	private const META_DUE   = '_rag_ask_guest_due';
	private const META_WHY   = '_rag_ask_guest_unseen';
	private const EXPIRES_S  = 3 * DAY_IN_SECONDS;
	private const MAX_CHECKS = 50;

	/** Meta keys by which plugins say who may read a post. */
	private const ACCESS_KEYS = '/member|restrict|access(?!ed)|protect|paywall|premium|subscri|visib|private/i';

	/**
	 * Use of() or a literal kind.
	 *
	 * @param self::*  $kind     One of the constants.
	 * @param string   $why      Of UNSEEN: 'redirect', 'login', 'status 404' or 'text'.
	 * @param string[] $hidden   Of PARTLY: hashes of the sentences that guests do not see.
	 * @param string   $print    Fingerprint of what was judged.
	 * @param int      $due      Unix time at which it is asked again.
	 * @param int      $failures Failed requests since.
	 */
	public function __construct( public readonly string $kind, public readonly string $why = '', public readonly array $hidden = array(), public readonly string $print = '', public readonly int $due = 0, public readonly int $failures = 0 ) {}

	/**
	 * The stored verdict on a post.
	 *
	 * @param int $post_id The post.
	 */
	public static function of( int $post_id ): self {
		$stored = get_post_meta( $post_id, self::META, true );
		if ( ! is_array( $stored ) ) {
			return new self( self::UNKNOWN );
		}
		return new self( (string) ( $stored['kind'] ?? self::UNKNOWN ), (string) ( $stored['why'] ?? '' ), (array) ( $stored['hidden'] ?? array() ), (string) ( $stored['print'] ?? '' ), (int) ( $stored['due'] ?? 0 ), (int) ( $stored['failures'] ?? 0 ) );
	}

	/**
	 * Why guests do not see the text of a post, empty when they do or nobody knows.
	 *
	 * @param int $post_id The post.
	 */
	public static function why_unseen( int $post_id ): string {
		return 'never' === Settings::get( 'guest_check' ) ? '' : (string) get_post_meta( $post_id, self::META_WHY, true );
	}

	/**
	 * Whether the post needs no request.
	 *
	 * @param string $print Fingerprint of the post as it is now.
	 */
	public function holds( string $print ): bool {
		return $print === $this->print && $this->due > time();
	}

	/**
	 * Store a verdict that a request led to.
	 *
	 * @param int    $post_id The post.
	 * @param string $print   Fingerprint of what was judged.
	 */
	public function store( int $post_id, string $print ): void {
		$this->write( $post_id, $print, time() + self::EXPIRES_S, 0 );
	}

	/**
	 * Keep the verdict, because nothing new is known, and ask again later.
	 *
	 * @param int $post_id The post.
	 * @param int $least_s Least number of seconds to wait.
	 */
	public function ask_later( int $post_id, int $least_s = 0 ): void {
		$wait_s = max( Backoff::delay_s( $this->failures + 1 ), Guest_Access::wait_s(), $least_s );
		$this->write( $post_id, '', time() + $wait_s, $this->failures + 1 );
	}

	/**
	 * Forget what is stored of a post.
	 *
	 * @param int $post_id The post.
	 */
	public static function forget( int $post_id ): void {
		foreach ( array( self::META, self::META_DUE, self::META_WHY ) as $key ) {
			if ( metadata_exists( 'post', $post_id, $key ) ) {
				delete_post_meta( $post_id, $key );
			}
		}
	}

	/**
	 * Queue the posts whose verdict has expired. Runs every five minutes.
	 */
	public static function queue_due(): void {
		global $wpdb;
		if ( 'never' === Settings::get( 'guest_check' ) || ! Guest_Access::is_open() ) {
			return;
		}
		// Those that wait in the outbox are asked again anyway. Times of ten digits compare correctly as text.
		$sql = "SELECT m.post_id FROM {$wpdb->postmeta} m JOIN " . Outbox::table() . " o ON o.object_type = 'post' AND o.object_id = m.post_id AND o.state = 'settled'
			WHERE m.meta_key = %s AND m.meta_value < %s ORDER BY m.meta_value LIMIT %d";
		$ids = Database::ids( $sql, self::META_DUE, (string) time(), self::MAX_CHECKS );
		if ( $ids ) {
			Outbox::record( $ids, 'post', Outbox::SCAN );
		}
	}

	/**
	 * Number of posts that guests do not see.
	 */
	public static function count_unseen(): int {
		global $wpdb;
		return 'never' === Settings::get( 'guest_check' ) ? 0 : (int) Database::value( "SELECT COUNT(*) FROM {$wpdb->postmeta} WHERE meta_key = %s", self::META_WHY );
	}

	/**
	 * The fingerprint of what a verdict depends on.
	 *
	 * @param \WP_Post $post     The post, set up by as_anonymous().
	 * @param array    $metadata From metadata_of().
	 */
	public static function fingerprint( \WP_Post $post, array $metadata ): string {
		$meta = array_filter( get_post_meta( $post->ID ), static fn( $key ) => self::is_access_key( (string) $key ), ARRAY_FILTER_USE_KEY );
		return md5( content_hash( $post, $metadata ) . $post->post_modified_gmt . wp_json_encode( $meta ) . Guest_Doubt::environment() );
	}

	/**
	 * Whether plugins keep under this meta key who may read a post.
	 *
	 * @param string $key The meta key.
	 */
	public static function is_access_key( string $key ): bool {
		return 1 === preg_match( self::ACCESS_KEYS, $key ) && ! str_starts_with( $key, self::META );
	}

	private function write( int $post_id, string $print, int $due, int $failures ): void {
		$stored = array(
			'kind'     => $this->kind,
			'why'      => $this->why,
			'hidden'   => $this->hidden,
			'print'    => $print,
			'due'      => $due,
			'failures' => $failures,
		);
		update_post_meta( $post_id, self::META, wp_slash( $stored ) );
		update_post_meta( $post_id, self::META_DUE, (string) $due );
		if ( self::UNSEEN === $this->kind ) {
			update_post_meta( $post_id, self::META_WHY, $this->why );
		} elseif ( metadata_exists( 'post', $post_id, self::META_WHY ) ) {
			delete_post_meta( $post_id, self::META_WHY );
		}
	}
}
