<?php
/**
 * An AI provider for the AI client of WordPress, which repeats what a test tells it.
 */

namespace RagAsk\Tests;

use WordPress\AiClient\Messages\DTO\MessagePart;
use WordPress\AiClient\Messages\DTO\ModelMessage;
use WordPress\AiClient\Messages\Enums\ModalityEnum;
use WordPress\AiClient\Providers\Contracts\ModelMetadataDirectoryInterface;
use WordPress\AiClient\Providers\Contracts\ProviderAvailabilityInterface;
use WordPress\AiClient\Providers\Contracts\ProviderInterface;
use WordPress\AiClient\Providers\DTO\ProviderMetadata;
use WordPress\AiClient\Providers\Enums\ProviderTypeEnum;
use WordPress\AiClient\Providers\Models\Contracts\ModelInterface;
use WordPress\AiClient\Providers\Models\DTO\ModelConfig;
use WordPress\AiClient\Providers\Models\DTO\ModelMetadata;
use WordPress\AiClient\Providers\Models\DTO\SupportedOption;
use WordPress\AiClient\Providers\Models\Enums\CapabilityEnum;
use WordPress\AiClient\Providers\Models\Enums\OptionEnum;
use WordPress\AiClient\Providers\Models\TextGeneration\Contracts\TextGenerationModelInterface;
use WordPress\AiClient\Results\DTO\Candidate;
use WordPress\AiClient\Results\DTO\GenerativeAiResult;
use WordPress\AiClient\Results\DTO\TokenUsage;
use WordPress\AiClient\Results\Enums\FinishReasonEnum;

final class FakeModel implements ModelInterface, TextGenerationModelInterface {

	/** What it says, or what it throws. */
	public static string|\Throwable $says = '';
	/** Role and text of each message that it got last, the system instruction first. */
	public static array $heard = array();
	public static ?ModelConfig $config = null;

	public function metadata(): ModelMetadata {
		$text = array( ModalityEnum::text() );
		return new ModelMetadata(
			'fake-model',
			'Fake model',
			array( CapabilityEnum::textGeneration(), CapabilityEnum::chatHistory() ),
			array(
				new SupportedOption( OptionEnum::inputModalities(), array( $text ) ),
				new SupportedOption( OptionEnum::outputModalities(), array( $text ) ),
				new SupportedOption( OptionEnum::systemInstruction() ),
				new SupportedOption( OptionEnum::maxTokens() ),
			)
		);
	}

	public function providerMetadata(): ProviderMetadata {
		return FakeProvider::metadata();
	}

	public function setConfig( ModelConfig $config ): void {
		self::$config = $config;
	}

	public function getConfig(): ModelConfig {
		return self::$config ?? new ModelConfig();
	}

	public function generateTextResult( array $prompt ): GenerativeAiResult {
		self::$heard = array( array( 'system', $this->getConfig()->getSystemInstruction() ) );
		foreach ( $prompt as $message ) {
			self::$heard[] = array( $message->getRole()->value, $message->getParts()[0]->getText() );
		}
		if ( self::$says instanceof \Throwable ) {
			throw self::$says;
		}
		$message = new ModelMessage( array( new MessagePart( self::$says ) ) );
		return new GenerativeAiResult( 'one', array( new Candidate( $message, FinishReasonEnum::stop() ) ), new TokenUsage( 412, 9, 421 ), $this->providerMetadata(), $this->metadata() );
	}
}

final class FakeProvider implements ProviderInterface, ProviderAvailabilityInterface, ModelMetadataDirectoryInterface {

	public static bool $is_configured = true;

	public static function metadata(): ProviderMetadata {
		return new ProviderMetadata( 'fake', 'Fake', ProviderTypeEnum::server() );
	}

	public static function model( string $model_id, ?ModelConfig $config = null ): ModelInterface {
		$model = new FakeModel();
		$model->setConfig( $config ?? new ModelConfig() );
		return $model;
	}

	public static function availability(): ProviderAvailabilityInterface {
		return new self();
	}

	public static function modelMetadataDirectory(): ModelMetadataDirectoryInterface {
		return new self();
	}

	public function isConfigured(): bool {
		return self::$is_configured;
	}

	public function listModelMetadata(): array {
		return array( $this->getModelMetadata( '' ) );
	}

	public function hasModelMetadata( string $model_id ): bool {
		return 'fake-model' === $model_id;
	}

	public function getModelMetadata( string $model_id ): ModelMetadata {
		return ( new FakeModel() )->metadata();
	}
}
