<?php
/**
 * A small importer of WordPress exports (WXR): posts, pages, terms, comments and attachments without their files.
 *
 * @package RagAsk\Dev
 */

declare( strict_types=1 );

namespace RagAsk\Dev;

use SimpleXMLElement;

const WXR_TYPES    = array( 'post', 'page', 'attachment' );
const WXR_ID       = '_rag_ask_dev_wxr_id';
const WXR_KEY      = '_rag_ask_dev_wxr_key';
const OWN_META     = array( '_edit_last', '_edit_lock' );
const TERM_DOMAINS = array( 'category', 'post_tag', 'post_format' );

/**
 * Import up to `$limit` items from `$offset` on. What is there already is left alone.
 *
 * @return array{written: int, next: int|null}
 */
function import_wxr( string $xml, int $offset, int $limit ): array {
	$feed = simplexml_load_string( $xml, SimpleXMLElement::class, LIBXML_NONET | LIBXML_PARSEHUGE );
	if ( false === $feed || ! isset( $feed->channel ) ) {
		throw new \RuntimeException( 'This is no WordPress export (WXR).' );
	}
	$items = array();
	foreach ( $feed->channel->item as $item ) {
		if ( in_array( wp_of( $item, 'post_type' ), WXR_TYPES, true ) ) {
			$items[] = $item;
		}
	}
	$written = 0;
	foreach ( array_slice( $items, $offset, $limit ) as $item ) {
		$written += import_item( $item ) ? 1 : 0;
	}
	$next = $offset + $limit < count( $items ) ? $offset + $limit : null;
	if ( null === $next && $offset < count( $items ) ) {
		// A child can come before its parent, so parents are set when all are there.
		array_map( __NAMESPACE__ . '\set_parent', $items );
	}
	return compact( 'written', 'next' );
}

function import_item( SimpleXMLElement $item ): bool {
	if ( post_with( WXR_KEY, key_of( $item ) ) ) {
		return false;
	}
	$is_attachment = 'attachment' === wp_of( $item, 'post_type' );
	$post          = array(
		'guid'           => (string) $item->guid,
		'post_author'    => author_of( $item ),
		'post_title'     => (string) $item->title,
		'post_content'   => in_namespace( $item, 'content' ),
		'post_excerpt'   => in_namespace( $item, 'excerpt' ),
		'post_date'      => wp_of( $item, 'post_date' ),
		'post_name'      => wp_of( $item, 'post_name' ),
		'post_status'    => wp_of( $item, 'status' ),
		'post_type'      => wp_of( $item, 'post_type' ),
		'post_password'  => wp_of( $item, 'post_password' ),
		'menu_order'     => (int) wp_of( $item, 'menu_order' ),
		'comment_status' => wp_of( $item, 'comment_status' ),
		'post_mime_type' => $is_attachment ? (string) wp_check_filetype( wp_of( $item, 'attachment_url' ) )['type'] : '',
		'meta_input'     => meta_of( $item ),
		'tax_input'      => terms_of( $item ),
	);
	$post_id       = wp_insert_post( wp_slash( $post ), true );
	if ( is_wp_error( $post_id ) ) {
		throw new \RuntimeException( $item->title . ': ' . $post_id->get_error_message() );
	}
	if ( '1' === wp_of( $item, 'is_sticky' ) ) {
		stick_post( $post_id );
	}
	import_comments( $item, $post_id );
	return true;
}

function set_parent( SimpleXMLElement $item ): void {
	$parent  = post_with( WXR_ID, wp_of( $item, 'post_parent' ) );
	$post_id = post_with( WXR_KEY, key_of( $item ) );
	if ( $parent && $post_id && wp_get_post_parent_id( $post_id ) !== $parent ) {
		wp_update_post( array( 'ID' => $post_id, 'post_parent' => $parent ) );
	}
}

/**
 * Neither is enough: exports that were put together by hand hold an id twice, and copied posts share a guid.
 */
function key_of( SimpleXMLElement $item ): string {
	return wp_of( $item, 'post_id' ) . ' ' . $item->guid;
}

function post_with( string $meta_key, string $value ): int {
	global $wpdb;
	$query = "SELECT post_id FROM $wpdb->postmeta WHERE meta_key = %s AND meta_value = %s";
	return (int) $wpdb->get_var( $wpdb->prepare( $query, $meta_key, $value ) );
}

