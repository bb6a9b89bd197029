<?php
namespace Guestbook\Http;

final class NotFound
{
    public function body(string $path): string { http_response_code(404); return 'nothing at ' . mb_substr($path, 0, 80); }
}
