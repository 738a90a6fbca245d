<?php
/**
 * Settings fields: the inputs of Settings > RAG Ask.
 *
 * @package RagAsk
 */

namespace RagAsk;

/**
 * One method per kind of input. The secret is never printed, not even masked.
 */
final class Settings_Fields {

	/**
	 * The connection string, which fills the three fields below it.
	 *
	 * @param array $field From Settings_Page.
	 */
	public static function connection_string( array $field ): void {
		if ( Connection::has_constant( 'RAG_ASK_CONNECTION' ) ) {
			self::locked( $field, '', 'RAG_ASK_CONNECTION' );
			return;
		}
		self::input( $field, Connection::OPTION, 'password', '', 'http://site-id:…@host:8787' );
	}

	/**
	 * The sidecar's URL or the site id.
	 *
	 * @param array $field From Settings_Page.
	 */
	public static function part( array $field ): void {
		$value = Connection::parts()[ $field['name'] ];
		if ( Connection::is_locked( $field['name'] ) ) {
			self::locked( $field, $value, self::constant_of( $field['name'] ) );
			return;
		}
		self::input( $field, Connection::OPTION, 'text', $value, '' );
	}

	/**
	 * The secret, which is write-only.
	 *
	 * @param array $field From Settings_Page.
	 */
	public static function secret( array $field ): void {
		if ( Connection::is_locked( 'secret' ) ) {
			self::locked( $field, '', self::constant_of( 'secret' ) );
			return;
		}
		self::input( $field, Connection::OPTION, 'password', '', '' );
		echo '<p class="description">';
		echo '' === Connection::parts()['secret']
			? esc_html__( 'No secret is stored.', 'rag-ask' )
			: esc_html__( 'A secret is stored. Leave the field empty to keep it.', 'rag-ask' );
		echo '</p>';
	}

	/**
	 * A checkbox for each post type.
	 *
	 * @param array $field From Settings_Page.
	 */
	public static function post_types( array $field ): void {
		$name = Settings::OPTION . '[' . $field['name'] . '][]';
		echo '<fieldset><legend class="screen-reader-text">' . esc_html__( 'Post types to answer from', 'rag-ask' ) . '</legend>';
		// Sends an empty list when no box is ticked.
		echo '<input type="hidden" name="' . esc_attr( $name ) . '" value="">';
		foreach ( Settings::choosable_post_types() as $type ) {
			printf(
				'<label><input type="checkbox" name="%s" value="%s"%s> %s</label><br>',
				esc_attr( $name ),
				esc_attr( $type->name ),
				checked( in_array( $type->name, Settings::get( 'post_types' ), true ), true, false ),
				esc_html( $type->labels->name )
			);
		}
		echo '</fieldset>';
	}

	/**
	 * A text of the ask box; the default is the placeholder.
	 *
	 * @param array $field From Settings_Page.
	 */
	public static function text( array $field ): void {
		$stored = get_option( Settings::OPTION, array() );
		self::input( $field, Settings::OPTION, 'text', (string) ( $stored[ $field['name'] ] ?? '' ), Settings::definitions()[ $field['name'] ]['default'] );
		self::help( $field['name'] );
	}

	/**
	 * A number.
	 *
	 * @param array $field From Settings_Page.
	 */
	public static function number( array $field ): void {
		printf(
			'<input type="number" class="small-text" id="%s" name="%s" value="%d" min="%d" max="%d">',
			esc_attr( $field['label_for'] ),
			esc_attr( Settings::OPTION . '[' . $field['name'] . ']' ),
			(int) Settings::get( $field['name'] ),
			(int) $field['min'],
			(int) $field['max']
		);
		self::help( $field['name'] );
	}

	/**
	 * An amount of money.
	 *
	 * @param array $field From Settings_Page.
	 */
	public static function amount( array $field ): void {
		printf(
			'<input type="number" class="small-text" id="%s" name="%s" value="%.2F" min="0" step="0.01">',
			esc_attr( $field['label_for'] ),
			esc_attr( Settings::OPTION . '[' . $field['name'] . ']' ),
			(float) Settings::get( $field['name'] )
		);
		self::help( $field['name'] );
	}

	/**
	 * A list, one entry per line.
	 *
	 * @param array $field From Settings_Page.
	 */
	public static function lines( array $field ): void {
		printf(
			'<textarea class="regular-text code" rows="3" id="%s" name="%s" spellcheck="false">%s</textarea>',
			esc_attr( $field['label_for'] ),
			esc_attr( Settings::OPTION . '[' . $field['name'] . ']' ),
			esc_textarea( implode( "\n", Settings::get( $field['name'] ) ) )
		);
		self::help( $field['name'] );
	}

	/**
	 * A checkbox.
	 *
	 * @param array $field From Settings_Page.
	 */
	public static function switch( array $field ): void {
		$name = Settings::OPTION . '[' . $field['name'] . ']';
		printf(
			// The hidden input is sent when the box is not ticked.
			'<input type="hidden" name="%1$s" value="0"><input type="checkbox" id="%2$s" name="%1$s" value="1"%3$s>',
			esc_attr( $name ),
			esc_attr( $field['label_for'] ),
			checked( Settings::get( $field['name'] ), true, false )
		);
		self::help( $field['name'] );
	}

