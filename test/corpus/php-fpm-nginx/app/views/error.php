<p>Oh no
