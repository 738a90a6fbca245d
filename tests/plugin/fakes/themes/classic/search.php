<?php
get_header();
// As Twenty Twenty-One: the column is that of each entry, so the loop starts at the edges of the window.
?>
<h1 class="column">Results for <?php echo esc_html( get_search_query() ); ?></h1>
<?php
if ( have_posts() ) {
	while ( have_posts() ) {
		the_post();
		?>
		<article class="column"><h2><a href="<?php the_permalink(); ?>"><?php the_title(); ?></a></h2><?php the_excerpt(); ?></article>
		<?php
	}
} else {
	?>
	<div class="column"><p>Nothing matched.</p><?php get_search_form(); ?></div>
	<?php
}
get_footer();