	/**
	 * A list to choose one value from.
	 *
	 * @param array $field From Settings_Page.
	 */
	public static function choice( array $field ): void {
		printf( '<select id="%s" name="%s">', esc_attr( $field['label_for'] ), esc_attr( Settings::OPTION . '[' . $field['name'] . ']' ) );
		foreach ( self::choices( $field['name'] ) as $value => $label ) {
			printf( '<option value="%s"%s>%s</option>', esc_attr( $value ), selected( Settings::get( $field['name'] ), $value, false ), esc_html( $label ) );
		}
		echo '</select>';
		self::help( $field['name'] );
	}

	private static function choices( string $name ): array {
		return match ( $name ) {
			'guest_check' => array(
				'always' => __( 'Always', 'rag-ask' ),
				'doubt'  => __( 'When in doubt', 'rag-ask' ),
				'never'  => __( 'Never', 'rag-ask' ),
			),
			'visitor_way' => array(
				Way::AUTO      => __( 'Automatic', 'rag-ask' ),
				Way::STRAIGHT  => __( 'Straight from the browser', 'rag-ask' ),
				Way::WORDPRESS => __( 'Through WordPress', 'rag-ask' ),
			),
		};
	}

	private static function help( string $name ): void {
		$text = match ( $name ) {
			'meta_keys'        => __( 'Keys of custom fields to index with a post, one per line. Visitors may read them in answers.', 'rag-ask' ),
			'linked_files'     => __( 'Read the PDF, Word and Excel files of the media library that published posts link to or show, as far as guests can open them.', 'rag-ask' ),
			'include_comments' => __( 'Index approved comments and reviews with their post.', 'rag-ask' ),
			'index_private'    => __( 'Index private posts for logged-in users with a role that may read private posts.', 'rag-ask' ),
			'guest_check'      => __( 'Before a post is sent, this site opens its address as a guest does. What guests do not see is not indexed.', 'rag-ask' ),
			'text_notice'      => __( 'For example that questions are sent to a service that answers them. Empty shows none.', 'rag-ask' ),
			'question_days'    => __( 'The sidecar deletes them after that. With 0 it keeps no list of questions, only counts.', 'rag-ask' ),
			'digest_to'        => __( 'Mail addresses, one per line. Empty sends none. The mail has the figures of the week and the new questions without an answer.', 'rag-ask' ),
			'daily_budget_usd' => __( 'Past it, visitors get quotes from your pages, which cost nothing, until midnight (UTC). Whoever runs the sidecar may allow less; the lower of both counts.', 'rag-ask' ),
			'site_model'       => Site_Model::is_there()
				? __( 'Questions and passages of this site go to the provider of the connector. It takes effect when the sidecar runs with RAG_ASK_ANSWER_MODEL=site.', 'rag-ask' )
				: __( 'This site has no AI connector that writes texts. Settings > Connectors of WordPress 7.0 and later has them.', 'rag-ask' ),
			'push_budget_s'    => __( 'Sending in the background stops after this time and continues in another request. It stops earlier where the host limits PHP.', 'rag-ask' ),
			'system_cron'      => __( 'Send nothing in requests of authors and visitors. Let the system run "wp rag-ask push" every minute instead.', 'rag-ask' ),
			'visitor_way'      => __( 'Automatic takes the straight way where the test finds it open.', 'rag-ask' ),
			'proxy_streams'    => __( 'Each holds a PHP process for up to a minute. Leave some of the server\'s processes to the pages.', 'rag-ask' ),
			'trusted_proxies'  => __( 'One address or range (10.0.0.0/8) per line. Their header X-Forwarded-For tells visitors apart; from anybody else it is ignored.', 'rag-ask' ),
			default            => '',
		};
		if ( '' !== $text ) {
			echo '<p class="description">' . esc_html( $text ) . '</p>';
		}
	}

	private static function input( array $field, string $option, string $type, string $value, string $hint ): void {
		printf(
			'<input type="%s" class="regular-text" id="%s" name="%s" value="%s" placeholder="%s" autocomplete="%s" spellcheck="false">',
			esc_attr( $type ),
			esc_attr( $field['label_for'] ),
			esc_attr( $option . '[' . $field['name'] . ']' ),
			esc_attr( $value ),
			esc_attr( $hint ),
			// Browsers ignore "off" on a password field and fill in a login.
			esc_attr( 'password' === $type ? 'new-password' : 'off' )
		);
	}

	private static function locked( array $field, string $value, string $constant ): void {
		printf(
			'<input type="text" class="regular-text" id="%s" value="%s" disabled><p class="description">%s</p>',
			esc_attr( $field['label_for'] ),
			esc_attr( $value ),
			/* translators: %s: name of a PHP constant. */
			esc_html( sprintf( __( 'Set by %s in wp-config.php.', 'rag-ask' ), $constant ) )
		);
	}

	private static function constant_of( string $part ): string {
		return Connection::has_constant( 'RAG_ASK_CONNECTION' ) ? 'RAG_ASK_CONNECTION' : Connection::CONSTANTS[ $part ];
	}
}
