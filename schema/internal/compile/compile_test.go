package compile

import (
	"strings"
	"testing"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
)

func compileText(t *testing.T, text string) (*Table, error) {
	t.Helper()
	f, err := parser.ParseFile("x.cue", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return Files([]*ast.File{f}, nil, nil)
}

func TestFieldsKeepTheirAttributes(t *testing.T) {
	table, err := compileText(t, `
#A: {
	// First line
	// second line.
	b?: #N | "x" @since(3) @null(2) @tolerates(2, text, list) @deprecated(c, "say c, instead") @example("\"a\", b")
}
#N: number & >0 & <=10 @words("a small number")
`)
	if err != nil {
		t.Fatal(err)
	}
	f := table.Objects[0].Fields[0]
	if f.Doc != "First line second line." || f.Since != 3 || f.Null != 1 || f.ReplacedBy != "c" ||
		f.Deprecated != "say c, instead" || f.Example != `"a", b` || strings.Join(f.Tolerates[0], " ") != "text list" {
		t.Errorf("read %+v", f)
	}
	alts := f.Types[1].Alts
	if len(alts) != 2 || alts[0].Min != "0" || !alts[0].MinExcl || alts[0].Max != "10" || alts[0].Words != "a small number" || alts[1].Enum[0] != "x" {
		t.Errorf("read the type %+v", alts)
	}
}

// A constraint that the table cannot hold is an error, never a silent gap.
func TestWhatTheTableCannotHoldIsAnError(t *testing.T) {
	for text, want := range map[string]string{
		`#A: {b?: string @frob()}`:               "unknown attribute @frob",
		`#A: {b?: #C}`:                           "#C is not defined",
		`#A: {b?: string & strings.MaxRunes(5)}`: "cannot read this type",
		`#A: {b?: (int | string) & >5}`:          "cannot read this type",
		`#A: {@frob()}`:                          "unknown attribute @frob",
		`#A: {b?: 3 + 4}`:                        "cannot read this type",
		"#A: {}\n#A: {}":                         "defined twice",
	} {
		if _, err := compileText(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}
