package compiler_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/docs"
	"github.com/prefectc/prefectc/internal/golden"
	"github.com/prefectc/prefectc/internal/render"
	"github.com/prefectc/prefectc/schema"
)

// casesDir has one folder for each rule; see its README.md.
const casesDir = "../testdata/rules"

// theCompiler is the compiler of all tests.
func theCompiler(t testing.TB) *compiler.Compiler {
	t.Helper()
	c, err := compiler.Shared()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// example is a prefect.yaml of a rule, from its page or its folder.
type example struct {
	name       string
	bad        bool
	text       string
	generation schema.Generation // 0: the file's
	read       func(string) ([]byte, error)
	list       func(string) []string
}

// check runs rules over an example; no names means all.
func (e example) check(t testing.TB, text string, names ...string) *compiler.Result {
	t.Helper()
	r, err := theCompiler(t).Check(context.Background(), e.input(text, names...))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (e example) input(text string, names ...string) compiler.Input {
	return compiler.Input{File: source.New(e.name, []byte(text)), Generation: e.generation, Read: e.read, List: e.list, Select: names}
}

// A rule is a file, a registry line, a page and cases, all under one name.
func TestEveryRuleIsComplete(t *testing.T) {
	names := map[string]bool{}
	for _, r := range rules.All() {
		if names[r.Name] {
			t.Errorf("%s: registered twice", r.Name)
		}
		names[r.Name] = true
		if r.Summary == "" || strings.HasSuffix(r.Summary, ".") || r.Run == nil {
			t.Errorf("%s: needs a Run, and a Summary without a final period", r.Name)
		}
		checkPage(t, r.Name)
		var good, bad bool
		for _, c := range cases(t, r.Name) {
			good, bad = good || !c.bad, bad || c.bad
		}
		if !good || !bad {
			t.Errorf("%s: needs testdata/rules/%s/bad*.yaml and good*.yaml", r.Name, r.Name)
		}
	}
	for _, name := range append(entries(t, casesDir), pages(t)...) {
		if name != "README.md" && !names[name] {
			t.Errorf("testdata/rules or docs/rules has %q, which is no rule", name)
		}
	}
	for name, file := range written(t) {
		if !names[name] {
			t.Errorf("compiler/rules/%s: rule %q has no line in the registry", file, name)
		}
		if want := strings.ReplaceAll(name, "-", "_") + ".go"; file != want {
			t.Errorf("compiler/rules/%s: rule %q belongs in %s", file, name, want)
		}
	}
}

var ruleName = regexp.MustCompile(`(?m)^var \w+ = &Rule\{\n\tName:\s+"([^"]+)"`)

// written maps the rules in the source to their files.
func written(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, file := range entries(t, "rules") {
		text, err := os.ReadFile(filepath.Join("rules", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range ruleName.FindAllSubmatch(text, -1) {
			out[string(m[1])] = file
		}
	}
	if len(out) < 20 {
		t.Fatalf("found only %d rules in the source", len(out))
	}
	return out
}

func entries(t *testing.T, dir string) (names []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

func pages(t *testing.T) (names []string) {
	t.Helper()
	list, err := fs.Glob(docs.Rules, "rules/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(p, "rules/"), ".md"))
	}
	return names
}

func checkPage(t *testing.T, name string) {
	t.Helper()
	text, err := docs.Rules.ReadFile("rules/" + name + ".md")
	if err != nil {
		t.Errorf("%s: needs docs/rules/%s.md", name, name)
		return
	}
	page := string(text)
	if !strings.HasPrefix(page, "# "+name+"\n\n") || !strings.Contains(page, "\n## How to fix\n") {
		t.Errorf("%s: its page starts with %q and has \"## How to fix\"", name, "# "+name)
	}
	var good, bad bool
	for _, e := range pageExamples(t, name) {
		good, bad = good || !e.bad, bad || e.bad
	}
	if !good || !bad {
		t.Errorf("%s: its page needs an example that is bad and one that is good", name)
	}
}

// fence is a fenced block of a page with its info string.
var fence = regexp.MustCompile("(?ms)^```(yaml (?:bad|good)[^\n]*|python [^\n]+)\n(.*?)^```$")

// pageExamples are the examples of a page, with the Python files that stand before them.
func pageExamples(t *testing.T, name string) (out []example) {
	t.Helper()
	page, err := docs.Rules.ReadFile("rules/" + name + ".md")
	if err != nil {
		return nil // reported as missing
	}
	files := map[string]string{}
	for i, m := range fence.FindAllSubmatch(page, -1) {
		info, text := strings.Fields(string(m[1])), string(m[2])
		if info[0] == "python" {
			files[info[1]] = text
			continue
		}
		e := example{name: name + ".md:" + strconv.Itoa(i+1), bad: info[1] == "bad", text: text}
		for _, word := range info[2:] {
			n, ok := strings.CutPrefix(word, "prefect=")
			g, err := strconv.Atoi(n)
			if !ok || err != nil {
				t.Fatalf("%s: %q is not prefect=2 or prefect=3", e.name, word)
			}
			e.generation = schema.Generation(g)
		}
		if len(files) > 0 {
			e.read = inMemory(files)
		}
		out = append(out, e)
	}
	return out
}

func inMemory(files map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
}

// cases are the examples in a rule's folder.
func cases(t *testing.T, name string) (out []example) {
	t.Helper()
	dir := filepath.Join(casesDir, name)
	list, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range list {
		base := filepath.Base(path)
		e := example{name: base, bad: strings.HasPrefix(base, "bad")}
		if !e.bad && !strings.HasPrefix(base, "good") {
			t.Errorf("%s: a case is called bad*.yaml or good*.yaml", path)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		e.text = string(text)
		switch {
		case strings.HasSuffix(base, ".2.yaml"):
			e.generation = schema.Prefect2
		case strings.HasSuffix(base, ".3.yaml"):
			e.generation = schema.Prefect3
		}
		if project := filepath.Join(dir, "project"); isDir(project) {
			e.read = func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(project, name)) }
			e.list = func(dir string) (names []string) {
				entries, _ := os.ReadDir(filepath.Join(project, dir))
				for _, entry := range entries {
					names = append(names, entry.Name())
				}
				return names
			}
		}
		out = append(out, e)
	}
	return out
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// What users see for each mistake, in files that belong to the rule.
func TestRuleCases(t *testing.T) {
	for _, r := range rules.All() {
		for _, e := range cases(t, r.Name) {
			t.Run(r.Name+"/"+e.name, func(t *testing.T) {
				t.Parallel()
				found := e.check(t, e.text, r.Name).Diagnostics
				if !e.bad {
					silent(t, found)
					noErrors(t, e)
					return
				}
				if len(found) == 0 {
					t.Fatal("the rule says nothing")
				}
				golden.Compare(t, filepath.Join(casesDir, r.Name, strings.TrimSuffix(e.name, ".yaml")+".txt"), shown(t, found))
				fixesHold(t, r.Name, e, found)
			})
		}
	}
}

func silent(t *testing.T, found []diag.Diagnostic) {
	t.Helper()
	for _, d := range found {
		t.Errorf("line %d: %s", d.File.Position(d.Span.Start).Line, d.Message)
	}
}

// noErrors holds a good case to being good in every respect, so that what a page recommends is not wrong elsewhere.
func noErrors(t *testing.T, e example) {
	t.Helper()
	for _, d := range e.check(t, e.text).Diagnostics {
		if d.Severity == diag.Error {
			t.Errorf("line %d: %s: %s", d.File.Position(d.Span.Start).Line, d.Rule, d.Message)
		}
	}
}

// A rule says which kinds of fixes it has, and the cases and examples show each.
func TestFixKinds(t *testing.T) {
	for _, r := range rules.All() {
		if r == rules.UnusedIgnore {
			continue // made outside of the rules' run: see TestUnusedIgnoreFix
		}
		var shown rules.FixKinds
		for _, e := range append(cases(t, r.Name), pageExamples(t, r.Name)...) {
			for _, d := range e.check(t, e.text, r.Name).Diagnostics {
				for _, f := range d.Fixes {
					if f.Safe {
						shown |= rules.SafeFix
					} else {
						shown |= rules.UnsafeFix
					}
				}
			}
		}
		if shown != r.Fixes {
			t.Errorf("%s: its cases show fixes that are %q, the rule says %q", r.Name, shown.Names(), r.Fixes.Names())
		}
	}
}

// A comment that ignores in vain is removed.
func TestUnusedIgnoreFix(t *testing.T) {
	e := example{name: "prefect.yaml", text: "# prefectc: ignore[duplicate-key]\nname: x\ndeployments: []\n"}
	for _, d := range e.check(t, e.text).Diagnostics {
		if d.Rule == rules.UnusedIgnore.Name && len(d.Fixes) == 1 && d.Fixes[0].Safe {
			return
		}
	}
	t.Error("no safe fix")
}

// The examples in the pages do what the pages say.
func TestPageExamples(t *testing.T) {
	for _, r := range rules.All() {
		for _, e := range pageExamples(t, r.Name) {
			t.Run(e.name, func(t *testing.T) {
				t.Parallel()
				found := e.check(t, e.text, r.Name).Diagnostics
				if !e.bad {
					silent(t, found)
					noErrors(t, e)
					return
				}
				if len(found) == 0 {
					t.Fatalf("the rule says nothing of its bad example:\n%s", e.text)
				}
				fixesHold(t, r.Name, e, found)
			})
		}
	}
}

// shown is how findings are written, first in short, then with their lines and fixes.
func shown(t *testing.T, found []diag.Diagnostic) []byte {
	t.Helper()
	var b bytes.Buffer
	err := errors.Join(render.Concise(&b, found), render.Text{}.Diagnostics(&b, found))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		for _, f := range d.Fixes {
			kind := "unsafe fix"
			if f.Safe {
				kind = "fix"
			}
			text := compiler.Edited(d.File.Text, f.Edits)
			b.WriteString("\n" + kind + " of line " + strconv.Itoa(d.File.Position(d.Span.Start).Line) + ": " + f.Title + "\n")
			b.WriteString(changed(string(d.File.Text), string(text)))
		}
	}
	return b.Bytes()
}

// changed lists the lines that differ between the common start and the common end of two texts.
func changed(before, after string) string {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	out := ""
	for _, line := range a {
		out += strings.TrimRight("- "+line, " \r") + "\n"
	}
	for _, line := range b {
		out += strings.TrimRight("+ "+line, " \r") + "\n"
	}
	return out
}

// fixesHold applies each fix alone: the text must still be YAML, the finding gone, and no comment or anchor lost.
func fixesHold(t *testing.T, rule string, e example, found []diag.Diagnostic) {
	t.Helper()
	before := yamldoc.Read(source.New(e.name, []byte(e.text)))
	for _, d := range found {
		for _, f := range d.Fixes {
			text := compiler.Edited([]byte(e.text), f.Edits)
			r := e.check(t, string(text), rule)
			if n := len(r.Diagnostics); n >= len(found) {
				t.Errorf("after the fix %q the finding is still there:\n%s", f.Title, text)
			}
			if fatal(r.Doc) > fatal(before) {
				t.Errorf("after the fix %q the file is no YAML:\n%s", f.Title, text)
			}
			if before.Partial || fatal(before) > 0 {
				continue
			}
			if len(r.Doc.Comments) != len(before.Comments) || len(r.Doc.Anchors) != anchorsAfter(rule, before) {
				t.Errorf("the fix %q loses a comment or an anchor:\n%s", f.Title, text)
			}
		}
	}
}

// anchorsAfter is how many anchors a document has after one fix of a rule.
func anchorsAfter(rule string, before *yamldoc.Document) int {
	if rule == "unused-anchor" {
		return len(before.Anchors) - 1
	}
	return len(before.Anchors)
}

func fatal(doc *yamldoc.Document) int {
	n := 0
	for _, p := range doc.Problems {
		if p.Fatal {
			n++
		}
	}
	return n
}

// All fixes of a file together come to an end and leave fewer findings.
func TestFixAll(t *testing.T) {
	for _, r := range rules.All() {
		for _, e := range cases(t, r.Name) {
			found := e.check(t, e.text, r.Name).Diagnostics
			if !slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return len(d.Fixes) > 0 }) {
				continue
			}
			t.Run(r.Name+"/"+e.name, func(t *testing.T) {
				t.Parallel()
				after, applied, err := theCompiler(t).Fix(context.Background(), e.input(e.text, r.Name), true)
				if err != nil {
					t.Fatal(err)
				}
				if left := e.check(t, string(after.Text), r.Name).Diagnostics; len(left) >= len(found) || len(applied) == 0 {
					t.Errorf("%d findings, %d fixes applied, %d findings left", len(found), len(applied), len(left))
				}
				e.text = string(after.Text)
				if _, more, err := theCompiler(t).Fix(context.Background(), e.input(e.text, r.Name), true); err != nil || len(more) > 0 {
					t.Errorf("a second run finds more to fix: %v %v", more, err)
				}
			})
		}
	}
}
