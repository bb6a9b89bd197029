package main

import (
	"encoding/json"
	"os"
)

type config struct {
	Listen, Title, Zone, Content, Static string
}

func readConfig(path string) (config, error) {
	var c config
	raw, err := os.ReadFile(path)
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(raw, &c)
}
