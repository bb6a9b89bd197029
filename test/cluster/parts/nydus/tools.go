//go:build tools

// Package tools keeps the snapshotter's own program among this module's requirements.
package tools

import _ "github.com/containerd/nydus-snapshotter/cmd/containerd-nydus-grpc"
