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
		parent::__construct( __( 'The database of WordPress does not store which posts were sent, so no more are sent. Look into the PHP error log: the disk may be full, the database read-only, or the table rag_ask_outbox broken.', 'rag-ask' ) );
	}
}
