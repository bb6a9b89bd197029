package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

type post struct {
	Name, Title, Body string
	At                time.Time
}

func readPosts(folder string, zone *time.Location) (map[string]post, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		return nil, err
	}
	posts := make(map[string]post)
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		head, body, _ := strings.Cut(string(raw), "\n\n")
		title, date, _ := strings.Cut(head, "\n")
		at, err := time.ParseInLocation("2006-01-02 15:04", strings.TrimSpace(date), zone)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		posts[name] = post{name, title, body, at}
	}
	return posts, nil
}
