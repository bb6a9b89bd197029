package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"sort"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

type note struct {
	ID   int64
	Text string
	At   time.Time
}

func open(c config) (*sql.DB, error) {
	db, err := sql.Open("sqlite3", c.Database)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	files, err := filepath.Glob(filepath.Join(c.Migrations, "*.sql"))
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if _, err := db.Exec(string(text)); err != nil {
			return nil, err
		}
	}
	return db, nil
}
