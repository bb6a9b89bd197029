require 'sqlite3'

module Shop
  # Keeps the orders.
  class Store
    def initialize(path)
      @db = SQLite3::Database.new(path)
      @db.execute('create table if not exists orders (id integer primary key, name text, cents integer)')
    end

    def add(name, cents)
      @db.execute('insert into orders(name, cents) values (?, ?)', [name, cents])
      @db.last_insert_row_id
    end
  end
end
