package policy

import (
	"fmt"
	"strings"
	"testing"
)

// TestDeclaredArguments shows what becomes of the declaration of an argument.
func TestDeclaredArguments(t *testing.T) {
	for declared, want := range map[string]string{
		`a!: string`:                 "a [string] required",
		`a: string`:                  "a [string] required",
		`a?: string`:                 "a [string]",
		`a: string | *"x"`:           "a [string] default x",
		`a?: int | *1`:               "a [integer] default 1",
		`a?: number`:                 "a [number]",
		`a?: bool | *false`:          "a [boolean] default false",
		`a?: null | string`:          "a [string] null",
		`a?: "eu" | "us"`:            "a [string] of [eu us]",
		`a?: "eu" | *"us"`:           "a [string] of [eu us] default us",
		`a?: =~"^v"`:                 "a [string]",
		`a?: string & =~"^v"`:        "a [string]",
		`a?: [...string]`:            "a [array]",
		`a?: {[string]: string}`:     "a [object]",
		`a?: string | [...string]`:   "a [string array]",
		`a?: _`:                      "a [] null",
		`a?: null | *null | string`:  "a [string] null default <nil>",
		"// what\n// it is\na?: int": "a [integer] doc what it is",
	} {
		c := read(t, "steps: \"m.f\": arguments: {\n"+declared+"\n}\n")
		p := c.Steps[0].Params[0]
		got := fmt.Sprintf("%s %v", p.Name, p.Types)
		if p.Enum != nil {
			got += fmt.Sprintf(" of %v", p.Enum)
		}
		if p.Required {
			got += " required"
		}
		if p.Nullable {
			got += " null"
		}
		if strings.Contains(declared, "*") {
			got += fmt.Sprintf(" default %v", p.Default)
		}
		if p.Doc != "" {
			got += " doc " + strings.ReplaceAll(p.Doc, "\n", " ")
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", declared, got, want)
		}
	}
}

// TestDeclaredOutputs shows which outputs are known before the step runs.
func TestDeclaredOutputs(t *testing.T) {
	c := read(t, `steps: "m:f": {
	package: "ours"
	deprecated: "m.g"
	arguments: {...}
	outputs: {token: string, region: "eu", count?: int}
}
`)
	s := c.Steps[0]
	if s.Path != "m.f" || s.Package != "ours" || !s.Deprecated || s.ReplacedBy != "m.g" || s.Extra == nil || !s.Accepts("anything", "") {
		t.Errorf("got %+v", s)
	}
	var got []string
	for _, o := range s.Outputs {
		got = append(got, fmt.Sprint(o.Name, o.Types, o.Known))
	}
	if want := "token[string]never region[string]always count[integer]never"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
