package policy

import (
	"context"
	"testing"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// FuzzConfig holds any configuration against any file: it is refused with findings that lie in the text, or it can be used.
func FuzzConfig(f *testing.F) {
	const file = "deployments:\n- name: a\n  tags: [x]\n  parameters: {1: .inf, \"1\": 2024-01-01}\n  schedules: [{cron: \"* * * * *\"}]\n"
	for _, config := range []string{
		"", "prefect: 3\n", "rules: \"unknown-key\": \"off\"\n", "deployments: [...{tags: [_, ...]}]\n", "deployments: [{name: \"a\"}]\n",
		"policies: p: {message: \"m\", when: name: =~\"^a\", deployment: {schedules: [...({timezone!: _} | {interval!: _})], parameters: [string]: number}}\n",
		"steps: \"a.b\": {doc: \"d\", arguments: {x!: string, y: int | *1, ...}, outputs: z: \"\\(y)\"}\n",
		"import \"list\"\n_a: [for x in [1, 2] if x > 1 {x}]\npolicies: p: {message: \"m\", deployment: tags: list.MaxItems(1)}\n",
		"#D: {tags: [_, ...], ...}\nlet x = #D\npolicies: {for n in [\"a\", \"b\"] {\"p-\\(n)\": {message: n, deployment: x}}}\n",
		"a: {b: c}\n", "_a: _b\n_b: _a\n", "policies: p: message: \"\\(p)\"\n", bomb(), choices(), "\xff\xfe", "\"\"\"\n", "x: #\"\\#(y)\"#\n", "@if(a)\n", "package x\n",
	} {
		f.Add(config, file)
	}
	f.Fuzz(func(t *testing.T, config, file string) {
		text := source.New(FileName, []byte(config))
		c, found := Read(context.Background(), text, known)
		if (c == nil) != (len(found) > 0) {
			t.Fatalf("a config and findings, or neither: %v", found)
		}
		for _, d := range found {
			if d.Span.Start < 0 || d.Span.End < d.Span.Start || d.Span.End > len(config) || d.Message == "" || d.File != text {
				t.Errorf("finding out of place: %+v", d)
			}
		}
		if c == nil {
			return
		}
		m := model.New(yamldoc.Read(source.New("prefect.yaml", []byte(file))), 0)
		broken, err := c.Check(context.Background(), Input{Model: m})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range broken {
			if d.Span.Start < 0 || d.Span.End < d.Span.Start || d.Span.End > len(d.File.Text) || d.Message == "" {
				t.Errorf("finding out of place: %+v", d)
			}
		}
	})
}
