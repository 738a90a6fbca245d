<?php

namespace RagAsk\Tests;

/**
 * What needs no database. These tests run in WordPress too, with all the others.
 */
abstract class UnitTestCase extends \PHPUnit\Framework\TestCase {

	protected function contract( string $name ): array {
		return json_decode( file_get_contents( dirname( __DIR__, 2 ) . "/contract/$name.json" ), true, 512, JSON_THROW_ON_ERROR );
	}
}
