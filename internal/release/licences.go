package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// allowed are the licences, by SPDX identifier, under which a dependency may be part of the programs: each lets us
// publish binaries under Apache-2.0 as long as its text goes with them. MPL-2.0 asks for the source of the files
// under it, which is published as it is.
var allowed = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "Unicode-DFS-2016", "Unicode-3.0", "CC0-1.0"}

// A module is a dependency that is linked into the programs.
type module struct {
	path, version, dir string
}

// A licence is the text of one file of a module.
type licence struct {
	module
	file  string
	names []string // SPDX identifiers, as the text says
	text  []byte
}

// licences gives the licence texts of everything that is linked into the programs on any platform, ordered by module. A
// module without a licence, or with one that is not allowed, is an error that names it.
func licences(ctx context.Context, root string) ([]licence, error) {
	modules, err := linked(ctx, root)
	if err != nil {
		return nil, err
	}
	var all []licence
	var wrong []error
	for _, m := range modules {
		found, err := m.licences()
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		all = append(all, found...)
	}
	return all, errors.Join(wrong...)
}

// linked lists the modules whose packages are linked into the programs, and Go's own library.
func linked(ctx context.Context, root string) ([]module, error) {
	byPath := map[string]module{}
	for _, p := range platforms {
		args := []string{"list", "-deps", "-json=Module,Standard"}
		for _, program := range programs {
			args = append(args, "./cmd/"+program)
		}
		cmd := exec.CommandContext(ctx, "go", args...)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch)
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("listing what is linked for %s: %w", p, err)
		}
		decoder := json.NewDecoder(bytes.NewReader(out))
		for {
			var pkg struct {
				Module *struct {
					Path, Version, Dir string
					Main               bool
				}
			}
			if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, fmt.Errorf("listing what is linked: %w", err)
			}
			if m := pkg.Module; m != nil && !m.Main {
				byPath[m.Path] = module{m.Path, m.Version, m.Dir}
			}
		}
	}
	goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT", "GOVERSION").Output()
	if err != nil {
		return nil, fmt.Errorf("finding Go: %w", err)
	}
	dir, version, _ := strings.Cut(strings.TrimSpace(string(goroot)), "\n")
	byPath["std"] = module{"std", version, dir}

	modules := make([]module, 0, len(byPath))
	for _, m := range byPath {
		modules = append(modules, m)
	}
	slices.SortFunc(modules, func(a, b module) int { return strings.Compare(a.path, b.path) })
	return modules, nil
}

// licences reads the licence files at the top of the module.
func (m module) licences() ([]licence, error) {
	entries, err := os.ReadDir(m.dir)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", m.path, m.version, err)
	}
	var found []licence
	known := false
	for _, entry := range entries {
		upper := strings.ToUpper(entry.Name())
		notice := strings.HasPrefix(upper, "NOTICE")
		if entry.IsDir() || !notice && !strings.HasPrefix(upper, "LICEN") && !strings.HasPrefix(upper, "COPYING") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(m.dir, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", m.path, m.version, err)
		}
		l := licence{module: m, file: entry.Name(), text: text}
		for _, match := range licensecheck.Scan(text).Match {
			if match.IsURL {
				continue
			}
			if !slices.Contains(allowed, match.ID) {
				return nil, fmt.Errorf("%s %s: %s is under %s, which is not in the list of allowed licences", m.path, m.version, entry.Name(), match.ID)
			}
			if !slices.Contains(l.names, match.ID) {
				l.names = append(l.names, match.ID)
			}
		}
		known = known || len(l.names) > 0
		found = append(found, l)
	}
	if !known {
		return nil, fmt.Errorf("%s %s: no licence is found in its folder", m.path, m.version)
	}
	return found, nil
}

// notices is the file that goes with the programs: every licence text, each under the name of its module.
func notices(all []licence) []byte {
	var b bytes.Buffer
	b.WriteString("prefectc contains the following software, under the licences that follow.\n")
	for _, l := range all {
		fmt.Fprintf(&b, "\n%s\n%s %s: %s %s\n\n%s\n", strings.Repeat("=", 80), l.path, l.version, l.file, strings.Join(l.names, ", "), bytes.TrimSpace(l.text))
	}
	return b.Bytes()
}
