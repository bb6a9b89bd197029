create table orders (id identity primary key, customer varchar(100), cents int);
