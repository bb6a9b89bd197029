package Wiki::Pages;
use Mojo::Base -base, -signatures;

has 'folder';

sub text ($self, $name) {
  my $file = $self->folder->child("$name.md");
  return -r $file ? $file->slurp : undef;
}

1;
