package main

import (
	_ "embed"
	"flag"
	"html/template"
	"log"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

//go:embed embedded/schema.sql
var schema string

func main() {
	configPath := flag.String("config", "blog.json", "configuration")
	folder := flag.String("templates", "templates", "folder of templates")
	flag.Parse()
	config, err := readConfig(*configPath)
	if err != nil {
		log.Fatal(err)
	}
	zone, err := time.LoadLocation(config.Zone)
	if err != nil {
		log.Fatal(err)
	}
	posts, err := readPosts(config.Content, zone)
	if err != nil {
		log.Fatal(err)
	}
	list := template.Must(template.ParseGlob(filepath.Join(*folder, "*.html")))
	mux := http.NewServeMux()
	mux.HandleFunc("/health", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ok")) })
	mux.Handle("/static/", http.StripPrefix("/static/", http.FileServer(http.Dir(config.Static))))
	mux.HandleFunc("/post/", func(w http.ResponseWriter, r *http.Request) {
		found, ok := posts[strings.TrimPrefix(r.URL.Path, "/post/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		own, err := template.Must(list.Clone()).ParseFiles(filepath.Join(*folder, "post.tmpl"))
		if err == nil {
			err = own.ExecuteTemplate(w, "post.tmpl", map[string]any{"Site": config.Title, "Post": found})
		}
		if err != nil {
			log.Print(err)
		}
	})
	log.Printf("%d posts, schema of %d bytes, listening on %s", len(posts), len(schema), config.Listen)
	log.Fatal(http.ListenAndServe(config.Listen, mux))
}
