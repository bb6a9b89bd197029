<?php
declare(strict_types=1);
require __DIR__ . '/../vendor/autoload.php';

use Guestbook\Http\Router;
use Guestbook\Model\Entries;

$router = new Router();
$router->add('GET', '/health', fn () => 'ok');
$router->add('GET', '/entries', function () {
    $entries = new Entries('sqlite:/tmp/app/guestbook.db');
    $entries->add($_GET['name'] ?? 'nobody');
    return render('list', ['entries' => $entries->all()]);
});
echo $router->handle($_SERVER['REQUEST_METHOD'], parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
