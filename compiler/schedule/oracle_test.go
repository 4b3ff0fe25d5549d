package schedule

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/prefectc/prefectc/compiler/value"
)

// oracleCases is the folder of recorded deploys of the real Prefect.
func oracleCases(t *testing.T) string {
	t.Helper()
	for _, dir := range []string{"../../testdata/oracle/cases", "../../../shared/oracle/cases"} {
		if _, err := os.Stat(filepath.Join(dir, "schedules_cron")); err == nil {
			return dir
		}
	}
	t.Fatal("the recorded cases are missing, expected testdata/oracle/cases")
	return ""
}

type recording struct {
	Phases []struct {
		HTTP []struct {
			Method, Path string
			Body         json.RawMessage
		}
	}
}

// yamlValue turns a node of these simple files into a Value.
func yamlValue(t *testing.T, n *yaml.Node) value.Value {
	t.Helper()
	switch n.Kind {
	case yaml.DocumentNode:
		return yamlValue(t, n.Content[0])
	case yaml.AliasNode:
		return yamlValue(t, n.Alias)
	case yaml.SequenceNode:
		list := []value.Value{}
		for _, c := range n.Content {
			list = append(list, yamlValue(t, c))
		}
		return list
	case yaml.MappingNode:
		m := &value.Map{}
		for i := 0; i < len(n.Content); i += 2 {
			if n.Content[i].Tag == "!!merge" {
				if merged, ok := yamlValue(t, n.Content[i+1]).(*value.Map); ok {
					for _, p := range merged.Pairs {
						m.Set(p.Key, p.Value)
					}
				}
				continue
			}
			m.Set(n.Content[i].Value, yamlValue(t, n.Content[i+1]))
		}
		return m
	}
	switch n.Tag {
	case "!!null":
		return nil
	case "!!timestamp":
		var at time.Time
		if err := n.Decode(&at); err != nil {
			t.Fatal(err)
		}
		if len(n.Value) == len("2024-01-01") {
			return value.Date{Year: at.Year(), Month: int(at.Month()), Day: at.Day()}
		}
		return value.DateTime{Time: at, Naive: !strings.ContainsAny(n.Value, "Z+")}
	case "!!str":
		if n.Style == 0 && n.Value == "1:30" { // a number of base 60 in YAML 1.1
			return int64(90)
		}
		return n.Value
	}
	var v any
	if err := n.Decode(&v); err != nil {
		t.Fatal(err)
	}
	if i, ok := v.(int); ok {
		return int64(i)
	}
	return v
}

// TestItemsOfRecordedDeploys compares every schedule list that a real deploy sent with ours for the same file.
func TestItemsOfRecordedDeploys(t *testing.T) {
	cases := oracleCases(t)
	dirs, err := filepath.Glob(filepath.Join(cases, "*"))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, dir := range dirs {
		name := filepath.Base(dir)
		if !strings.HasPrefix(name, "schedules_") && !strings.HasPrefix(name, "seed_") && !strings.HasPrefix(name, "redeploy_") {
			continue
		}
		for gen, file := range map[int]string{2: "2.json", 3: "3.json"} {
			compared += compareCase(t, dir, name, gen, filepath.Join(dir, "expected", file))
		}
	}
	if compared < 60 {
		t.Errorf("only %d lists compared", compared)
	}
	t.Logf("%d schedule lists compared", compared)
}

func compareCase(t *testing.T, dir, name string, gen int, expected string) (compared int) {
	text, err := os.ReadFile(expected)
	if err != nil {
		t.Fatal(err)
	}
	var rec recording
	if err := json.Unmarshal(text, &rec); err != nil {
		t.Fatal(err)
	}
	var file map[string]value.Value
	for i, phase := range rec.Phases {
		path := filepath.Join(dir, "prefect.yaml")
		if i > 0 {
			path = filepath.Join(dir, "phase"+string(rune('1'+i)), "prefect.yaml")
		}
		if text, err := os.ReadFile(path); err == nil {
			file = schedulesByName(t, text)
		}
		last := ""
		for _, request := range phase.HTTP {
			var body struct {
				Name      string
				Schedules json.RawMessage
			}
			if json.Unmarshal(request.Body, &body) != nil || body.Schedules == nil || !strings.HasPrefix(request.Path, "/deployments/") {
				continue
			}
			if body.Name == "" {
				last = request.Path[strings.LastIndexByte(request.Path, '/')+1:]
				body.Name = strings.TrimSuffix(last, ">")
			}
			items, ok := file[body.Name].([]value.Value)
			if !ok {
				continue
			}
			want, err := value.FromJSON(body.Schedules)
			if err != nil {
				t.Fatal(err)
			}
			if got := normalizeAll(t, items, gen, request.Method == "PATCH"); !value.Equal(got, want) {
				g, _ := value.JSON(got)
				w, _ := value.JSON(want)
				t.Errorf("%s phase %d, Prefect %d, deployment %q\n got %s\nwant %s", name, i+1, gen, body.Name, g, w)
			}
			compared++
		}
	}
	return compared
}

// schedulesByName collects the schedules of each deployment; what holds templates is left out.
func schedulesByName(t *testing.T, text []byte) map[string]value.Value {
	t.Helper()
	out := map[string]value.Value{}
	var doc yaml.Node
	if yaml.Unmarshal(text, &doc) != nil || len(doc.Content) == 0 {
		return out
	}
	root, _ := yamlValue(t, &doc).(*value.Map)
	list, _ := root.Get("deployments")
	deployments, _ := list.([]value.Value)
	for _, d := range deployments {
		m, ok := d.(*value.Map)
		if !ok {
			continue
		}
		name, _ := m.Get("name")
		schedules, _ := m.Get("schedules")
		if single, _ := m.Get("schedule"); value.Truthy(single) {
			schedules = []value.Value{}
			if _, ok := single.(*value.Map); ok { // Prefect 2 reads anything else as no schedule
				schedules = []value.Value{single}
			}
		}
		shown, _ := value.JSON(schedules)
		if key, ok := name.(string); ok && schedules != nil && !strings.Contains(string(shown), "{{") {
			out[key] = schedules
		}
	}
	return out
}

func normalizeAll(t *testing.T, items []value.Value, gen int, update bool) value.Value {
	t.Helper()
	out := []value.Value{}
	for _, item := range items {
		m, ok := item.(*value.Map)
		if !ok {
			return nil
		}
		got, err := Normalize(m, gen, time.Now())
		if err != nil {
			t.Errorf("%s: %v", value.Repr(m), err)
			return nil
		}
		body := got.Create
		if update {
			body = got.Update
		}
		body = value.Clone(body).(*value.Map)
		if got.AnchorIsNow && !update {
			schedule, _ := body.Get("schedule")
			schedule.(*value.Map).Set("anchor_date", "<now>")
		}
		out = append(out, body)
	}
	return out
}
