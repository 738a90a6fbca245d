<?php
/**
 * Job: long work in steps, each in whichever process comes next.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * State and lease of a job are one row of the options table, replaced by compare-and-swap.
 *
 * When a process dies, its lease expires and the next process goes on from the last saved state.
 */
final class Job {

	public const RUNNING  = 'running';
	public const FINISHED = 'finished';
	public const FAILED   = 'failed';
	public const STOPPED  = 'stopped';

	/** Longer than any request of a step. */
	private const LEASE_S = 60;

	/**
	 * The row's text as this process wrote it, empty without a lease.
	 *
	 * @var string
	 */
	private string $mine = '';

	/**
	 * A job by its option.
	 *
	 * @param string $option Option name.
	 */
	public function __construct( private readonly string $option ) {}

	/**
	 * The state, empty before the first start.
	 *
	 * @return array<string, mixed>
	 */
	public function read(): array {
		return self::state_of( $this->text() );
	}

	/**
	 * Start, unless it is running.
	 *
	 * @param array<string, mixed> $state Initial state.
	 */
	public function start( array $state ): bool {
		$was = $this->text();
		if ( self::RUNNING === ( self::state_of( $was )['status'] ?? '' ) ) {
			return false;
		}
		return $this->replace( $was, self::text_of( array( 'status' => self::RUNNING ) + $state, 0 ) );
	}

	/**
	 * Claim the next step, unless there is none or another process has it.
	 *
	 * @return array<string, mixed>|null The saved state.
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
	 * Save the state.
	 *
	 * @param array<string, mixed> $state   State after this step.
	 * @param bool                 $is_done Whether to end the lease.
	 * @return bool False when the job was stopped or taken over: then this process must stop.
	 */
	public function save( array $state, bool $is_done = false ): bool {
		$was        = $this->mine;
		$this->mine = self::text_of( $state, $is_done ? 0 : time() + self::LEASE_S );
		return $this->replace( $was, $this->mine );
	}

	/**
	 * Stop the job. A running step notices at its next save.
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
	 * The row's text: expiry of the lease, a random word that makes each text unique, and the state.
	 *
	 * @param array<string, mixed> $state        State of the job.
	 * @param int                  $leased_until Unix time, 0 for no lease.
	 */
	private static function text_of( array $state, int $leased_until ): string {
		return $leased_until . ' ' . bin2hex( random_bytes( 8 ) ) . ' ' . wp_json_encode( $state );
	}

	private static function state_of( string $text ): array {
		return (array) json_decode( explode( ' ', $text, 3 )[2] ?? '', true );
	}
}
