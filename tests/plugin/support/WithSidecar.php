<?php

namespace RagAsk\Tests;

/**
 * A sidecar for all tests of a class.
 */
trait WithSidecar {

	private static FakeSidecar $sidecar;

	public static function setUpBeforeClass(): void {
		self::$sidecar = new FakeSidecar();
	}

	public static function tearDownAfterClass(): void {
		self::$sidecar->stop();
		// Some draw the screens of an admin.
		unset( $GLOBALS['current_screen'] );
	}
}
