<?php
/**
 * Doctor: everything that can be wrong on WordPress's side, by check.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * Asks the sidecar and this site; the visitors' path is what an owner's browser reported last.
 */
final class Doctor {

	/** Which problem of Health belongs to which check. Those of none are under 'other'. */
	private const CHECKS = array(
		'connection' => array( 'key_unreadable', 'not_connected', Address::CODE, 'key_refused', 'restored' ),
		'clock'      => array(),
		'cron'       => array( 'cron_late' ),
		'guests'     => array( 'guests_refused' ),
		'visitors'   => array( 'visitors_unreached', 'origin_refused' ),
		'sending'    => array( 'unwritten', 'push_late', 'failed' ),
		'index'      => array( 'drift', 'reconcile_failed' ),
		'budget'     => array( 'budget_exhausted' ),
	);

	/**
	 * Check everything now.
	 *
	 * @return array<string, string> What is wrong, with the remedy, by check; empty where nothing is.
	 */
	public static function examine(): array {
		$asked = self::ask();
		$known = Health::problems();
		$found = array();
		foreach ( self::CHECKS as $check => $codes ) {
			$texts           = array_values( array_intersect_key( $known, array_flip( $codes ) ) );
			$found[ $check ] = implode( ' ', array_unique( array_filter( array( ...$texts, $asked[ $check ] ?? '' ) ) ) );
		}
		$found['other'] = implode( ' ', array_diff_key( $known, array_flip( array_merge( ...array_values( self::CHECKS ) ) ) ) );
		return $found;
	}

	/**
	 * What only a request, or the age of a result, shows.
	 *
	 * @return array<string, string> By check.
	 */
	private static function ask(): array {
		if ( ! Connection::current() ) {
			return array( 'cron' => Site_Health::cron_warning() );
		}
		$error = Sidecar_Status::check();
		Token_Check::run();
		return array(
			'connection' => $error ? $error->get_error_message() : '',
			'clock'      => Site_Health::clock_warning(),
			'cron'       => Site_Health::cron_warning(),
			'index'      => Health::reconcile_late(),
		);
	}
}
