package compile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/format"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// shape is what a job variable may be, as far as every shipped type of work pool that has it agrees: a type of JSON Schema,
// and the words of an enum.
type shape struct {
	Kind  string
	Words []string
}

// jobVariable is the part of a JSON Schema that shapes come from.
type jobVariable struct {
	Type  string
	Enum  []string
	AnyOf []jobVariable
}

// jobVariables makes jobvars_gen.go: the names of all job variables, and the shapes of those of each generation.
func jobVariables(dir fs.FS) ([]byte, error) {
	var names []string
	var shapes [2]map[string]shape
	for i, g := range []int{2, 3} {
		found, err := jobShapes(dir, fmt.Sprintf("data/job-templates/prefect%d", g))
		if err != nil {
			return nil, err
		}
		shapes[i] = found
		for name := range found {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	var b bytes.Buffer
	fmt.Fprintf(&b, fromData+"\n\npackage schema\n\n", "data/job-templates")
	known := slices.DeleteFunc(slices.Clone(names), func(s string) bool { return s == "name" || s == "labels" })
	fmt.Fprintf(&b, "// jobVariableNames are the job variables of all shipped types of work pools, in order.\nvar jobVariableNames = []string{\n\t\"%s\",\n}\n\n", strings.Join(known, "\",\n\t\""))
	b.WriteString("// jobVariableShapes are what they may be in Prefect 2 and 3, where all types agree, by name.\nvar jobVariableShapes = [2][]JobVariable{\n")
	for i := range shapes {
		b.WriteString("\t{\n")
		for _, name := range names {
			if s := shapes[i][name]; s.Kind != "" {
				fmt.Fprintf(&b, "{Name: %q, Type: %q", name, s.Kind)
				if len(s.Words) > 0 {
					fmt.Fprintf(&b, ", Words: []string{\"%s\"}", strings.Join(s.Words, `", "`))
				}
				b.WriteString("},\n")
			}
		}
		b.WriteString("\t},\n")
	}
	b.WriteString("}\n")
	return format.Source(b.Bytes())
}

// jobShapes reads the templates of a generation. A variable on which they disagree has an empty shape.
func jobShapes(dir fs.FS, folder string) (map[string]shape, error) {
	out := map[string]shape{}
	for _, sub := range []string{folder, path.Join(folder, "bundled")} {
		entries, err := fs.ReadDir(dir, sub)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Name() == "index.json" || !strings.HasSuffix(e.Name(), ".json") {
				continue
			}
			text, err := fs.ReadFile(dir, path.Join(sub, e.Name()))
			if err != nil {
				return nil, err
			}
			var template struct{ Properties map[string]jobVariable }
			if err := json.Unmarshal(text, &template); err != nil {
				return nil, fmt.Errorf("read %s: %w", e.Name(), err)
			}
			for name, v := range template.Properties {
				before, seen := out[name]
				out[name] = v.shape().agree(before, seen)
			}
		}
	}
	return out, nil
}

// shape is the only kind beside null.
func (v jobVariable) shape() shape {
	if len(v.AnyOf) == 0 {
		return shape{v.Type, v.Enum}
	}
	var only shape
	for _, a := range v.AnyOf {
		switch {
		case a.Type == "null":
		case only.Kind != "":
			return shape{}
		default:
			only = shape{a.Type, a.Enum}
		}
	}
	return only
}

// agree is what both templates accept: words of either, nothing where the kinds differ.
func (s shape) agree(before shape, seen bool) shape {
	switch {
	case !seen:
		return s
	case s.Kind != before.Kind || (len(s.Words) == 0) != (len(before.Words) == 0):
		return shape{}
	}
	words := append(slices.Clone(before.Words), s.Words...)
	slices.Sort(words)
	return shape{s.Kind, slices.Compact(words)}
}
