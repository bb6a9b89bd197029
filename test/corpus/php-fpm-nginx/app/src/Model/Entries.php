<?php
namespace Guestbook\Model;

final class Entries
{
    private \PDO $db;
    public function __construct(string $dsn) { $this->db = new \PDO($dsn); }
    public function add(string $name): void { $this->db->prepare('insert into entry(name) values (?)')->execute([$name]); }
    /** @return list<Entry> */
    public function all(): array { return array_map(fn ($row) => new Entry((int) $row['id'], $row['name']), $this->db->query('select * from entry')->fetchAll()); }
}