function author_of( SimpleXMLElement $item ): int {
	$login = sanitize_user( (string) $item->children( 'http://purl.org/dc/elements/1.1/' )->creator, true );
	$user  = get_user_by( 'login', $login );
	if ( $user || '' === $login ) {
		return $user ? $user->ID : get_current_user_id();
	}
	$user_id = wp_insert_user( array( 'user_login' => $login, 'user_pass' => wp_generate_password( 32 ), 'role' => 'author' ) );
	return is_wp_error( $user_id ) ? get_current_user_id() : $user_id;
}

/**
 * @return array<string, mixed>
 */
function meta_of( SimpleXMLElement $item ): array {
	$meta = array(
		WXR_KEY => key_of( $item ),
		WXR_ID  => wp_of( $item, 'post_id' ),
	);
	foreach ( wp_children( $item )->postmeta as $row ) {
		$key = (string) $row->meta_key;
		if ( ! in_array( $key, OWN_META, true ) ) {
			$meta[ $key ] = meta_value( (string) $row->meta_value );
		}
	}
	return $meta;
}

/**
 * Objects become arrays: WordPress cannot slash one of a class that is not there. A value that cannot be read stays text.
 *
 * @return mixed
 */
function meta_value( string $text ) {
	if ( ! is_serialized( $text ) ) {
		return $text;
	}
	$value = @unserialize( $text, array( 'allowed_classes' => false, 'max_depth' => 50 ) ); // phpcs:ignore -- exports hold broken values.
	return false === $value && 'b:0;' !== trim( $text ) ? $text : without_objects( $value );
}

/**
 * @param mixed $value Of any depth; what refers to itself is cut.
 * @return mixed
 */
function without_objects( $value, int $depth = 0 ) {
	if ( ! is_array( $value ) && ! is_object( $value ) ) {
		return $value;
	}
	$found = array();
	foreach ( $depth < 50 ? (array) $value : array() as $name => $inner ) {
		// Private properties begin with their class between two NUL characters.
		$name = is_string( $name ) ? (string) preg_replace( '/^\0.*\0/', '', $name ) : $name;
		if ( '__PHP_Incomplete_Class_Name' !== $name ) {
			$found[ $name ] = without_objects( $inner, $depth + 1 );
		}
	}
	return $found;
}

/**
 * @return array<string, array<int|string>> Term ids for categories, names for what has no tree.
 */
function terms_of( SimpleXMLElement $item ): array {
	$terms = array();
	foreach ( $item->category as $category ) {
		$domain = (string) $category['domain'];
		if ( ! in_array( $domain, TERM_DOMAINS, true ) || '' === trim( (string) $category ) ) {
			continue;
		}
		if ( ! is_taxonomy_hierarchical( $domain ) ) {
			$terms[ $domain ][] = 'post_format' === $domain ? (string) $category['nicename'] : (string) $category;
			continue;
		}
		$slug = (string) $category['nicename'];
		$term = get_term_by( 'slug', $slug, $domain, ARRAY_A ) ?: wp_insert_term( (string) $category, $domain, compact( 'slug' ) );
		if ( ! is_wp_error( $term ) ) {
			$terms[ $domain ][] = (int) $term['term_id'];
		}
	}
	return $terms;
}

function import_comments( SimpleXMLElement $item, int $post_id ): void {
	$new_ids = array();
	foreach ( wp_children( $item )->comment as $comment ) {
		$new_ids[ (string) $comment->comment_id ] = wp_insert_comment(
			wp_slash(
				array(
					'comment_post_ID'      => $post_id,
					'comment_author'       => (string) $comment->comment_author,
					'comment_author_email' => (string) $comment->comment_author_email,
					'comment_author_url'   => (string) $comment->comment_author_url,
					'comment_content'      => (string) $comment->comment_content,
					'comment_date'         => (string) $comment->comment_date,
					'comment_approved'     => (string) $comment->comment_approved,
					'comment_type'         => (string) $comment->comment_type ?: 'comment',
					'comment_parent'       => $new_ids[ (string) $comment->comment_parent ] ?? 0,
				)
			)
		);
	}
}

function wp_of( SimpleXMLElement $item, string $name ): string {
	return (string) wp_children( $item )->$name;
}

function wp_children( SimpleXMLElement $item ): SimpleXMLElement {
	return $item->children( $item->getDocNamespaces()['wp'] );
}

function in_namespace( SimpleXMLElement $item, string $prefix ): string {
	return (string) $item->children( $item->getDocNamespaces()[ $prefix ] )->encoded;
}
