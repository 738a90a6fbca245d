<?php
/**
 * What view.js imports. Named modules, because relative imports would carry no version and be cached beyond an update.
 *
 * @package RagAsk
 */

return array(
	'dependencies' => array( 'rag-ask/answer', 'rag-ask/ask' ),
	'version'      => RagAsk\VERSION,
);
