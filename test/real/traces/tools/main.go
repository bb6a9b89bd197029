// Command prefetchtools puts a prefetch list into an image with the libraries of the lazy loaders themselves, and prints what
// they made of it as JSON. Their own commands need a running containerd.
//
//	prefetchtools estargz LAYER.tar < LIST            the files in front of the prefetch landmark, in order
//	prefetchtools soci LAYOUT < LIST.json             the prefetch spans, by layer digest
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/awslabs/soci-snapshotter/soci"
	"github.com/awslabs/soci-snapshotter/soci/store"
	"github.com/containerd/containerd/content/local"
	"github.com/containerd/containerd/images"
	"github.com/containerd/platforms"
	"github.com/containerd/stargz-snapshotter/estargz"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content/oci"
)

func main() {
	if len(os.Args) != 3 {
		fail(errors.New("usage: prefetchtools estargz LAYER.tar | soci LAYOUT"))
	}
	var result any
	var err error
	switch os.Args[1] {
	case "estargz":
		result, err = prioritized(os.Args[2])
	case "soci":
		result, err = spans(os.Args[2])
	default:
		err = fmt.Errorf("no loader %q", os.Args[1])
	}
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(result)
	}
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// The list as `ctr-remote image optimize --prefetch-list` reads it.
func lines(in io.Reader) ([]string, error) {
	var found []string
	scanner := bufio.NewScanner(in)
	for scanner.Scan() {
		if line := strings.TrimSpace(scanner.Text()); line != "" && !strings.HasPrefix(line, "#") {
			found = append(found, line)
		}
	}
	return found, scanner.Err()
}

func prioritized(layer string) (any, error) {
	files, err := lines(os.Stdin)
	if err != nil {
		return nil, err
	}
	tar, err := os.Open(layer)
	if err != nil {
		return nil, err
	}
	stat, err := tar.Stat()
	if err != nil {
		return nil, err
	}
	missed := []string{}
	blob, err := estargz.Build(io.NewSectionReader(tar, 0, stat.Size()), estargz.WithPrioritizedFiles(files), estargz.WithAllowPrioritizeNotFound(&missed))
	if err != nil {
		return nil, err
	}
	made, err := os.CreateTemp("", "estargz")
	if err != nil {
		return nil, err
	}
	defer os.Remove(made.Name())
	size, err := io.Copy(made, blob)
	if err != nil {
		return nil, err
	}
	if err := blob.Close(); err != nil {
		return nil, err
	}
	reader, err := estargz.Open(io.NewSectionReader(made, 0, size))
	if err != nil {
		return nil, err
	}
	landmark, ok := reader.Lookup(estargz.PrefetchLandmark)
	if !ok {
		return nil, errors.New("the layer has no prefetch landmark")
	}
	inFront := []string{}
	offsets := map[string]int64{}
	root, _ := reader.Lookup("")
	var walk func(path string, entry *estargz.TOCEntry)
	walk = func(path string, entry *estargz.TOCEntry) {
		if entry.Type == "reg" && entry.Size > 0 && entry.Offset < landmark.Offset {
			inFront = append(inFront, path)
			offsets[path] = entry.Offset
		}
		entry.ForeachChild(func(name string, child *estargz.TOCEntry) bool {
			walk(path+"/"+name, child)
			return true
		})
	}
	walk("", root)
	sortBy(inFront, offsets)
	return map[string]any{"prioritized": inFront, "missed": missed}, nil
}

func sortBy(paths []string, offsets map[string]int64) {
	for i := 1; i < len(paths); i++ {
		for j := i; j > 0 && offsets[paths[j]] < offsets[paths[j-1]]; j-- {
			paths[j], paths[j-1] = paths[j-1], paths[j]
		}
	}
}

func spans(layout string) (any, error) {
	var files []string
	if err := json.NewDecoder(os.Stdin).Decode(&files); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(layout, "index.json"))
	if err != nil {
		return nil, err
	}
	var top ocispec.Index
	if err := json.Unmarshal(text, &top); err != nil {
		return nil, err
	}
	ctx := context.Background()
	layoutStore, err := oci.New(layout)
	if err != nil {
		return nil, err
	}
	content, err := local.NewStore(layout)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "soci")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	db, err := soci.NewDB(soci.ArtifactsDbPath(folder))
	if err != nil {
		return nil, err
	}
	made := &store.SociStore{Store: layoutStore}
	builder, err := soci.NewIndexBuilder(content, made, soci.WithSpanSize(65536), soci.WithMinLayerSize(0), soci.WithArtifactsDb(db), soci.WithPrefetchPaths(files))
	if err != nil {
		return nil, err
	}
	stdout := os.Stdout
	os.Stdout = os.Stderr // the library prints what it stores
	index, err := builder.Build(ctx, images.Image{Name: layout, Target: top.Manifests[0]}, soci.WithPlatform(platforms.DefaultSpec()))
	os.Stdout = stdout
	if err != nil {
		return nil, err
	}
	found := map[string]any{}
	for _, blob := range index.Index.Blobs {
		if blob.MediaType != soci.SociPrefetchMediaType {
			continue
		}
		reader, err := layoutStore.Fetch(ctx, blob)
		if err != nil {
			return nil, err
		}
		artifact, err := soci.UnmarshalPrefetchArtifact(reader)
		reader.Close()
		if err != nil {
			return nil, err
		}
		found[blob.Annotations[soci.IndexAnnotationImageLayerDigest]] = artifact.PrefetchSpans
	}
	return found, nil
}
