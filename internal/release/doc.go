// Package main makes what is published: Python wheels that carry the two programs.
//
//	go run ./internal/release -version 0.1.0 -o dist
//
// builds prefectc and prefect-lsp for every platform of a release and packs one wheel for each. The programs are static
// (no cgo, no libc), so one Linux wheel serves glibc and musl alike. The same commit, version and Go release give the
// same bytes on any machine: paths are trimmed, nothing carries the time of the build.
package main
