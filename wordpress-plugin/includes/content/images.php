<?php
/**
 * Images: those of a document that the box may show beside a citation, each with the heading that it stands under.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** Longest list and alternative text in the sidecar. */
const MAX_IMAGES         = 30;
const MAX_ALT_CHARACTERS = 300;

/** Smaller ones are icons. */
const MIN_IMAGE_PX = 64;

/**
 * Images of the media library in the rendered content, found by the class that WordPress gives them. One without an
 * alternative text only decorates.
 *
 * @param string $html As guests see it.
 * @return array{heading: string, url: string, alt: string, width: int, height: int}[]
 */
function images_of( string $html ): array {
	$tags       = new \WP_HTML_Tag_Processor( $html );
	$images     = array();
	$heading    = '';
	$is_heading = false;
	while ( ! isset( $images[ MAX_IMAGES - 1 ] ) && $tags->next_token() ) {
		if ( preg_match( '/\AH[1-6]\z/', (string) $tags->get_tag() ) ) {
			$is_heading = ! $tags->is_tag_closer();
			$heading    = $is_heading ? '' : trim( (string) preg_replace( '/\s+/u', ' ', $heading ) );
		} elseif ( $is_heading && '#text' === $tags->get_token_type() ) {
			$heading .= $tags->get_modifiable_text();
		} elseif ( 'IMG' === $tags->get_tag() ) {
			$image = image_of( (string) $tags->get_attribute( 'class' ), (string) $tags->get_attribute( 'alt' ) );
			if ( $image ) {
				$images[] = array( 'heading' => mb_substr( $heading, 0, MAX_TEXT_CHARACTERS ) ) + $image;
			}
		}
	}
	return $images;
}

/**
 * An image of this site's media library, in the size that a box needs.
 *
 * @param string $classes Of the img element.
 * @param string $alt     Of the img element.
 * @return array{url: string, alt: string, width: int, height: int}|null Null for all others, such as media of a protected post.
 */
function image_of( string $classes, string $alt ): ?array {
	$id  = preg_match( '/(?:\A|\s)wp-image-(\d+)(?:\s|\z)/', $classes, $found ) ? (int) $found[1] : 0;
	$alt = plain_text( $alt );
	if ( ! $id || '' === $alt || ! wp_attachment_is_image( $id ) || ! is_post_publicly_viewable( $id ) ) {
		return null;
	}
	$parent = get_post_parent( $id );
	$source = wp_get_attachment_image_src( $id, 'medium' );
	if ( ! $source || ( $parent && '' !== $parent->post_password ) || min( $source[1], $source[2] ) < MIN_IMAGE_PX || ! is_own_address( $source[0] ) ) {
		return null;
	}
	return array(
		'url'    => $source[0],
		'alt'    => mb_substr( $alt, 0, MAX_ALT_CHARACTERS ),
		'width'  => (int) $source[1],
		'height' => (int) $source[2],
	);
}

/**
 * Whether a URL has scheme, host and port of this site.
 *
 * @param string $url A URL.
 */
function is_own_address( string $url ): bool {
	$origin = static fn( string $of ): string => (string) preg_replace( '#\A(https?://[^/]+).*#s', '$1', $of );
	return $origin( $url ) === $origin( home_url( '/' ) );
}
