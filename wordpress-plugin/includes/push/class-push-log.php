<?php
/**
 * Push log: how the last push went.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * One small option, read by the settings page and by the backoff.
 */
final class Push_Log {

	public const OPTION = 'rag_ask_push_log';

	/**
	 * The sidecar accepted a push.
	 */
	public static function succeeded(): void {
		update_option(
			self::OPTION,
			array(
				'failures'     => 0,
				'code'         => '',
				'message'      => '',
				'failed_at'    => 0,
				'succeeded_at' => time(),
			),
			false
		);
	}

	/**
	 * The sidecar did not accept a push.
	 *
	 * @param string $message With the remedy.
	 * @param string $code    A code of Health, or empty for a failure that usually passes.
	 * @return int Failures in a row, this one included.
	 */
	public static function failed( string $message, string $code = '' ): int {
		$log = self::read();
		update_option(
			self::OPTION,
			array(
				'failures'     => $log['failures'] + 1,
				'code'         => $code,
				'message'      => $message,
				'failed_at'    => time(),
				'succeeded_at' => $log['succeeded_at'],
			),
			false
		);
		return $log['failures'] + 1;
	}

	/**
	 * The last push.
	 *
	 * @return array{failures: int, code: string, message: string, failed_at: int, succeeded_at: int} Times are Unix seconds, 0 for never.
	 */
	public static function read(): array {
		$log = get_option( self::OPTION, array() );
		return array(
			'failures'     => (int) ( $log['failures'] ?? 0 ),
			'code'         => (string) ( $log['code'] ?? '' ),
			'message'      => (string) ( $log['message'] ?? '' ),
			'failed_at'    => (int) ( $log['failed_at'] ?? 0 ),
			'succeeded_at' => (int) ( $log['succeeded_at'] ?? 0 ),
		);
	}
}
