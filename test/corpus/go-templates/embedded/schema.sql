create table views (name text primary key, count integer not null);
