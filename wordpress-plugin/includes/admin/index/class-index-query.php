<?php
/**
 * Index query: the posts of the chosen types, the notes and the files that they link to, each with its state.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Every post is in exactly one state, as Post_State::listed() says, so that the counts add up. Sends no request.
 */
final class Index_Query {

	/** The state of a post p by its outbox row o. A settled row without a hash stands for a delete. */
	private const SENT = "CASE WHEN o.state = 'dead' THEN 'failed' WHEN o.state = 'settled' AND o.hash = '' THEN 'excluded' WHEN o.state = 'settled' THEN 'indexed' ELSE 'waiting' END";

	/** Columns by which the list can be sorted. */
	private const ORDERS = array(
		'title'   => 'p.post_title',
		'type'    => 'p.post_type',
		'state'   => 'shown',
		'changed' => 'p.post_modified_gmt',
	);

	/**
	 * Number of posts by state.
	 *
	 * @return array<string, int> All four states of Post_State.
	 */
	public static function counts(): array {
		return self::by( self::state() );
	}

	/**
	 * The counts, with those that were sent split by what the sidecar said of them last. They add up to 'all'.
	 *
	 * @return array{all: int, ready: int, reading: int, waiting: int, failed: int, excluded: int}
	 */
	public static function figures(): array {
		// The sidecar counts all that it did not index, and names fifty.
		$counts  = self::by( self::SENT );
		$sidecar = (array) ( Sidecar_Status::stored()['status']['documents'] ?? array() ) + array(
			'pending' => 0,
			'skipped' => 0,
			'failed'  => 0,
		);
		$sent    = $counts[ Post_State::INDEXED ];
		$reading = min( $sent, (int) $sidecar['pending'] );
		$unread  = min( $sent - $reading, (int) $sidecar['failed'] );
		$empty   = min( $sent - $reading - $unread, (int) $sidecar['skipped'] );
		return array(
			'all'      => array_sum( $counts ),
			'ready'    => $sent - $reading - $unread - $empty,
			'reading'  => $reading,
			'waiting'  => $counts[ Post_State::WAITING ],
			'failed'   => $counts[ Post_State::FAILED ] + $unread,
			'excluded' => $counts[ Post_State::EXCLUDED ] + $empty,
		);
	}

	/**
	 * A page of the list.
	 *
	 * @param string $state        A state of Post_State, or empty for all.
	 * @param string $search       Words of a title, or empty.
	 * @param string $order        A key of ORDERS.
	 * @param bool   $is_ascending Whether the smallest comes first.
	 * @param int    $limit        Number of posts.
	 * @param int    $offset       Posts before it.
	 * @return array{ids: int[], total: int}
	 */
	public static function page( string $state, string $search, string $order, bool $is_ascending, int $limit, int $offset ): array {
		global $wpdb;
		$where  = ' AND p.post_title LIKE %s AND ( %s = %s OR ' . self::state() . ' = %s )';
		$values = array( '%' . $wpdb->esc_like( $search ) . '%', $state, '', $state );
		$sort   = ( self::ORDERS[ $order ] ?? self::ORDERS['changed'] ) . ( $is_ascending ? ' ASC' : ' DESC' );
		$rows   = Database::rows( 'SELECT p.ID, ' . self::state() . ' AS shown' . self::from() . $where . " ORDER BY $sort, p.ID LIMIT %d OFFSET %d", ...array( ...$values, $limit, $offset ) );
		return array(
			'ids'   => array_map( 'intval', array_column( $rows, 'ID' ) ),
			'total' => (int) Database::value( 'SELECT COUNT(*)' . self::from() . $where, ...$values ),
		);
	}

	/**
	 * The state of a post p by its outbox row o, with what the sidecar said last of those that were sent.
	 */
	private static function state(): string {
		$told = (int) Sidecar_Status::stored()['checked_at'] * 1_000_000;
		$ids  = array(
			'failed'  => '0',
			'skipped' => '0',
		);
		foreach ( Sidecar_Status::unread() as $post_id => $unread ) {
			$ids[ $unread['state'] ] .= ',' . (int) $post_id;
		}
		$is_unread = "o.state = 'settled' AND o.hash <> '' AND o.version < $told AND p.ID IN";
		return "CASE WHEN $is_unread ({$ids['failed']}) THEN 'failed' WHEN $is_unread ({$ids['skipped']}) THEN 'excluded' ELSE " . self::SENT . ' END';
	}

	private static function by( string $state ): array {
		$none = array_fill_keys( array_keys( Post_State::labels() ), 0 );
		$rows = Database::rows( "SELECT $state AS shown, COUNT(*) AS posts" . self::from() . ' GROUP BY shown' );
		return array_map( 'intval', array_column( $rows, 'posts', 'shown' ) ) + $none;
	}

	private static function from(): string {
		global $wpdb;
		return " FROM {$wpdb->posts} p LEFT JOIN " . Outbox::table() . " o ON o.object_type = 'post' AND o.object_id = p.ID"
			. ' WHERE ((p.post_type IN (' . Content_Scan::in( Settings::pushed_types() ) . ')'
			. ' AND p.post_status IN (' . Content_Scan::in( Content_Scan::statuses() ) . ')) OR ' . File_Links::condition() . ')';
	}
}
