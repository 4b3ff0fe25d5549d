package schema

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/model/documents.txt; then run testdata/model/record.py with a Prefect 3")

// values are written into every field in turn.
var values = []string{
	"null", "true", "false", "0", "1", "5", "-1", "600", "0.5", "3.0", "-2.5", ".inf", "2024-01-01", "2024-01-01T10:00:00Z",
	`""`, `x`, `"yes"`, `"False"`, `"5"`, `"600"`, `" 7 "`, `"-3"`, `"0"`, `"3.0"`, `"maybe"`, `"PT10M"`, `"P1D"`, `"0:10:00"`, `"-0:10:00"`, `"1 day, 0:10:00"`, `"10:00"`,
	`"{{ $X }}"`, `"a {{ build.tag }} b"`, `"{{ prefect.variables.v }}"`, `"flows/a.py:f"`, `"pkg.mod.f"`, `"a.py"`, `"* * * * *"`, `"2024-01-01"`,
	"[]", "[null]", "[a]", "[a, 5]", "[{}]", "[{a: b}]", "[[a]]", "{}", "{a: b}", "{a: null}", "{5: b}", "{true: b}", "{null: b}", "{a: {b: c}}",
	"{a: [x, 5]}", "{a: b, c: d}",
}

// frames are the places that the values are written to, marked by %s.
var frames = []string{
	"%s",
	"{deployments: %s}", "{name: %s}", "{prefect-version: %s}", "{build: %s}", "{push: %s}", "{pull: %s}", "{definitions: %s}",
	"{description: %s}", "{unknown: %s}", "{deployments: [%s]}", "{build: [{prefect.deployments.steps.git_clone: %s}]}",
	"{deployments: [{schedules: [%s]}]}", "{deployments: [{schedules: [{cron: '* * * * *'}, %s]}]}",
	"{deployments: [{sla: [%s]}]}", "{deployments: [{triggers: [%s]}]}", "{deployments: [{build: [%s]}]}",
	"{deployments: [{tags: [%s]}]}", "{deployments: [{tags: [a, %s]}]}", "{deployments: [{unknown: %s}]}",
	"{deployments: [{sla: [{name: a, unknown: %s, duration: 5}]}]}", "{deployments: [{sla: [{name: %s, within: 5}]}]}",
	"{deployments: [{sla: [{severity: %s, within: 5}]}]}", "{deployments: [{work_pool: {unknown: %s}}]}",
	"{deployments: [{schedule: {unknown: %s, cron: '* * * * *'}}]}", "{deployments: [{schedule: {cron: %s, interval: 5}}]}",
	"{deployments: [{schedule: {rrule: 'FREQ=DAILY', cron: %s}}]}", "{deployments: [{concurrency_limit: {unknown: %s, limit: 1}}]}",
	"{deployments: [{work_pool: {job_variables: {image: %s}}}]}", "{deployments: [{parameters: {p: %s}}]}",
	"{deployments: [{parameters: {%[1]s: a}}]}", "{deployments: [{%[1]s: a}]}", "{%[1]s: a}",
}

// documents are the frames, and every field of every object in a mapping that is else right, with each of the values.
func documents(lang *Language) []string {
	all := append([]string{}, frames...)
	add := func(object, frame string) {
		for _, f := range lang.Object(object).Fields {
			all = append(all, fmt.Sprintf(frame, f.Name+": %s"))
		}
	}
	add("Deployment", "{deployments: [{%s}]}")
	add("WorkPool", "{deployments: [{work_pool: {%s}}]}")
	for _, f := range lang.Object("Schedule").Fields {
		frame := "{deployments: [{schedules: [{cron: '* * * * *', %s: %%s}]}]}"
		switch f.Name {
		case "cron", "interval", "rrule":
			frame = "{deployments: [{schedules: [{%s: %%s}]}]}"
		case "anchor_date":
			frame = "{deployments: [{schedules: [{interval: 60, %s: %%s}]}]}"
		}
		all = append(all, fmt.Sprintf(frame, f.Name))
	}
	add("ConcurrencyLimit", "{deployments: [{concurrency_limit: {limit: 1, collision_strategy: ENQUEUE, %s}}]}")
	add("DurationSLA", "{deployments: [{sla: [{name: a, duration: 5, %s}]}]}")
	add("LatenessSLA", "{deployments: [{sla: [{name: a, within: 5, %s}]}]}")
	add("FrequencySLA", "{deployments: [{sla: [{name: a, stale_after: 5, %s}]}]}")
	add("EventTrigger", "{deployments: [{triggers: [{type: event, %s}]}]}")
	add("CompoundTrigger", "{deployments: [{triggers: [{type: compound, triggers: [{expect: [a]}], require: all, %s}]}]}")

	var docs []string
	seen := map[string]bool{}
	for _, frame := range all {
		for _, v := range values {
			doc := fmt.Sprintf(frame, v)
			if !strings.Contains(frame, "%[1]s") || v[0] != '[' && v[0] != '{' {
				if !seen[doc] {
					seen[doc] = true
					docs = append(docs, doc)
				}
			}
		}
	}
	return docs
}

// verdicts are what Prefect 3.8.8's own model says of each document, recorded by testdata/model/record.py.
func verdicts(t *testing.T) map[string]string {
	t.Helper()
	f, err := os.Open("testdata/model/verdicts.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if verdict, doc, ok := strings.Cut(lines.Text(), "\t"); ok {
			out[doc] = verdict
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Prefect 3.8.8 discards a file exactly when Check says that it does, for every field with every kind of value.
func TestModelVerdictsOfPrefect3(t *testing.T) {
	lang := load(t)
	docs := documents(lang)
	if *update {
		if err := os.WriteFile("testdata/model/documents.txt", []byte(strings.Join(docs, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Skip("documents written")
	}
	recorded := verdicts(t)
	compared := 0
	for _, doc := range docs {
		verdict, ok := recorded[doc]
		if !ok {
			t.Fatalf("no verdict for %s: record again", doc)
		}
		if verdict != "accepts" && verdict != "rejects" {
			continue // it crashed or could not be read
		}
		d, err := readYAML([]byte(doc))
		if err != nil {
			continue // yaml.v3 is stricter about some keys
		}
		compared++
		discards := false
		var said []string
		for _, v := range explain(lang.Object("File"), Prefect3, d).found {
			discards = discards || v.Effect == Discards
			said = append(said, v.String()+" ("+v.Effect.String()+")")
		}
		if discards != (verdict == "rejects") {
			t.Errorf("%s: Prefect %s, Check says %q", doc, verdict, said)
		}
	}
	if compared < 3000 {
		t.Errorf("compared only %d documents", compared)
	}
}

// CUE and the table agree on every document, in both generations.
func TestTableAgreesWithCUEOnDocuments(t *testing.T) {
	t.Parallel()
	lang := load(t)
	for i, doc := range documents(lang) {
		if testing.Short() && i%10 != 0 {
			continue
		}
		d, err := readYAML([]byte(doc))
		if err != nil || d.Kind() != KindMap {
			continue
		}
		agree(t, lang, doc, Prefect3, d)
		agree(t, lang, doc, Prefect2, d)
	}
}
