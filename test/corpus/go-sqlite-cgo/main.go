// Command notes is a small service that keeps notes in SQLite.
package main

import (
	"fmt"
	"html/template"
	"log"
	"mime"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

func main() {
	if len(os.Args) < 2 || os.Args[1] != "serve" {
		fmt.Println("usage: notes serve")
		os.Exit(2)
	}
	c, err := load()
	if err != nil {
		log.Fatal(err)
	}
	zones := map[string]*time.Location{}
	for _, name := range c.Zones {
		zone, err := time.LoadLocation(name)
		if err != nil {
			log.Fatal(err)
		}
		zones[name] = zone
	}
	pages, err := template.ParseGlob(filepath.Join(c.Templates, "*.html"))
	if err != nil {
		log.Fatal(err)
	}
	db, err := open(c)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := net.LookupHost("localhost"); err != nil {
		log.Print(err)
	}
	http.HandleFunc("/health", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "ok") })
	http.HandleFunc("/notes", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			if _, err := db.Exec("insert into note(text, at) values (?, ?)", r.FormValue("text"), time.Now()); err != nil {
				http.Error(w, err.Error(), 500)
				return
			}
		}
		rows, err := db.Query("select id, text, at from note order by id")
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		defer rows.Close()
		var notes []note
		for rows.Next() {
			var n note
			if err := rows.Scan(&n.ID, &n.Text, &n.At); err == nil {
				notes = append(notes, n)
			}
		}
		w.Header().Set("Content-Type", mime.TypeByExtension(".html"))
		pages.ExecuteTemplate(w, "list.html", map[string]any{"Notes": notes, "Zones": zones})
	})
	http.Handle("/static/", http.StripPrefix("/static/", http.FileServer(http.Dir(c.Templates))))
	log.Printf("listening on %s", c.Listen)
	log.Fatal(http.ListenAndServe(c.Listen, nil))
}
