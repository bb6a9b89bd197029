<?php
namespace Guestbook\Model;

final class Entry
{
    public function __construct(public readonly int $id, public readonly string $name) {}
}
