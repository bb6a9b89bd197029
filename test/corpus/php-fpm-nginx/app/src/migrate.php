<?php
$db = new PDO('sqlite:/tmp/app/guestbook.db');
$db->exec('create table if not exists entry (id integer primary key, name text)');
