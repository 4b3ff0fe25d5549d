package compiler_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// block is a fenced piece of a page: "```yaml bad".
type block struct {
	lang, mark, text string
}

var marked = regexp.MustCompile("(?ms)^```(\\w+) (\\S+)\n(.*?)^```$")

var headings = regexp.MustCompile(`(?m)^#+ `)

// sections are the blocks of a page by the heading they stand under.
func sections(t *testing.T, path string) map[string][]block {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]block{}
	for _, part := range headings.Split(string(page), -1)[1:] {
		heading, rest, _ := strings.Cut(part, "\n")
		for _, m := range marked.FindAllStringSubmatch(rest, -1) {
			out[heading] = append(out[heading], block{m[1], m[2], m[3]})
		}
	}
	return out
}

func config(t *testing.T, c *compiler.Compiler, text string) *compiler.Config {
	t.Helper()
	project, found := c.ReadConfig(context.Background(), source.New(compiler.ConfigName, []byte(text)))
	for _, d := range found {
		t.Fatalf("%s:%d: %s", compiler.ConfigName, d.File.Position(d.Span.Start).Line, d.Message)
	}
	return project
}

// TestGuideOfPolicies runs the examples of the guide: a good file breaks no policy, a bad one breaks it on the lines whose
// comments give the message, and nowhere else.
func TestGuideOfPolicies(t *testing.T) {
	c, err := compiler.Shared()
	if err != nil {
		t.Fatal(err)
	}
	policies := 0
	for heading, blocks := range sections(t, "../docs/guides/policies.md") {
		t.Run(heading, func(t *testing.T) {
			files := map[string]string{}
			var project *compiler.Config
			good, bad := 0, 0
			for _, b := range blocks {
				switch {
				case b.lang == "cue":
					project = config(t, c, b.text)
					if b.mark == "policy" {
						policies++
					}
				case b.lang == "python":
					files[b.mark] = b.text
				case b.lang == "yaml":
					r, err := c.Check(context.Background(), compiler.Input{
						File: source.New("prefect.yaml", []byte(b.text)), Config: project, Select: []string{"policy"},
						Read: func(name string) ([]byte, error) {
							if text, ok := files[name]; ok {
								return []byte(text), nil
							}
							return nil, fs.ErrNotExist
						},
					})
					if err != nil {
						t.Fatal(err)
					}
					if b.mark == "good" {
						good++
					} else {
						bad++
					}
					compareComments(t, b.text, r.Diagnostics, b.mark == "bad")
				}
			}
			if project != nil && blocks[0].mark == "policy" && (good == 0 || bad == 0) {
				t.Errorf("%d good and %d bad files, want both", good, bad)
			}
		})
	}
	if policies < 6 {
		t.Errorf("the guide has %d policies, want 6", policies)
	}
}

func compareComments(t *testing.T, text string, found []diag.Diagnostic, want bool) {
	t.Helper()
	messages := map[int]string{}
	for n, line := range strings.Split(text, "\n") {
		if _, comment, ok := strings.Cut(line, " # "); ok && want {
			messages[n+1] = comment
		}
	}
	if want && len(messages) == 0 {
		t.Fatal("the bad file says nowhere what is wrong")
	}
	for _, d := range found {
		line := d.File.Position(d.Span.Start).Line
		if messages[line] != d.Message {
			t.Errorf("line %d: got %q, want %q\n%s", line, d.Message, messages[line], text)
		}
		delete(messages, line)
	}
	for line, message := range messages {
		t.Errorf("line %d: nothing found, want %q\n%s", line, message, text)
	}
}

// TestOwnSteps shows what the declaration of a step is good for.
func TestOwnSteps(t *testing.T) {
	c, err := compiler.Shared()
	if err != nil {
		t.Fatal(err)
	}
	project := config(t, c, `steps: "retrieve_secrets.main": {
	arguments: {name!: string, version: int | *1, region?: "eu" | "us", tag?: =~"^v", list?: [...string]}
	outputs: access_token: string
}
`)
	const file = `build:
  - retrieve_secrets.main:
      id: secrets
      %s
deployments:
  - name: nightly
    entrypoint: flows/a.py:a
    version: "{{ %s }}"
    work_pool: {name: default}
`
	for name, test := range map[string]struct{ args, ref, want string }{
		"all is well":                 {`name: x`, "secrets.access_token", ""},
		"every argument":              {`{name: x, version: 2, region: eu, tag: v1, list: [a]}`, "access_token", ""},
		"a template":                  {`{name: "{{ $NAME }}", region: "{{ $REGION }}", tag: "{{ $TAG }}"}`, "access_token", ""},
		"a required argument":         {`version: 2`, "secrets.access_token", "missing-step-argument"},
		"an unknown argument":         {`{name: x, versoin: 2}`, "secrets.access_token", "unknown-step-argument"},
		"an argument of another type": {`{name: x, version: two}`, "secrets.access_token", "step-argument-type"},
		"a value that is no choice":   {`{name: x, region: asia}`, "secrets.access_token", "step-argument-constraint"},
		"a text that does not match":  {`{name: x, tag: "1"}`, "secrets.access_token", "step-argument-constraint"},
		"an unknown output":           {`name: x`, "secrets.acess_token", "unknown-step-output"},
		"an unknown flat output":      {`name: x`, "acess_token", "unknown-reference"},
	} {
		t.Run(name, func(t *testing.T) {
			args := test.args
			id := "id: secrets\n      "
			text := fmt.Sprintf(file, args, test.ref)
			if strings.HasPrefix(args, "{") {
				text = strings.Replace(text, id+args, "{id: secrets, "+args[1:], 1)
			}
			r, err := c.Check(context.Background(), compiler.Input{File: source.New("prefect.yaml", []byte(text)), Config: project, Ignore: []string{"policy"}})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range r.Diagnostics {
				if d.Severity == diag.Error {
					got = append(got, d.Rule)
				}
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("got %q, want %q\n%s", got, test.want, text)
				for _, d := range r.Diagnostics {
					t.Log(d.Rule, d.Message)
				}
			}
		})
	}
}

