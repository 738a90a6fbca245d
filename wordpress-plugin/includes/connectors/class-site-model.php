<?php
/**
 * Site model: the text model that the AI client of WordPress 7.0 and later chooses among the connectors of this site.
 *
 * @package RagAsk
 */

namespace RagAsk;

use WordPress\AiClient\Messages\DTO\MessagePart;
use WordPress\AiClient\Messages\DTO\ModelMessage;
use WordPress\AiClient\Messages\DTO\UserMessage;

/**
 * The whole text at once: the client does not stream.
 */
final class Site_Model {

	/** The sidecar waits as long. */
	private const TIMEOUT_S = 45;

	/**
	 * Whether a connector with a text model is set up. Asks no network.
	 */
	public static function is_there(): bool {
		return function_exists( 'wp_ai_client_prompt' ) && wp_supports_ai() && true === wp_ai_client_prompt( 'Hello' )->is_supported_for_text_generation();
	}

	/**
	 * The text that follows these messages.
	 *
	 * @param array<array{role: string, content: string}> $messages   The last one is of the user.
	 * @param int                                         $max_tokens What the model may write.
	 * @param string                                      $model      Which one to prefer; empty for none.
	 * @return array{text: string, usage: array{input_tokens: int, output_tokens: int}}|\WP_Error
	 */
	public static function answer( array $messages, int $max_tokens, string $model ) {
		if ( ! self::is_there() ) {
			return new \WP_Error( 'site_model_missing', 'No AI connector of this site can write texts. Set one up under Settings > Connectors.', array( 'status' => 404 ) );
		}
		// Some hosts end PHP after 30 seconds.
		if ( function_exists( 'set_time_limit' ) ) {
			set_time_limit( self::TIMEOUT_S + 15 ); // phpcs:ignore Squiz.PHP.DiscouragedFunctions -- for this one request.
		}
		add_filter( 'wp_ai_client_default_request_timeout', static fn(): int => self::TIMEOUT_S );
		$result = self::prompt( $messages, $max_tokens, $model )->generate_text_result();
		if ( is_wp_error( $result ) ) {
			return $result;
		}
		$usage = $result->getTokenUsage();
		return array(
			'text'  => $result->toText(),
			'usage' => array(
				'input_tokens'  => $usage->getPromptTokens(),
				'output_tokens' => $usage->getCompletionTokens(),
			),
		);
	}

	private static function prompt( array $messages, int $max_tokens, string $model ): \WP_AI_Client_Prompt_Builder {
		$question = array_pop( $messages )['content'];
		$system   = array_column( array_filter( $messages, static fn( array $message ): bool => 'system' === $message['role'] ), 'content' );
		$history  = array_filter( $messages, static fn( array $message ): bool => 'system' !== $message['role'] );
		$prompt   = wp_ai_client_prompt( $question )->using_max_tokens( $max_tokens );
		if ( $system ) {
			$prompt = $prompt->using_system_instruction( implode( "\n\n", $system ) );
		}
		if ( $history ) {
			$prompt = $prompt->with_history( ...array_map( array( self::class, 'message' ), array_values( $history ) ) );
		}
		return '' === $model ? $prompt : $prompt->using_model_preference( $model );
	}

	private static function message( array $message ): UserMessage|ModelMessage {
		$parts = array( new MessagePart( $message['content'] ) );
		return 'assistant' === $message['role'] ? new ModelMessage( $parts ) : new UserMessage( $parts );
	}
}
