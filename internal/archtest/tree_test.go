package archtest

import (
	"bufio"
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

// notOurs are folders that are built, installed or cached, never committed.
var notOurs = map[string]bool{".git": true, "node_modules": true, "bin": true, "dist": true, "artifacts": true, ".cache": true, ".prefectc": true, "__pycache__": true}

// built are endings of files that a build or a test run leaves.
var built = map[string]bool{".test": true, ".prof": true, ".vsix": true}

// walk calls visit for every file that is part of the project, with its path from the root.
func walk(t *testing.T, visit func(path string)) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if notOurs[d.Name()] {
				return fs.SkipDir
			}
			return nil
		}
		if d.Type().IsRegular() && !built[filepath.Ext(path)] && !notOurs[d.Name()] { // .git is a file in a linked working tree
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			files++
			visit(filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 100 {
		t.Fatalf("only %d files found below %s", files, root)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestPackageComments wants a doc.go in every package that says what the package is; a command may say it in main.go.
func TestPackageComments(t *testing.T) {
	folders := map[string]bool{}
	walk(t, func(path string) {
		if strings.HasSuffix(path, ".go") && !strings.Contains("/"+path, "/testdata/") {
			folders[filepath.Dir(path)] = true
		}
	})
	for folder := range folders {
		name := "doc.go"
		if _, err := os.Stat(filepath.Join(root, folder, name)); err != nil {
			name = "main.go"
		}
		path := filepath.Join(folder, name)
		data, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Errorf("%s: every package has a doc.go, a command a main.go: %v", folder, err)
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, data, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Error(err)
			continue
		}
		if complaint := packageComment(file); complaint != "" {
			t.Errorf("%s: %s", path, complaint)
		}
	}
}

func packageComment(file *ast.File) string {
	name := file.Name.Name
	comment := file.Doc.Text()
	if name == "main" {
		if comment == "" {
			return "a command says in its package comment what it is"
		}
		return ""
	}
	if !strings.HasPrefix(comment, "Package "+name+" ") {
		return "the package comment begins with \"Package " + name + "\""
	}
	return ""
}

// TestArchitectureNamesEveryPackage keeps the document complete: one heading or list entry for each top-level folder with Go in it.
func TestArchitectureNamesEveryPackage(t *testing.T) {
	text := string(read(t, "docs/ARCHITECTURE.md"))
	seen := map[string]bool{}
	for _, p := range packages(t) {
		rel, ok := ours(p.ImportPath)
		if !ok {
			continue
		}
		folder := rel
		if parts := strings.SplitN(rel, "/", 3); len(parts) > 1 && (parts[0] == "internal" || parts[0] == "compiler") {
			folder = parts[0] + "/" + parts[1]
		} else {
			folder = parts[0]
		}
		if seen[folder] {
			continue
		}
		seen[folder] = true
		// "compiler/source" may be written as an indented "source/" of a tree; the last element with its slash is enough.
		last := folder[strings.LastIndex(folder, "/")+1:]
		if !regexp.MustCompile(`(^|[\s` + "`" + `/])` + regexp.QuoteMeta(last) + `(/|` + "`" + `)`).MatchString(text) {
			t.Errorf("docs/ARCHITECTURE.md does not say what %s is", folder)
		}
	}
}

// maxLines is what one can read in one sitting; tables of test cases may be longer.
const (
	maxLines     = 500
	maxTestLines = 900
)

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

func TestFilesAreReadableInOneSitting(t *testing.T) {
	walk(t, func(path string) {
		if !strings.HasSuffix(path, ".go") {
			return
		}
		data := read(t, path)
		if generated.Match(data) {
			return
		}
		limit := maxLines
		if strings.HasSuffix(path, "_test.go") {
			limit = maxTestLines
		}
		if lines := bytes.Count(data, []byte("\n")); lines > limit {
			t.Errorf("%s has %d lines, at most %d: split it", path, lines, limit)
		}
	})
}

var machinePath = regexp.MustCompile(`(^|[^A-Za-z0-9_.])/(work|root)/`)

// TestNoMachinePaths finds paths of the machine somebody worked on.
func TestNoMachinePaths(t *testing.T) {
	walk(t, func(path string) {
		lines := bufio.NewScanner(bytes.NewReader(read(t, path)))
		lines.Buffer(nil, 64<<20)
		for n := 1; lines.Scan(); n++ {
			if machinePath.Match(lines.Bytes()) {
				t.Errorf("%s:%d: a path of one machine: %s", path, n, machinePath.Find(lines.Bytes()))
			}
		}
		if err := lines.Err(); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	})
}

func TestMachinePathsAreSeen(t *testing.T) {
	for text, want := range map[string]bool{
		"cd /" + "work/main":               true,
		"/" + "root/.cache":                true,
		`"file:///` + `work/prefect.yaml"`: true,
		"./" + "work/main":                 false,
		"https://example.org/" + "work/":   false,
		"the network/root/ca":              false,
		"a /workspace/of":                  false,
	} {
		if got := machinePath.MatchString(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
}

// TestLockFilesNameNoHost keeps the address of one registry out of the lock files.
func TestLockFilesNameNoHost(t *testing.T) {
	walk(t, func(path string) {
		if filepath.Base(path) != "package-lock.json" {
			return
		}
		if bytes.Contains(read(t, path), []byte(`"resolved"`)) {
			t.Errorf("%s records where packages came from: set omit-lockfile-registry-resolved", path)
		}
	})
}
