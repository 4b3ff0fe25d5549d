package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"time"
)

// A file of a wheel, or on its way into one.
type file struct {
	name string
	data []byte
}

// A wheel is a Python package whose content are programs: pip puts them beside the interpreter as they are.
// The format is PyPA's "Binary distribution format", version 1.0.
type wheel struct {
	version  string
	tag      string // py3-none-PLATFORM
	programs []file
	licences []file
	readme   []byte
}

//go:embed python/prefectc/*.py
var python embed.FS

// epoch is the time of every file in a wheel, the earliest that a zip archive can tell: the bytes must not depend on when they were packed.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func (w wheel) name() string { return fmt.Sprintf("prefectc-%s-%s.whl", w.version, w.tag) }

// pack gives the bytes of the wheel. RECORD, the list of what is inside, has to be the last file.
func (w wheel) pack() ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	var record strings.Builder
	add := func(name string, data []byte, mode fs.FileMode) error {
		sum := sha256.Sum256(data)
		fmt.Fprintf(&record, "%s,sha256=%s,%d\n", name, base64.RawURLEncoding.EncodeToString(sum[:]), len(data))
		return write(archive, name, data, mode)
	}

	err := fs.WalkDir(python, "python/prefectc", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := python.ReadFile(path)
		if err != nil {
			return err
		}
		return add(strings.TrimPrefix(path, "python/"), data, 0o644)
	})
	if err != nil {
		return nil, err
	}
	for _, f := range w.programs {
		if err := add("prefectc-"+w.version+".data/scripts/"+f.name, f.data, 0o755); err != nil {
			return nil, err
		}
	}
	info := "prefectc-" + w.version + ".dist-info/"
	for _, f := range w.licences {
		if err := add(info+"licenses/"+f.name, f.data, 0o644); err != nil {
			return nil, err
		}
	}
	if err := add(info+"METADATA", w.metadata(), 0o644); err != nil {
		return nil, err
	}
	if err := add(info+"WHEEL", w.wheelFile(), 0o644); err != nil {
		return nil, err
	}
	fmt.Fprintf(&record, "%sRECORD,,\n", info)
	if err := write(archive, info+"RECORD", []byte(record.String()), 0o644); err != nil {
		return nil, err
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func write(archive *zip.Writer, name string, data []byte, mode fs.FileMode) error {
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch}
	header.SetMode(mode)
	f, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return err
}

// metadata is "Core metadata" version 2.4, the first that names licence files.
func (w wheel) metadata() []byte {
	const home = "https://github.com/prefectc/prefectc"
	head := []string{
		"Metadata-Version: 2.4",
		"Name: prefectc",
		"Version: " + w.version,
		"Summary: Compiler, linter, deployer and language server for prefect.yaml",
		"License-Expression: Apache-2.0",
		"License-File: LICENSE",
		"License-File: THIRD_PARTY",
		"Keywords: prefect,prefect.yaml,linter,deployment,language server",
		"Classifier: Environment :: Console",
		"Classifier: Intended Audience :: Developers",
		"Classifier: Programming Language :: Go",
		"Classifier: Topic :: Software Development :: Quality Assurance",
		"Project-URL: Homepage, " + home,
		"Project-URL: Changelog, " + home + "/blob/main/CHANGELOG.md",
		"Project-URL: Issues, " + home + "/issues",
		"Requires-Python: >=3.8",
		"Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM",
	}
	return []byte(strings.Join(head, "\n") + "\n\n" + inside.ReplaceAllString(string(w.readme), "]("+home+"/blob/main/$1"))
}

// inside finds links into the repository, which lead nowhere on the page of a package index.
var inside = regexp.MustCompile(`\]\(([^)#:]+(?:#[^)]*)?\))`)

// wheelFile names every combination of tags that the file name stands for.
func (w wheel) wheelFile() []byte {
	var b strings.Builder
	b.WriteString("Wheel-Version: 1.0\nGenerator: prefectc-release\nRoot-Is-Purelib: false\n")
	for platform := range strings.SplitSeq(strings.TrimPrefix(w.tag, "py3-none-"), ".") {
		fmt.Fprintf(&b, "Tag: py3-none-%s\n", platform)
	}
	return []byte(b.String())
}
