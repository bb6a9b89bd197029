<?php require __DIR__ . "/layout.php"; foreach ($entries as $entry): ?><li><?= htmlspecialchars($entry->name) ?></li><?php endforeach ?>
