package compiler_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/internal/golden"
	"github.com/prefectc/prefectc/plan"
)

func noEnv(string) (string, bool) { return "", false }

// planned is what a text would register, and the steps that would run; ok is false where Prefect deploys nothing of it.
func planned(t *testing.T, e example, text string) (all []any, ok bool) {
	t.Helper()
	c := theCompiler(t)
	r := c.Compile(e.input(text))
	if fatal(r.Doc) > 0 || r.Doc.Partial {
		return nil, false
	}
	p, _, err := c.Plan(context.Background(), r, plan.Input{Selection: plan.Selection{All: true}, Dir: "/project", Env: noEnv}, e.read)
	if err != nil {
		return nil, false
	}
	for _, d := range p.Deployments {
		one, err := plannedOne(p, d, r.Facts.Links().In(model.World{Env: noEnv}).KnownOutputs)
		if err != nil {
			return nil, false
		}
		all = append(all, one)
	}
	return all, len(all) > 0
}

func plannedOne(p *plan.Plan, d *plan.Deployment, known func(*model.Deployment) *value.Map) (one any, err error) {
	d.Registration, err = d.Evaluate(plan.Evaluation{
		Generation: p.Generation, Env: noEnv, Partial: true, Now: time.Unix(0, 0).UTC(), Known: known,
	})
	if err != nil {
		return nil, err
	}
	body, err := value.JSON(d.JSON(func(string) []string { return nil }))
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal(body, &one)
	return one, err
}

// differences are the innermost places where two documents differ.
func differences(at string, a, b any) (places []string) {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			return []string{at}
		}
		for k := range x {
			if _, both := y[k]; !both {
				places = append(places, at+"."+k)
				continue
			}
			places = append(places, differences(at+"."+k, x[k], y[k])...)
		}
		for k := range y {
			if _, both := x[k]; !both {
				places = append(places, at+"."+k)
			}
		}
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return []string{at}
		}
		for i := range x {
			places = append(places, differences(fmt.Sprintf("%s[%d]", at, i), x[i], y[i])...)
		}
	default:
		if !reflect.DeepEqual(a, b) {
			return []string{at}
		}
	}
	slices.Sort(places)
	return places
}

// A safe fix changes nothing of what is deployed but the mistake itself. The golden file holds, for each fix that changes
// anything at all, what: to be read by whoever adds one.
func TestSafeFixesChangeOnlyTheMistake(t *testing.T) {
	var b bytes.Buffer
	for _, r := range rules.All() {
		if r.Fixes&rules.SafeFix == 0 {
			continue
		}
		for _, e := range append(cases(t, r.Name), pageExamples(t, r.Name)...) {
			before, ok := planned(t, e, e.text)
			if !ok {
				continue
			}
			for _, d := range e.check(t, e.text, r.Name).Diagnostics {
				for _, f := range d.Fixes {
					if !f.Safe {
						continue
					}
					line := fmt.Sprintf("%s: %s:%d: %s", r.Name, e.name, d.File.Position(d.Span.Start).Line, f.Title)
					after, ok := planned(t, e, string(compiler.Edited([]byte(e.text), f.Edits)))
					if !ok {
						t.Errorf("%s: cannot be planned any more", line)
						continue
					}
					for _, place := range differences("", before, after) {
						fmt.Fprintf(&b, "%s: %s\n", line, place)
					}
				}
			}
		}
	}
	golden.Compare(t, "testdata/safe-fixes.txt", b.Bytes())
}

// The safe fixes of rules that change nothing in their cases change nothing that a real file deploys either.
func TestCorpusSafeFixesKeepThePlan(t *testing.T) {
	golden, err := os.ReadFile("testdata/safe-fixes.txt")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, f := range realFiles(t) {
		text, err := os.ReadFile(filepath.Join(corpus, f.File))
		if err != nil {
			t.Fatal(err)
		}
		e := example{name: f.File, text: string(text)}
		before, ok := planned(t, e, e.text)
		if !ok {
			continue
		}
		done := map[string]bool{} // one of each rule and file is enough
		for _, d := range e.check(t, e.text).Diagnostics {
			if done[d.Rule] || bytes.Contains(golden, []byte(d.Rule+": ")) {
				continue
			}
			for _, fix := range d.Fixes {
				if !fix.Safe {
					continue
				}
				done[d.Rule] = true
				compared++
				after, ok := planned(t, e, string(compiler.Edited(text, fix.Edits)))
				if places := differences("", before, after); !ok || len(places) > 0 {
					t.Errorf("%s:%d: %s: %q changes %q", f.File, d.File.Position(d.Span.Start).Line, d.Rule, fix.Title, places)
				}
			}
		}
	}
	if compared < 20 {
		t.Errorf("only %d fixes were looked at", compared)
	}
}
