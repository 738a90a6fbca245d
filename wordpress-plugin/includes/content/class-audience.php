<?php
/**
 * Audience: the groups that may read a post, and the groups of a visitor. The sidecar compares them.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A group is 'public' or 'role:NAME'; filters may add more.
 */
final class Audience {

	private const PUBLIC_GROUP = 'public';

	/**
	 * Groups that may read a post.
	 *
	 * @param \WP_Post $post A post that is not excluded.
	 * @return string[] Never empty: a post that nobody may read has a group without members.
	 */
	public static function of_post( \WP_Post $post ): array {
		$groups = 'private' === $post->post_status ? self::roles_that_read_private( $post->post_type ) : array( self::PUBLIC_GROUP );

		/**
		 * Filters which groups may read a post. Visitors are in 'public' and, when logged in, in 'role:NAME'.
		 *
		 * @param string[] $groups The groups.
		 * @param \WP_Post $post   The post.
		 */
		$groups = self::clean( apply_filters( 'rag_ask_audience', $groups, $post ) );
		return $groups ? $groups : array( 'nobody' );
	}

	/**
	 * Groups of a visitor.
	 *
	 * @param \WP_User|null $user Who is logged in.
	 * @return string[]
	 */
	public static function of_visitor( ?\WP_User $user ): array {
		if ( ! $user ) {
			return array( self::PUBLIC_GROUP );
		}
		$groups = array( self::PUBLIC_GROUP, ...array_map( static fn( string $role ) => "role:$role", array_values( $user->roles ) ) );

		/**
		 * Filters the groups of a visitor who is logged in.
		 *
		 * @param string[] $groups The groups.
		 * @param \WP_User $user   The visitor.
		 */
		return self::clean( array( self::PUBLIC_GROUP, ...(array) apply_filters( 'rag_ask_visitor_groups', $groups, $user ) ) );
	}

	private static function roles_that_read_private( string $post_type ): array {
		$capability = get_post_type_object( $post_type )->cap->read_private_posts;
		$roles      = array_filter( wp_roles()->roles, static fn( array $role ) => ! empty( $role['capabilities'][ $capability ] ) );
		return array_map( static fn( string $name ) => "role:$name", array_keys( $roles ) );
	}

	private static function clean( mixed $groups ): array {
		return array_values( array_unique( array_filter( (array) $groups, static fn( $group ) => is_string( $group ) && '' !== $group ) ) );
	}
}
