<?php

namespace RagAsk\Tests;

use RagAsk\Settings;
use function RagAsk\change_for;
use function RagAsk\file_addresses;

/**
 * PDF and office files of the media library are documents while a published post links to or shows them.
 */
final class LinkedFilesTest extends TestCase {
	use WithSidecar;

	private int $file_id = 0;

	protected function setUp(): void {
		parent::setUp();
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->connect( self::$sidecar->url );
		$this->forget_rows();
		$this->file_id = $this->file( 'price-list.pdf' );
	}

	protected function tearDown(): void {
		foreach ( glob( wp_upload_dir()['basedir'] . '/rag-ask-test/*' ) as $path ) {
			unlink( $path );
		}
		parent::tearDown();
	}

	public function test_a_file_that_a_post_links_to_is_the_upsert_of_the_contract(): void {
		$wanted = $this->contract( 'push-request' )['changes'][2];
		$this->linking_post();
		$this->push();
		$change = change_for( $this->file_id, 1795270000000002 );
		$this->assertSame( array_keys( $wanted ), array_keys( $change ) );
		$this->assertSame( array_keys( $wanted['document'] ), array_keys( $change['document'] ) );
		foreach ( $wanted['document'] as $name => $value ) {
			$this->assertSame( gettype( $value ), gettype( $change['document'][ $name ] ), $name );
		}
		$this->assertSame( array( 'public' ), $change['document']['groups'] );
		$this->assertSame( 'Price list', $change['document']['title'] );
		$this->assertSame( wp_get_attachment_url( $this->file_id ), $change['document']['url'] );
		$this->assertSame( 'pdf', $change['document']['file']['kind'] );
	}

	public function test_it_is_pushed_after_its_post_and_only_when_something_of_it_changed(): void {
		$post_id = $this->linking_post();
		$this->assertSame( array( $this->file_id => 'upsert', $post_id => 'upsert' ), $this->pushed() );
		wp_update_post( array( 'ID' => $post_id, 'post_title' => 'Hours and prices' ) );
		$this->assertSame( array( $post_id => 'upsert' ), $this->pushed() );
		wp_update_post( array( 'ID' => $this->file_id, 'post_title' => 'New prices' ) );
		$this->assertArrayHasKey( $this->file_id, $this->pushed() );
		file_put_contents( get_attached_file( $this->file_id ), '%PDF-1.7 other' );
		update_post_meta( $this->file_id, '_wp_attachment_metadata', array( 'filesize' => 14 ) );
		$this->assertSame( array( $this->file_id => 'upsert' ), $this->pushed() );
	}

	/**
	 * @dataProvider withdrawals
	 */
	public function test_it_is_withdrawn_with_the_last_post_that_links_to_it( callable $withdraw ): void {
		$first_id  = $this->linking_post();
		$second_id = $this->linking_post();
		$this->pushed();
		wp_update_post( array( 'ID' => $first_id, 'post_content' => '<p>No prices here.</p>' ) );
		$this->assertSame( array( $first_id => 'upsert' ), $this->pushed() );
		$withdraw( $second_id );
		$this->assertSame( 'delete', $this->pushed()[ $this->file_id ] ?? '' );
		$this->assertSame( '', $this->row( $this->file_id )->hash );
	}

	public function withdrawals(): array {
		return array(
			'draft'    => array( static fn( int $post_id ) => wp_update_post( array( 'ID' => $post_id, 'post_status' => 'draft' ) ) ),
			'private'  => array( static fn( int $post_id ) => wp_update_post( array( 'ID' => $post_id, 'post_status' => 'private' ) ) ),
			'trash'    => array( static fn( int $post_id ) => wp_trash_post( $post_id ) ),
			'deleted'  => array( static fn( int $post_id ) => wp_delete_post( $post_id, true ) ),
			'password' => array( static fn( int $post_id ) => wp_update_post( array( 'ID' => $post_id, 'post_password' => 'open sesame' ) ) ),
			'excluded' => array( static fn( int $post_id ) => update_post_meta( $post_id, '_rag_ask_exclude', '1' ) ),
			'unlinked' => array( static fn( int $post_id ) => wp_update_post( array( 'ID' => $post_id, 'post_content' => '<p>Ask us.</p>' ) ) ),
		);
	}

