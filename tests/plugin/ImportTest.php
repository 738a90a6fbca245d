<?php

namespace RagAsk\Tests;

use function RagAsk\Dev\import_wxr;

require_once __DIR__ . '/../../wp-env/mu-plugins/rag-ask-dev/wxr.php';

/** The importer of the local site: scripts/up --import. */
final class ImportTest extends TestCase {

	/**
	 * @dataProvider meta
	 * @param mixed $wanted
	 */
	public function test_meta_of_real_exports_is_imported( string $stored, $wanted ): void {
		$id = wp_rand();
		$this->assertSame( array( 'written' => 1, 'next' => null ), import_wxr( $this->export( $id, $stored ), 0, 10 ) );
		$posts = get_posts( array( 'name' => "timetable-$id", 'post_type' => 'page' ) );
		$this->assertCount( 1, $posts );
		$this->assertSame( '<p>The last ferry leaves at ten.</p>', $posts[0]->post_content );
		$this->assertSame( $wanted, get_post_meta( $posts[0]->ID, '_stats', true ) );
	}

	public function meta(): array {
		return array(
			'text'             => array( 'plain \\ text', 'plain \\ text' ),
			'a list'           => array( serialize( array( 'a', array( 'b' => 1 ) ) ), array( 'a', array( 'b' => 1 ) ) ),
			'an object'        => array( 'a:1:{s:5:"sizes";O:8:"stdClass":1:{s:5:"bytes";i:12;}}', array( 'sizes' => array( 'bytes' => 12 ) ) ),
			'a class unknown'  => array( 'O:9:"Gone_Stat":2:{s:5:"bytes";i:12;s:4:"list";a:1:{i:0;O:8:"Gone_Sub":0:{}}}', array( 'bytes' => 12, 'list' => array( array() ) ) ),
			'a wrong length'   => array( 'a:1:{s:9:"sizes";i:1;}', 'a:1:{s:9:"sizes";i:1;}' ),
			'false'            => array( 'b:0;', '' ),
		);
	}

	private function export( int $id, string $meta ): string {
		return "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' xmlns:excerpt='http://wordpress.org/export/1.2/excerpt/'
			xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/'
			xmlns:wp='http://wordpress.org/export/1.2/'><channel><wp:wxr_version>1.2</wp:wxr_version><item><title>Timetable</title>
			<dc:creator>clerk</dc:creator><guid>https://ferry.example/?p=$id</guid>
			<content:encoded><![CDATA[<p>The last ferry leaves at ten.</p>]]></content:encoded><excerpt:encoded></excerpt:encoded>
			<wp:post_id>$id</wp:post_id><wp:post_date>2025-03-01 09:00:00</wp:post_date><wp:post_date_gmt>2025-03-01 09:00:00</wp:post_date_gmt>
			<wp:post_name>timetable-$id</wp:post_name><wp:status>publish</wp:status><wp:post_parent>0</wp:post_parent>
			<wp:menu_order>0</wp:menu_order><wp:post_type>page</wp:post_type><wp:comment_status>closed</wp:comment_status>
			<wp:postmeta><wp:meta_key>_stats</wp:meta_key><wp:meta_value><![CDATA[$meta]]></wp:meta_value></wp:postmeta>
			</item></channel></rss>";
	}
}
