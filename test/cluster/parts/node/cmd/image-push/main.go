// Command image-push writes a test image to a registry that speaks plain HTTP: from tar files, or as the eStargz form of an image
// that the registry has already.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/containerd/stargz-snapshotter/estargz"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

func main() {
	log.SetFlags(0)
	source := flag.String("source", "", "image whose eStargz form is written; absent: the arguments are layers as tar files")
	prioritized := flag.String("prioritized", "", "file with the paths to put in front of each layer's landmark")
	command := flag.String("command", "", "the image's command, split at spaces (tar files only)")
	flag.Parse()
	target, err := name.ParseReference(flag.Arg(0), name.Insecure)
	must(err)
	var image v1.Image
	if *source == "" {
		image, err = fromTarFiles(flag.Args()[1:], strings.Fields(*command))
	} else {
		image, err = toEstargz(*source, *prioritized)
	}
	must(err)
	must(remote.Write(target, image))
	digest, err := image.Digest()
	must(err)
	fmt.Println(digest)
}

func fromTarFiles(files, command []string) (v1.Image, error) {
	image := emptyImage()
	for _, file := range files {
		layer, err := tarball.LayerFromFile(file, tarball.WithMediaType(types.OCILayer))
		if err != nil {
			return nil, err
		}
		if image, err = mutate.Append(image, mutate.Addendum{Layer: layer, History: v1.History{CreatedBy: "image-push"}}); err != nil {
			return nil, err
		}
	}
	return withConfig(image, func(config *v1.ConfigFile) { config.Config.Cmd = command })
}

// toEstargz keeps the image's configuration and converts each layer, as `ctr-remote image optimize` does with a record.
func toEstargz(source, prioritizedFile string) (v1.Image, error) {
	reference, err := name.ParseReference(source, name.Insecure)
	if err != nil {
		return nil, err
	}
	from, err := remote.Image(reference)
	if err != nil {
		return nil, err
	}
	prioritized, err := lines(prioritizedFile)
	if err != nil {
		return nil, err
	}
	layers, err := from.Layers()
	if err != nil {
		return nil, err
	}
	image := emptyImage()
	for _, layer := range layers {
		converted, annotations, err := convertLayer(layer, prioritized)
		if err != nil {
			return nil, err
		}
		if image, err = mutate.Append(image, mutate.Addendum{Layer: converted, Annotations: annotations, MediaType: types.OCILayer}); err != nil {
			return nil, err
		}
	}
	original, err := from.ConfigFile()
	if err != nil {
		return nil, err
	}
	return withConfig(image, func(config *v1.ConfigFile) { config.Config = original.Config })
}

func convertLayer(layer v1.Layer, prioritized []string) (v1.Layer, map[string]string, error) {
	content, err := layer.Uncompressed()
	if err != nil {
		return nil, nil, err
	}
	defer content.Close()
	plain, err := os.CreateTemp("", "layer")
	if err != nil {
		return nil, nil, err
	}
	defer os.Remove(plain.Name())
	size, err := io.Copy(plain, content)
	if err != nil {
		return nil, nil, err
	}
	var missing []string
	blob, err := estargz.Build(io.NewSectionReader(plain, 0, size), estargz.WithPrioritizedFiles(prioritized), estargz.WithAllowPrioritizeNotFound(&missing))
	if err != nil {
		return nil, nil, err
	}
	defer blob.Close()
	// The blob stays until this process ends: the layer is read from it when the image is pushed.
	file, err := os.CreateTemp("", "estargz")
	if err != nil {
		return nil, nil, err
	}
	hash := sha256.New()
	written, err := io.Copy(io.MultiWriter(file, hash), blob)
	if err != nil {
		return nil, nil, err
	}
	if err := blob.Close(); err != nil {
		return nil, nil, err
	}
	diffID, err := v1.NewHash(blob.DiffID().String())
	if err != nil {
		return nil, nil, err
	}
	converted := &storedLayer{path: file.Name(), size: written, diffID: diffID, digest: v1.Hash{Algorithm: "sha256", Hex: hex.EncodeToString(hash.Sum(nil))}}
	return converted, map[string]string{
		estargz.TOCJSONDigestAnnotation:         blob.TOCDigest().String(),
		estargz.StoreUncompressedSizeAnnotation: fmt.Sprint(size),
	}, file.Close()
}

// storedLayer is a compressed layer in a file.
type storedLayer struct {
	path   string
	size   int64
	digest v1.Hash
	diffID v1.Hash
}

func (l *storedLayer) Digest() (v1.Hash, error)            { return l.digest, nil }
func (l *storedLayer) DiffID() (v1.Hash, error)            { return l.diffID, nil }
func (l *storedLayer) Compressed() (io.ReadCloser, error)  { return os.Open(l.path) }
func (l *storedLayer) Size() (int64, error)                { return l.size, nil }
func (l *storedLayer) MediaType() (types.MediaType, error) { return types.OCILayer, nil }
func (l *storedLayer) Uncompressed() (io.ReadCloser, error) {
	return nil, fmt.Errorf("not needed to push")
}

func emptyImage() v1.Image {
	return mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
}

func withConfig(image v1.Image, change func(*v1.ConfigFile)) (v1.Image, error) {
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.Architecture, config.OS = "amd64", "linux"
	config.Config.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	change(config)
	return mutate.ConfigFile(image, config)
}

func lines(file string) ([]string, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return strings.Fields(string(text)), nil
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