// TestLevels shows what the levels of rules do to a finding, and to whether it blocks.
func TestLevels(t *testing.T) {
	c, err := compiler.Shared()
	if err != nil {
		t.Fatal(err)
	}
	const file = `deployments:
  - name: nightly
    entrypoint: flows/a.py:a
    work_pool: {name: default}
    parmeters: {}
    schedules:
      - {interval: 60}
      - {cron: "not a cron"}
`
	for name, test := range map[string]struct {
		config, rule, want string
		selected           string
	}{
		"an error as it is":             {``, "invalid-cron", "error, blocks", ""},
		"an error made a warning":       {`rules: "invalid-cron": "warning"`, "invalid-cron", "warning", ""},
		"an error that is off":          {`rules: "invalid-cron": "off"`, "invalid-cron", "", ""},
		"one that is off, but selected": {`rules: "invalid-cron": "off"`, "invalid-cron", "error, blocks", "invalid-cron"},
		"an error Prefect deploys":      {``, "unknown-key", "error", ""},
		"the same, said to be an error": {`rules: "unknown-key": "error"`, "unknown-key", "error", ""},
		"a warning as it is":            {``, "interval-without-anchor-date", "info", ""},
		"a warning made an error":       {`rules: "interval-without-anchor-date": "error"`, "interval-without-anchor-date", "error, blocks", ""},
		"a policy":                      {`policies: p: {message: "m", deployment: tags: [_, ...]}`, "policy/p", "error, blocks", ""},
		"a milder policy":               {`policies: p: {message: "m", severity: "info", deployment: tags: [_, ...]}`, "policy/p", "info", ""},
		"a policy made milder":          {"rules: \"policy/p\": \"warning\"\n" + `policies: p: {message: "m", deployment: tags: [_, ...]}`, "policy/p", "warning", ""},
		"a policy that is off":          {"rules: \"policy/p\": \"off\"\n" + `policies: p: {message: "m", deployment: tags: [_, ...]}`, "policy/p", "", ""},
		"only another rule is selected": {`policies: p: {message: "m", deployment: tags: [_, ...]}`, "policy/p", "", "invalid-cron"},
		"the policy is selected":        {`policies: p: {message: "m", deployment: tags: [_, ...]}`, "policy/p", "error, blocks", "policy/p"},
	} {
		t.Run(name, func(t *testing.T) {
			in := compiler.Input{File: source.New("prefect.yaml", []byte(file)), Config: config(t, c, test.config)}
			if test.selected != "" {
				in.Select = []string{test.selected}
			}
			r, err := c.Check(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, d := range r.Diagnostics {
				if d.Rule == test.rule {
					got = d.Severity.String()
					if d.Blocks {
						got += ", blocks"
					}
				}
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestPolicyInComment shows that a comment keeps a policy silent as it does a rule.
func TestPolicyInComment(t *testing.T) {
	c, err := compiler.Shared()
	if err != nil {
		t.Fatal(err)
	}
	project := config(t, c, `policies: "tags-required": {message: "m", deployment: tags: [_, ...]}`)
	for text, want := range map[string]int{
		"deployments:\n- name: a\n": 1,
		"deployments:\n- name: a # prefectc: ignore[policy/tags-required] a test\n":     0,
		"# prefectc: ignore[policy/tags-required] all tests\ndeployments:\n- name: a\n": 0,
		"deployments:\n- name: a # prefectc: ignore[policy/other] a test\n":             1,
	} {
		r, err := c.Check(context.Background(), compiler.Input{File: source.New("prefect.yaml", []byte(text)), Config: project, Select: []string{"policy"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Diagnostics) != want {
			t.Errorf("%d findings, want %d\n%s", len(r.Diagnostics), want, text)
		}
	}
	if _, err := c.Check(context.Background(), compiler.Input{File: source.New("prefect.yaml", nil), Config: project, Ignore: []string{"policy/tags-requird"}}); err == nil ||
		err.Error() != `there is no policy "tags-requird", did you mean "policy/tags-required"` {
		t.Errorf("got %v", err)
	}
}
