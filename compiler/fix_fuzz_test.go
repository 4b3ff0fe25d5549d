package compiler_test

import (
	"context"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// FuzzFix fixes any text: what was YAML stays YAML with its comments and anchors, and without an edit nothing changes.
func FuzzFix(f *testing.F) {
	for _, text := range caseTexts(f) {
		f.Add(text)
	}
	for _, s := range []string{
		"# a\nname: x # b\ndeployments: &d\n- {name: a, entrypoint: {{ x }}} # c\n", "deployments:\n- &a {name: 1, tags: [1, yes]} # c\n- *a\n",
		"deployments:\n\t- name: a # x\n", "pull:\n- prefect.projects.steps.git_clone_project: # old\n    repository: a\n",
	} {
		f.Add(s)
	}
	c := theCompiler(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<13 {
			return
		}
		was := yamldoc.Read(source.New("prefect.yaml", []byte(text)))
		fixed, applied, err := c.Fix(context.Background(), compiler.Input{File: was.File, Read: fuzzedProject}, false)
		if err != nil {
			t.Fatal(err)
		}
		if len(applied) == 0 && string(fixed.Text) != text {
			t.Fatalf("no fix, but %q became %q", text, fixed.Text)
		}
		if fatal(was) > 0 {
			return // comments and anchors are not known where text could not be read
		}
		is := yamldoc.Read(fixed)
		if fatal(is) > 0 {
			t.Fatalf("%q became %q: %s", text, fixed.Text, is.Problems[0].Message)
		}
		for _, s := range was.Comments {
			if comment := was.File.Slice(s); !strings.Contains(string(fixed.Text), comment) {
				t.Fatalf("%q became %q without %q", text, fixed.Text, comment)
			}
		}
		for _, a := range was.Anchors {
			if !strings.Contains(string(fixed.Text), "&"+a.Name) {
				t.Fatalf("%q became %q without the anchor %q", text, fixed.Text, a.Name)
			}
		}
	})
}
