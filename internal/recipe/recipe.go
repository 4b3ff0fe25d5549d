package recipe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// Field is a value that a recipe needs from its user.
type Field struct{ Name, Description string }

// Recipe is one way to store and to run code.
type Recipe struct {
	Name        string
	Description string
	Fields      []Field
	data        *value.Map
}

// All are the recipes of Prefect.
func All() ([]Recipe, error) {
	files, err := schema.Recipes()
	if err != nil {
		return nil, err
	}
	out := make([]Recipe, 0, len(files))
	for _, f := range files {
		r, err := read(f)
		if err != nil {
			return nil, fmt.Errorf("recipe %s: %w", f.Name, err)
		}
		out = append(out, r)
	}
	return out, nil
}

func read(f schema.Recipe) (Recipe, error) {
	v, err := yamldoc.Read(source.New(f.Name, f.Text)).Root.Python()
	if err != nil {
		return Recipe{}, err
	}
	data, ok := v.(*value.Map)
	if !ok {
		return Recipe{}, fmt.Errorf("a %s is no recipe", value.TypeName(v))
	}
	r := Recipe{Name: f.Name, data: data}
	description, _ := data.Get("description")
	r.Description, _ = description.(string)
	inputs, _ := data.Get("required_inputs")
	if fields, ok := inputs.(*value.Map); ok {
		for _, p := range fields.Pairs {
			r.Fields = append(r.Fields, Field{value.Str(p.Key), value.Str(p.Value)})
		}
	}
	return r, nil
}

// Named finds a recipe by its name.
func Named(all []Recipe, name string) (Recipe, bool) {
	i := slices.IndexFunc(all, func(r Recipe) bool { return r.Name == name })
	if i < 0 {
		return Recipe{}, false
	}
	return all[i], true
}

// Guess is the name of the recipe that suits a directory: one with a git remote, one with a Dockerfile.
func Guess(remote, dockerfile bool) string {
	switch {
	case remote && dockerfile:
		return "docker-git"
	case remote:
		return "git"
	case dockerfile:
		return "docker"
	}
	return "local"
}

// Missing are the fields without a value.
func (r Recipe) Missing(values *value.Map) []Field {
	var out []Field
	for _, f := range r.Fields {
		if _, has := values.Get(f.Name); !has {
			out = append(out, f)
		}
	}
	return out
}

// Takes reports whether a value changes anything.
func (r Recipe) Takes(name string) bool {
	if slices.ContainsFunc(r.Fields, func(f Field) bool { return f.Name == name }) {
		return true
	}
	taken := false
	probe := template.Pass{Values: &value.Map{}, Keep: true, OnUnset: func(n string) {
		taken = taken || template.SplitPath(n)[0] == name
	}}
	_, _, err := probe.Apply(r.data)
	return err == nil && taken
}

// File is the prefect.yaml of a project: the recipe with its placeholders filled in, laid out as the generation does.
func (r Recipe) File(g schema.Generation, project string, values *value.Map) (string, error) {
	filled, _, err := template.Pass{Values: values, Keep: true}.Apply(r.data)
	if err != nil {
		return "", err
	}
	contents := filled.(*value.Map) //nolint:forcetypeassert // a mapping stays one
	contents.Set("name", project)
	contents.Set("prefect-version", g.Release())
	layout, err := schema.RecipeLayout(g)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, line := range layout {
		key, isKey := strings.CutPrefix(strings.TrimSpace(line), "<")
		if !isKey {
			b.WriteString(line)
			continue
		}
		key = strings.TrimSuffix(key, ">")
		v, _ := contents.Get(key)
		text, err := yamldoc.Dump(value.NewMap(key, v))
		if err != nil {
			return "", fmt.Errorf("%s: %w", key, err)
		}
		b.WriteString(text)
	}
	return b.String(), nil
}
