<?php
/**
 * Loads each file of the plugin when its class is first used, so that a visitor's page loads only what it needs.
 *
 * @package RagAsk
 */

namespace RagAsk;

/** The rooms, in the order of the line: WRITE, REPAIR, READ, then the screens. ARCHITECTURE.md says what is in each. */
