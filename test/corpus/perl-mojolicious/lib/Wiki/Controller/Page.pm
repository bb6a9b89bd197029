package Wiki::Controller::Page;
use Mojo::Base 'Mojolicious::Controller', -signatures;
use Wiki::Pages;

sub show ($c) {
  require Text::Markdown;
  my $text = Wiki::Pages->new(folder => $c->app->home->child('pages'))->text($c->param('name')) // return $c->reply->not_found;
  $c->render('page/show', html => Text::Markdown::markdown($text));
}

1;
