<?php

namespace RagAsk\Tests;

use RagAsk\Connection;
use RagAsk\Health;
use RagAsk\Incarnation;
use RagAsk\Job_Schedule;
use RagAsk\Reconcile;
use RagAsk\Sidecar_Status;

final class IncarnationTest extends TestCase {

	private const BEFORE = '5f0c6a1e-2b7d-4c53-9e0a-7d1f3b8e2c64';
	private const AFTER  = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

	use WithSidecar;

	protected function setUp(): void {
		parent::setUp();
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
		$this->check( self::BEFORE, 41 );
	}

	public function test_each_request_says_what_this_site_has_seen(): void {
		$this->check( self::BEFORE, 42 );
		$this->assertSame( array( self::BEFORE, 41 ), $this->claimed() );
		$this->check( self::BEFORE, 42 );
		$this->assertSame( array( self::BEFORE, 42 ), $this->claimed() );
		$this->assertFalse( Reconcile::is_running() );
		$this->assertSame( array(), Health::problems() );
	}

	/**
	 * @dataProvider restores
	 */
	public function test_an_index_that_went_back_is_compared_at_once( string $incarnation, int $generation ): void {
		$post_id = $this->settled_post();
		$this->check( $incarnation, $generation );
		$this->assertTrue( Reconcile::is_running() );
		$this->assertStringContainsString( 'restored from a backup', Health::problems()['restored'] );
		$compared = array( 'current' => 1, 'missing' => array(), 'stale' => array(), 'extra' => array(), 'failed' => array() );
		self::$sidecar->answers( array( 'status' => 200, 'json' => $compared + array( 'incarnation' => $incarnation, 'generation' => $generation ) ) );
		Reconcile::step();
		$this->assertSame( array( $post_id ), array_column( json_decode( self::$sidecar->requests()[0]['body'], true )['documents'], 'id' ) );
		$this->assertFalse( Reconcile::is_running() );
		$this->assertSame( array(), Health::problems() );
		$this->check( $incarnation, $generation );
		$this->assertFalse( Reconcile::is_running(), 'Once is enough.' );
	}

	public function restores(): array {
		return array(
			'marked or noticed by the sidecar' => array( self::AFTER, 0 ),
			'noticed here'                     => array( self::BEFORE, 40 ),
		);
	}

	public function test_a_comparison_that_runs_begins_anew(): void {
		$this->settled_post();
		Reconcile::start();
		$this->check( self::AFTER, 0 );
		self::$sidecar->answers( array( 'status' => 503, 'error' => array( 'database_unavailable', 'Wait.' ) ) );
		Reconcile::step();
		$this->assertSame( 0, json_decode( self::$sidecar->requests()[0]['body'], true )['after'] );
		$this->assertArrayHasKey( 'restored', Health::problems() );
	}

	public function test_a_comparison_that_failed_is_begun_again(): void {
		$this->check( self::AFTER, 0 );
		self::$sidecar->answers( array( 'status' => 503, 'error' => array( 'database_unavailable', 'Wait.' ) ) );
		foreach ( range( 1, 8 ) as $ignored ) {
			Reconcile::step( 1.0, true );
		}
		$this->assertFalse( Reconcile::is_running() );
		Job_Schedule::run();
		$this->assertTrue( Reconcile::is_running() );
	}

	public function test_an_answer_that_was_overtaken_is_no_restore(): void {
		$connection = Connection::current();
		$seen       = Incarnation::seen( $connection );
		Incarnation::learn( $connection, $seen, array( 'incarnation' => self::BEFORE, 'generation' => 43 ) );
		Incarnation::learn( $connection, $seen, array( 'incarnation' => self::BEFORE, 'generation' => 42 ) );
		$this->assertSame( 43, Incarnation::seen( $connection )['gen'] );
		Incarnation::learn( $connection, Incarnation::seen( $connection ), array( 'incarnation' => self::AFTER, 'generation' => 0 ) );
		Incarnation::learn( $connection, $seen, array( 'incarnation' => self::BEFORE, 'generation' => 43 ) );
		$this->assertSame( array( 'inc' => self::AFTER, 'gen' => 0 ), Incarnation::seen( $connection ) );
	}

	public function test_a_key_that_the_sidecar_does_not_know_is_a_problem_at_once(): void {
		self::$sidecar->answers( array( 'status' => 401, 'error' => array( 'key_unknown', 'This sidecar does not know the key.' ) ) );
		Sidecar_Status::check();
		$this->assertStringContainsString( 'rag-ask sites rotate-key', Health::problems()['key_refused'] );
	}

	private function check( string $incarnation, int $generation ): void {
		$index = array( 'incarnation' => $incarnation, 'generation' => $generation, 'refused_origins' => array() );
		self::$sidecar->answers( array( 'status' => 200, 'json' => array_merge( $this->contract( 'status-response' ), $index ) ) );
		$this->assertNull( Sidecar_Status::check() );
	}

	/**
	 * What the last request said.
	 */
	private function claimed(): array {
		$token  = explode( '.', self::$sidecar->requests()[0]['headers']['Authorization'] )[1];
		$claims = json_decode( base64_decode( strtr( $token, '-_', '+/' ) ), true );
		return array( $claims['inc'], $claims['gen'] );
	}
}
