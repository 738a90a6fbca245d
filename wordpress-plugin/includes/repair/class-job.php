<?php
/**
 * A long piece of work, done in steps by whoever comes along.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * The state of one job and the lease on its next step are one row of the options table: whoever writes it last read it.
 *
 * A worker that dies leaves its lease to run out, and the next one goes on from the state that was saved last.
 */
final class Job {

	public const RUNNING  = 'running';
	public const FINISHED = 'finished';
	public const FAILED   = 'failed';
	public const STOPPED  = 'stopped';

	/** Longer than any request that a step makes. */
	private const LEASE_S = 60;

	/** What this process wrote, empty while it holds no lease. */
	private string $mine = '';

	/**
	 * A job by its name.
	 *
	 * @param string $option The row of the options table.
	 */
	public function __construct( private readonly string $option ) {}

	/**
	 * The state, empty when there never was one.
	 *
	 * @return array<string, mixed>
	 */
	public function read(): array {
		return self::state_of( $this->text() );
	}

	/**
	 * Begin, unless one is under way.
	 *
	 * @param array<string, mixed> $state To begin with.
	 */
	public function start( array $state ): bool {
		$was = $this->text();
		if ( self::RUNNING === ( self::state_of( $was )['status'] ?? '' ) ) {
			return false;
		}
		return $this->replace( $was, self::text_of( array( 'status' => self::RUNNING ) + $state, 0 ) );
	}

	/**
	 * Take the next step, unless there is none or somebody else is at it.
	 *
	 * @return array<string, mixed>|null The state to go on from.
	 */
	public function claim(): ?array {
		$was   = $this->text();
		$state = self::state_of( $was );
		if ( self::RUNNING !== ( $state['status'] ?? '' ) || (int) $was > time() ) {
			return null;
		}
		$this->mine = self::text_of( $state, time() + self::LEASE_S );
		return $this->replace( $was, $this->mine ) ? $state : null;
	}

	/**
	 * Keep how far it came.
	 *
	 * @param array<string, mixed> $state   To go on from.
	 * @param bool                 $is_done Whether this process takes no further step.
	 * @return bool False when the job was stopped or taken over: then this process must leave it.
	 */
	public function save( array $state, bool $is_done = false ): bool {
		$was        = $this->mine;
		$this->mine = self::text_of( $state, $is_done ? 0 : time() + self::LEASE_S );
		return $this->replace( $was, $this->mine );
	}

	/**
	 * Stop it. A step under way notices at its next save.
	 */
	public function stop(): bool {
		$was   = $this->text();
		$state = self::state_of( $was );
		return self::RUNNING === ( $state['status'] ?? '' ) && $this->replace( $was, self::text_of( array( 'status' => self::STOPPED ) + $state, 0 ) );
	}

	private function text(): string {
		global $wpdb;
		// The option functions go through a cache, which cannot tell two processes apart.
		return (string) Database::value( "SELECT option_value FROM {$wpdb->options} WHERE option_name = %s", $this->option );
	}

	private function replace( string $was, string $text ): bool {
		global $wpdb;
		return 1 === ( '' === $was
			? Database::query( "INSERT IGNORE INTO {$wpdb->options} (option_name, option_value, autoload) VALUES (%s, %s, 'off')", $this->option, $text )
			: Database::query( "UPDATE {$wpdb->options} SET option_value = %s WHERE option_name = %s AND option_value = %s", $text, $this->option, $was ) );
	}

	/**
	 * The end of the lease, a random word that makes each text another one, and the state.
	 *
	 * @param array<string, mixed> $state        Of the job.
	 * @param int                  $leased_until Unix time, 0 for nobody.
	 */
	private static function text_of( array $state, int $leased_until ): string {
		return $leased_until . ' ' . bin2hex( random_bytes( 8 ) ) . ' ' . wp_json_encode( $state );
	}

	private static function state_of( string $text ): array {
		return (array) json_decode( explode( ' ', $text, 3 )[2] ?? '', true );
	}
}
