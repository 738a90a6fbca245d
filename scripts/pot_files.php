<?php
/**
 * Print a .mo file in a form that WordPress loads: php pot_files.php FILE.mo php|json
 *
 * WordPress's own classes write the first. The second is what wp.i18n.setLocaleData() takes.
 */

$root = dirname( __DIR__ );
foreach ( array( '', '-mo', '-php' ) as $part ) {
	require "$root/.state/wordpress/wp-includes/l10n/class-wp-translation-file$part.php";
}
list( , $file, $kind ) = $argv;
if ( 'php' === $kind ) {
	echo WP_Translation_File::transform( $file, 'php' );
	exit;
}
$source   = WP_Translation_File::create( $file );
$headers  = $source->headers();
$messages = array(
	'' => array(
		'domain'       => 'rag-ask',
		'lang'         => $headers['language'],
		'plural-forms' => $headers['plural-forms'],
	),
);
foreach ( $source->entries() as $text => $translations ) {
	$messages[ $text ] = explode( "\0", $translations );
}
echo json_encode( array( 'domain' => 'rag-ask', 'locale_data' => array( 'rag-ask' => $messages ) ), JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR ), "\n";
