package Wiki;
use Mojo::Base 'Mojolicious', -signatures;

sub startup ($self) {
  my $config = $self->plugin('NotYAMLConfig', {file => $self->home->child('wiki.yml')});
  $self->secrets($config->{secrets});
  $self->plugin('DefaultHelpers');
  my $r = $self->routes;
  $r->get('/health')->to(cb => sub ($c) { $c->render(text => 'ok') });
  $r->get('/page/#name')->to('Page#show');
}

1;
