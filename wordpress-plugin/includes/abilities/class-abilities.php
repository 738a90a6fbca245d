<?php
/**
 * Abilities: search, ask, status and gaps for other programs of this site, and for MCP clients by the MCP adapter.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * A question costs the site money, so no ability is open to guests.
 */
final class Abilities {

	public const CATEGORY = 'rag-ask';

	/**
	 * Register the category.
	 */
	public static function register_category(): void {
		wp_register_ability_category(
			self::CATEGORY,
			array(
				'label'       => __( 'RAG Ask', 'rag-ask' ),
				'description' => __( 'Questions that are answered from the pages of this site.', 'rag-ask' ),
			)
		);
	}

	/**
	 * Register the abilities.
	 */
	public static function register(): void {
		self::add(
			'search',
			__( 'Search this site', 'rag-ask' ),
			__( 'Finds the passages of this site that fit a question, best first, each with its page.', 'rag-ask' ),
			true
		);
		self::add(
			'ask',
			__( 'Ask this site', 'rag-ask' ),
			__( 'Answers a question from the pages of this site and cites them. Gives no answer when the site has none.', 'rag-ask' ),
			false
		);
		self::add(
			'status',
			__( 'Status of the index', 'rag-ask' ),
			__( 'Says how many documents are waiting, indexed or failed, and what is wrong with the connection.', 'rag-ask' ),
			true
		);
		self::add(
			'gaps',
			__( 'Questions without an answer', 'rag-ask' ),
			__( 'Lists what visitors asked and this site does not answer.', 'rag-ask' ),
			true
		);
	}

	/**
	 * Whether the current user may ask: whoever is logged in, as often as the sidecar lets one visitor.
	 */
	public static function may_ask(): bool {
		return current_user_can( 'read' );
	}

	/**
	 * Whether the current user may see what visitors asked and how the index is.
	 */
	public static function may_manage(): bool {
		return current_user_can( 'manage_options' );
	}

	/**
	 * Register one ability.
	 *
	 * @param string $name        A method of Ability_Answers, and of Ability_Schemas with _input and _output.
	 * @param string $label       For people.
	 * @param string $description For people and models.
	 * @param bool   $is_readonly Whether it only reads. REST runs such an ability by GET, so none that spends money is one.
	 */
	private static function add( string $name, string $label, string $description, bool $is_readonly ): void {
		wp_register_ability(
			"rag-ask/$name",
			array(
				'label'               => $label,
				'description'         => $description,
				'category'            => self::CATEGORY,
				'input_schema'        => call_user_func( array( Ability_Schemas::class, "{$name}_input" ) ),
				'output_schema'       => call_user_func( array( Ability_Schemas::class, "{$name}_output" ) ),
				'execute_callback'    => array( Ability_Answers::class, $name ),
				'permission_callback' => array( self::class, in_array( $name, array( 'search', 'ask' ), true ) ? 'may_ask' : 'may_manage' ),
				'meta'                => array(
					'annotations'  => array(
						'readonly'    => $is_readonly,
						'destructive' => false,
						'idempotent'  => $is_readonly,
					),
					// WordPress 7.1 derives this from `public`; 6.9 and 7.0 do not know that.
					'show_in_rest' => true,
					'public'       => true,
					'mcp'          => array( 'public' => true ),
				),
			)
		);
	}
}
