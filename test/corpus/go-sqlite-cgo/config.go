package main

import (
	"os"

	"github.com/BurntSushi/toml"
)

type config struct {
	Listen     string
	Database   string
	Templates  string
	Migrations string
	Zones      []string
}

func load() (config, error) {
	path := os.Getenv("NOTES_CONFIG")
	if path == "" {
		path = "/etc/notes/notes.toml"
	}
	var c config
	_, err := toml.DecodeFile(path, &c)
	return c, err
}
