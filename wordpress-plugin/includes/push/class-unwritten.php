<?php
/**
 * Unwritten: the database does not store what becomes of outbox rows.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Stops a push: a row whose outcome is not stored would be claimed again at once, without end.
 */
final class Unwritten extends \RuntimeException {

	public const CODE = 'unwritten';

	/**
	 * With the remedy as its message.
	 */
	public function __construct() {
		parent::__construct( __( 'The database of WordPress does not store what becomes of the posts in the outbox, so no more are pushed. Look into the PHP error log: the disk may be full, the database read-only, or the outbox table broken.', 'rag-ask' ) );
	}
}
