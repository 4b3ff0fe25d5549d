package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/prefectc/prefectc/compiler/value"
)

// plannedApply is a plan that was written to a file.
type plannedApply struct {
	name      string
	doc       *value.Map
	inputs    *value.Map
	at        time.Time
	arguments []string
}

// planFile reads the plan that an apply is given, and takes over its options; nil when it is given none.
func (f *applyFlags) planFile(p *Process, args []string) (*plannedApply, error) {
	if len(args) != 1 || !strings.HasSuffix(args[0], ".json") {
		return nil, nil
	}
	text, err := os.ReadFile(p.abs(args[0]))
	if err != nil {
		return nil, usage("cannot read the plan %s: %v", args[0], plainError(err))
	}
	v, err := value.FromJSON(text)
	doc, _ := v.(*value.Map)
	inputs, _ := mapOf(doc, "inputs")
	planned, timeErr := time.Parse(time.RFC3339Nano, textOf(inputs, "planned"))
	if err != nil || inputs == nil || timeErr != nil {
		return nil, usage("%s is no plan that prefectc plan -o wrote", args[0])
	}
	if version, _ := doc.Get("schema_version"); version != int64(1) {
		return nil, usage("%s is a plan of version %v, which this prefectc does not know", args[0], version)
	}
	if textOf(inputs, "server") == "" {
		return nil, usage("%s was made with --offline: plan with the server to apply it", args[0])
	}
	var own []string
	f.set.Visit(func(flag *pflag.Flag) {
		if !presentation[flag.Name] {
			own = append(own, "--"+flag.Name)
		}
	})
	if len(own) > 0 {
		return nil, usage("%s: a plan file has its options in it; make a new plan with others", strings.Join(own, ", "))
	}
	if err := f.set.Parse(textList(inputs, "options")); err != nil {
		return nil, usage("%s: %v", args[0], err)
	}
	f.yes = true // the plan is the answer
	return &plannedApply{args[0], doc, inputs, planned, textList(inputs, "arguments")}, nil
}

// stale is the refusal of a plan that does not hold any more.
func (a *plannedApply) stale(format string, args ...any) error {
	return failed("plan-stale", fmt.Errorf("nothing was done: %s does not hold any more: %s; make a new plan", a.name, fmt.Sprintf(format, args...)))
}

// unchangedFiles compares the files the plan was made from with those there are.
func (a *plannedApply) unchangedFiles(p *Process) error {
	files, _ := mapOf(a.inputs, "files")
	if files == nil {
		return nil
	}
	for _, pair := range files.Pairs {
		name, _ := pair.Key.(string)
		text, err := os.ReadFile(p.abs(filepath.FromSlash(name)))
		switch {
		case errors.Is(err, os.ErrNotExist):
			return a.stale("%s is gone", name)
		case err != nil:
			return a.stale("%s cannot be read: %v", name, plainError(err))
		case "sha256:"+hashOf(text) != pair.Value:
			return a.stale("%s has changed", name)
		}
	}
	return nil
}

// same compares the plan that is made now with the one in the file.
func (a *plannedApply) same(b *batch) error {
	text, err := b.document()
	if err != nil {
		return err
	}
	v, err := value.FromJSON(text)
	if err != nil {
		return fmt.Errorf("reading the plan: %w", err)
	}
	now := v.(*value.Map)
	inputs, _ := mapOf(now, "inputs")
	if was, is := textOf(a.inputs, "server"), textOf(inputs, "server"); was != is {
		return a.stale("it is for the server %s, not for %s", was, is)
	}
	if was, is := textOf(a.doc, "server"), textOf(now, "server"); was != is && b.local == nil {
		return a.stale("the server was %s and is %s", was, is)
	}
	if err := a.sameLive(inputs); err != nil {
		return err
	}
	was, is := a.deployments(a.doc), a.deployments(now)
	for _, name := range unionOf(was, is) {
		x, _ := was.Get(name)
		y, _ := is.Get(name)
		switch {
		case x == nil:
			return a.stale("%s was not part of it", name)
		case y == nil:
			return a.stale("%s is not part of it now", name)
		}
		if path := firstDifference("", x, y); path != "" {
			return a.stale("%s of %s is another now", strings.TrimPrefix(path, "."), name)
		}
	}
	if was, is := hashesOf(a.inputs), hashesOf(inputs); !bytes.Equal(was, is) {
		return a.stale("it was made from other files")
	}
	return nil
}

func hashesOf(inputs *value.Map) []byte {
	files, _ := mapOf(inputs, "files")
	text, _ := value.Canonical(files)
	return text
}

// sameLive compares what the server held then and holds now.
func (a *plannedApply) sameLive(inputs *value.Map) error {
	was, _ := mapOf(a.inputs, "live")
	is, _ := mapOf(inputs, "live")
	for _, name := range unionOf(was, is) {
		x, _ := mapOf(was, name)
		y, _ := mapOf(is, name)
		switch {
		case x == nil:
			return a.stale("%s has been created on the server since", name)
		case y == nil:
			return a.stale("%s is gone from the server", name)
		case textOf(x, "id") != textOf(y, "id"):
			return a.stale("%s is another deployment on the server now", name)
		case textOf(x, "digest") != textOf(y, "digest"):
			return a.stale("%s was changed on the server since, at %s", name, textOf(y, "updated"))
		}
	}
	return nil
}

// deployments are the deployments of a plan document by file, flow and name.
func (a *plannedApply) deployments(doc *value.Map) *value.Map {
	out := &value.Map{}
	list, _ := doc.Get("deployments")
	items, _ := list.([]value.Value)
	for i, item := range items {
		m, ok := item.(*value.Map)
		if !ok {
			continue
		}
		key := nameOf(m, "flow_name") + "/" + nameOf(m, "name")
		if file := textOf(m, "file"); file != "" {
			key = file + ": " + key
		}
		if _, twice := out.Get(key); twice {
			key += fmt.Sprintf(" (%d)", i+1)
		}
		out.Set(key, m)
	}
	return out
}

// nameOf is a name of the document, or what will give it.
func nameOf(m *value.Map, key string) string {
	if v, ok := mapOf(m, key); ok {
		return textOf(v, "$unknown") + textOf(v, "$ref")
	}
	return textOf(m, key)
}

// firstDifference is the path of the first place where two values are not the same, "" when they are.
func firstDifference(path string, x, y value.Value) string {
	if value.Equal(x, y) {
		return ""
	}
	if a, ok := x.(*value.Map); ok {
		if b, ok := y.(*value.Map); ok {
			for _, key := range unionOf(a, b) {
				v, _ := a.Get(key)
				w, _ := b.Get(key)
				if found := firstDifference(path+"."+key, v, w); found != "" {
					return found
				}
			}
		}
	}
	return path
}

func unionOf(a, b *value.Map) []string {
	var keys []string
	seen := map[string]bool{}
	for _, m := range []*value.Map{a, b} {
		if m == nil {
			continue
		}
		for _, p := range m.Pairs {
			if key := value.KeyText(p.Key); !seen[key] {
				seen[key] = true
				keys = append(keys, key)
			}
		}
	}
	return keys
}

func mapOf(m *value.Map, key string) (*value.Map, bool) {
	if m == nil {
		return nil, false
	}
	v, _ := m.Get(key)
	sub, ok := v.(*value.Map)
	return sub, ok
}

func textOf(m *value.Map, key string) string {
	if m == nil {
		return ""
	}
	v, _ := m.Get(key)
	s, _ := v.(string)
	return s
}

func textList(m *value.Map, key string) []string {
	v, _ := m.Get(key)
	list, _ := v.([]value.Value)
	out := []string{}
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