	public function test_a_deleted_or_excluded_file_is_withdrawn(): void {
		$other_id = $this->file( 'menu.pdf' );
		$this->linking_post();
		$this->linking_post( $other_id );
		$this->pushed();
		wp_delete_attachment( $this->file_id, true );
		update_post_meta( $other_id, '_rag_ask_exclude', '1' );
		\RagAsk\Cache_Watcher::record();
		$this->assertSame( array( $this->file_id => 'delete', $other_id => 'delete' ), $this->pushed() );
	}

	public function test_who_may_read_one_of_its_posts_may_read_the_file(): void {
		$members_id = $this->linking_post();
		add_filter( 'rag_ask_audience', $filter = static fn( $groups, $post ) => $post->ID === $members_id ? array( 'role:member' ) : $groups, 10, 2 );
		$this->pushed();
		$this->assertSame( array( 'role:member' ), change_for( $this->file_id, 5 )['document']['groups'] );
		$this->linking_post();
		$this->pushed();
		$this->assertSame( array( 'public', 'role:member' ), change_for( $this->file_id, 5 )['document']['groups'] );
		remove_filter( 'rag_ask_audience', $filter );
	}

	public function test_the_setting_takes_all_files_out_and_brings_them_back(): void {
		$post_id = $this->linking_post();
		$this->pushed();
		update_option( Settings::OPTION, array( 'linked_files' => false ) );
		$this->assertSame( array( $this->file_id => 'delete' ), $this->pushed() );
		update_option( Settings::OPTION, array( 'linked_files' => true ) );
		$this->assertSame( array( $this->file_id => 'upsert', $post_id => 'upsert' ), $this->pushed() );
	}

	public function test_saving_a_post_looks_for_no_files(): void {
		add_filter( 'attachment_url_to_postid', $filter = static fn() => throw new \LogicException( 'looked up' ) );
		$post_id = $this->linking_post();
		remove_filter( 'attachment_url_to_postid', $filter );
		$this->assert_queued( $post_id );
		$this->assertNull( $this->row( $this->file_id ) );
	}

	public function test_reconcile_names_the_files_too(): void {
		$post_id = $this->linking_post();
		$this->pushed();
		$body = json_decode( \RagAsk\Reconcile_Page::read( 0, 500 )->body(), true );
		$this->assertSame( array( $this->file_id, $post_id ), array_column( $body['documents'], 'id' ) );
		$this->assertSame( $this->row( $this->file_id )->hash, $body['documents'][0]['hash'] );
	}

	public function test_the_figures_count_files_as_the_sidecar_does(): void {
		$this->linking_post();
		$this->pushed();
		$this->assertSame( 2, \RagAsk\Index_Query::figures()['ready'] );
	}

	public function test_links_and_embedded_files_are_found_however_they_are_written(): void {
		$html = '<a href="/wp-content/uploads/a.pdf#page=2">A</a><object data="https://x.test/b.PDF?v=3"></object>'
			. '<iframe src="c.docx"></iframe><embed src="https://x.test/pr%C3%A9cis.xlsx"><a href="d.html">D</a><a>E</a><a href="mailto:a@b.pdf.example">F</a>';
		$home = home_url();
		$this->assertSame(
			array( "$home/wp-content/uploads/a.pdf", 'https://x.test/b.PDF', "$home/c.docx", 'https://x.test/pr%C3%A9cis.xlsx', 'https://x.test/précis.xlsx' ),
			array_values( file_addresses( $html ) )
		);
	}

	private function file( string $name ): int {
		$folder = wp_upload_dir()['basedir'] . '/rag-ask-test';
		wp_mkdir_p( $folder );
		file_put_contents( "$folder/$name", '%PDF-1.7' );
		$file_id = wp_insert_attachment(
			array(
				'post_title'     => 'Price list',
				'post_mime_type' => 'application/pdf',
				'post_status'    => 'inherit',
			),
			"$folder/$name"
		);
		$this->assertIsInt( $file_id );
		return $file_id;
	}

	private function linking_post( int $file_id = 0 ): int {
		return $this->post( array( 'post_content' => '<p>See our <a href="' . wp_get_attachment_url( $file_id ? $file_id : $this->file_id ) . '">prices</a>.</p>' ) );
	}

	/**
	 * Push what is due.
	 *
	 * @return array<int, string> Operation by id.
	 */
	private function pushed(): array {
		self::$sidecar->answers( array( 'status' => 202 ) );
		$this->assertSame( 0, $this->push()['failed'] );
		$operations = array();
		foreach ( self::$sidecar->changes() as $change ) {
			$operations[ $change['id'] ?? $change['document']['id'] ] = $change['op'];
		}
		ksort( $operations );
		return $operations;
	}
}
