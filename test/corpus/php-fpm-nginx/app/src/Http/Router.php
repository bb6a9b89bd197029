<?php
namespace Guestbook\Http;

final class Router
{
    private array $routes = [];
    public function add(string $method, string $path, callable $handler): void { $this->routes["$method $path"] = $handler; }
    public function handle(string $method, string $path): string
    {
        $handler = $this->routes["$method $path"] ?? null;
        if ($handler === null) { return (new NotFound())->body($path); }
        return $handler();
    }
}
