create table product (id int primary key auto_increment, name varchar(100));
insert into product(name) values ("tea");
