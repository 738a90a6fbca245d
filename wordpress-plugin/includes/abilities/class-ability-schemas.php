<?php
/**
 * Ability schemas: what each ability takes and gives, as JSON Schema. WordPress checks both.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * One method an ability and direction.
 */
final class Ability_Schemas {

	/**
	 * A question, and how many passages.
	 */
	public static function search_input(): array {
		return self::input(
			array(
				'limit' => array(
					'type'        => 'integer',
					'minimum'     => 1,
					'maximum'     => 20,
					'default'     => 8,
					'description' => __( 'How many passages at most.', 'rag-ask' ),
				),
			)
		);
	}

	/**
	 * As in tests/contract/search-response.json.
	 */
	public static function search_output(): array {
		$passage = self::texts( 'title', 'url', 'heading', 'text' ) + array( 'score' => array( 'type' => 'number' ) );
		return self::with( array( 'passages' => self::many( $passage ) ) );
	}

	/**
	 * A question, and the conversation before it.
	 */
	public static function ask_input(): array {
		return self::input(
			array(
				'conversation' => array(
					'type'        => 'string',
					'description' => __( 'The conversation that the answer before this question brought; none begins a new one.', 'rag-ask' ),
				),
			)
		);
	}

	/**
	 * The answer with its citations: a part of tests/contract/ask-response.json.
	 */
	public static function ask_output(): array {
		return self::with(
			array(
				'outcome'     => array(
					'type'        => 'string',
					'description' => __( 'answered, quoted (in the words of the site), unsure (the cited pages may help) or abstained (the site has no answer).', 'rag-ask' ),
				),
				'citations'   => self::many( array( 'number' => array( 'type' => 'integer' ) ) + self::texts( 'title', 'url', 'heading', 'quote' ) ),
				'suggestions' => self::many( self::texts( 'title', 'url' ) ),
			) + self::texts( 'answer', 'conversation' )
		);
	}

	/**
	 * Nothing.
	 */
	public static function status_input(): array {
		return self::nothing();
	}

	/**
	 * Counts of both sides, and what is wrong.
	 */
	public static function status_output(): array {
		return self::with(
			array(
				'is_connected' => array( 'type' => 'boolean' ),
				'waiting'      => array( 'type' => 'integer' ),
				'failed'       => array( 'type' => 'integer' ),
				'documents'    => array(
					'type'                 => 'object',
					'additionalProperties' => array( 'type' => 'integer' ),
					'description'          => __( 'Documents of the index by their state.', 'rag-ask' ),
				),
			) + self::texts( 'problem', 'checked_at' )
		);
	}

	/**
	 * Nothing.
	 */
	public static function gaps_input(): array {
		return self::nothing();
	}

	/**
	 * Groups of questions, as in tests/contract/insights-response.json.
	 */
	public static function gaps_output(): array {
		$gap = self::texts( 'question', 'last_asked_at' ) + array(
			'count'    => array( 'type' => 'integer' ),
			'examples' => array(
				'type'  => 'array',
				'items' => array( 'type' => 'string' ),
			),
		);
		return self::with(
			array(
				'days'       => array( 'type' => 'integer' ),
				'fetched_at' => array( 'type' => 'string' ),
				'gaps'       => self::many( $gap ),
			)
		);
	}

	/**
	 * A question, a choice of post types, and more.
	 *
	 * @param array $more Further properties.
	 */
	private static function input( array $more ): array {
		$properties = array(
			'question' => array(
				'type'        => 'string',
				'minLength'   => 1,
				'maxLength'   => Token_Route::MAX_QUESTION_CHARACTERS,
				'description' => __( 'A whole question, in any language.', 'rag-ask' ),
			),
			'types'    => array(
				'type'        => 'array',
				'items'       => array( 'type' => 'string' ),
				'maxItems'    => 20,
				'description' => __( 'Only posts of these types.', 'rag-ask' ),
			),
		);
		return array( 'required' => array( 'question' ) ) + self::with( $properties + $more );
	}

	/**
	 * Nothing to say. The default lets a program leave it out.
	 */
	private static function nothing(): array {
		return self::with( array() ) + array( 'default' => array() );
	}

	private static function with( array $properties ): array {
		return array(
			'type'                 => 'object',
			'properties'           => $properties,
			'additionalProperties' => false,
		);
	}

	private static function many( array $properties ): array {
		return array(
			'type'  => 'array',
			'items' => self::with( $properties ),
		);
	}

	private static function texts( string ...$names ): array {
		return array_fill_keys( $names, array( 'type' => 'string' ) );
	}
}
