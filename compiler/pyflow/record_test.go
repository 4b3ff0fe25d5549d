package pyflow_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
)

// recorded is what testdata/record.py asked one Prefect about one name.
type recorded struct {
	Error       string     `json:"error"`
	Name        string     `json:"name"`
	Description *string    `json:"description"`
	Version     *string    `json:"version"`
	Schema      *value.Map `json:"schema"`
}

func readRecorded(t testing.TB, gen int) map[string]map[string]recorded {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", fmt.Sprintf("recorded-%d.json", gen)))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]map[string]recorded
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func scanFile(t testing.TB, path string) *pyflow.Module {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return pyflow.Scan(source.New(path, text))
}

// inexact lists the flows of testdata whose schema the text does not decide, by generation; every other one must be
// exact. A line here is a decision, not an accident.
func inexact(gen int) map[string]bool {
	names := []string{
		"classes.py:auto", "classes.py:configured", "classes.py:dataclass_factory", "classes.py:field_default", "classes.py:inherited",
		"classes.py:list_enum_literal", "classes.py:model_default", "classes.py:named_tuple",
		"future.py:checked_only", "future.py:nested_quote", "future.py:undefined", "future.py:undefined_return",
		"imports.py:type_checking", "oracle_typed.py:models", "oracle_typed.py:times",
		"plain.py:numbers", "plain.py:returns_type", "shapes.py:lambdas", "shapes.py:wrapped_below", "shapes.py:Jobs.klass",
		"later.py:checking", "later.py:quoted", "more.py:aliased_model", "more.py:annotated", "more.py:conditional_alias",
		"more.py:constants", "more.py:constrained", "more.py:dataclasses", "more.py:date_defaults", "more.py:decimals",
		"more.py:ellipsis_default", "more.py:enums", "more.py:expressions", "more.py:field_more", "more.py:fields", "more.py:finals",
		"more.py:flags", "more.py:forward", "more.py:generic_model", "more.py:inheriting", "more.py:ips", "more.py:model_defaults",
		"more.py:model_names", "more.py:new_types", "more.py:numbers_more", "more.py:objects", "more.py:only_checked",
		"more.py:others", "more.py:recursive", "more.py:secrets", "more.py:sets", "more.py:strings_of_all_kinds", "more.py:type_vars",
		"more.py:typing_module", "more.py:urls", "odd.py:containers", "odd.py:names_with_odd_letters", "odd.py:prefect_types",
		"odd.py:shadowing", "odd.py:typed_dicts",
	}
	if gen < 3 { // cannot load methods
		names = append(names, "shapes.py:Jobs.instance", "shapes.py:Jobs.static", "shapes.py:Jobs.static_inside", "more.py:Holder.method", "more.py:Holder.static")
	}
	out := map[string]bool{}
	for _, n := range names {
		out[n] = true
	}
	return out
}

func TestSchemasAreWhatPrefectRegisters(t *testing.T) {
	for _, gen := range []int{2, 3} {
		exactCount, total := 0, 0
		undecided := inexact(gen)
		for file, names := range readRecorded(t, gen) {
			m := scanFile(t, filepath.Join("testdata", file))
			for _, name := range sortedKeys(names) {
				want := names[name]
				key := file + ":" + name
				fl, status := m.Lookup(name)
				if status != pyflow.IsFlow {
					if want.Error == "" && status != pyflow.Unknown {
						t.Errorf("Prefect %d loads %s; we say status %d", gen, key, status)
					}
					continue
				}
				total++
				schema, exact, why := fl.ParameterSchema(gen)
				switch {
				case !exact && !undecided[key]:
					t.Errorf("Prefect %d, %s: not exact: %s (Prefect: %v)", gen, key, why, want.Error)
				case exact && undecided[key]:
					t.Errorf("Prefect %d, %s: exact, though listed as undecidable", gen, key)
				case exact && want.Error != "":
					t.Errorf("Prefect %d, %s: exact, but Prefect fails with %s", gen, key, want.Error)
				case exact:
					exactCount++
					same(t, fmt.Sprintf("Prefect %d, %s", gen, key), schema, want.Schema)
				}
			}
		}
		t.Logf("Prefect %d: %d of %d schemas made without Python", gen, exactCount, total)
	}
}

func same(t *testing.T, what string, got, want *value.Map) {
	t.Helper()
	g, err := value.Canonical(got)
	if err != nil {
		t.Fatal(err)
	}
	w, err := value.Canonical(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(g) != string(w) {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func TestMetadataIsWhatPrefectRegisters(t *testing.T) {
	for _, gen := range []int{2, 3} {
		for file, names := range readRecorded(t, gen) {
			m := scanFile(t, filepath.Join("testdata", file))
			for name, want := range names {
				fl, status := m.Lookup(name)
				if status != pyflow.IsFlow || want.Error != "" {
					continue
				}
				what := fmt.Sprintf("Prefect %d, %s:%s", gen, file, name)
				checkFact(t, what+" name", fl.Name, &want.Name)
				checkFact(t, what+" description", fl.Description, want.Description)
				checkFact(t, what+" version", fl.Version, want.Version)
			}
		}
	}
}

func checkFact(t *testing.T, what string, got pyflow.Fact, want *string) {
	t.Helper()
	if !got.Known {
		return
	}
	switch {
	case want == nil && got.Present:
		t.Errorf("%s: got %q, Prefect has none", what, got.Text)
	case want != nil && (!got.Present || got.Text != *want):
		t.Errorf("%s: got %q (present %v), Prefect has %q", what, got.Text, got.Present, *want)
	}
}

func sortedKeys(m map[string]recorded) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Type aliases and type parameters of Python 3.12 are left to Python.
func TestTypeParametersAreNotGuessed(t *testing.T) {
	m := scanFile(t, filepath.Join("testdata", "python312", "generics.py"))
	for _, name := range []string{"aliased", "bounded"} {
		fl, status := m.Lookup(name)
		if status != pyflow.IsFlow {
			continue // Python is asked for all of it
		}
		for _, gen := range []int{2, 3} {
			if schema, exact, _ := fl.ParameterSchema(gen); exact {
				t.Errorf("Prefect %d, %s: %s", gen, name, value.Repr(schema))
			}
		}
	}
	if _, status := m.Lookup("plain"); status == pyflow.NotFound {
		t.Error("the flow behind them is not found")
	}
}
