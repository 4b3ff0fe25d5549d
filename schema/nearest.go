package schema

import (
	"cmp"
	"slices"
	"strings"
)

// keys are the keys of the object in a generation, deprecated ones last.
func (o *Object) keys(g Generation) []string {
	out := make([]string, 0, len(o.Fields))
	var deprecated []string
	for _, f := range o.Fields {
		switch {
		case !f.In(g) || f.Ignored != "":
		case f.Deprecated != "":
			deprecated = append(deprecated, f.Name)
		default:
			out = append(out, f.Name)
		}
	}
	return append(out, deprecated...)
}

// habits are words from other tools and older Prefects for what the language calls otherwise.
var habits = map[string]string{
	"params": "parameters", "flow": "entrypoint", "queue": "work_queue_name", "work_queue": "work_queue_name",
	"work_queues": "work_queue_name", "queues": "work_queue_name", "pool": "work_pool", "workpool": "work_pool",
	"work_pool_name": "work_pool", "job_vars": "job_variables", "variables": "job_variables", "infra_overrides": "job_variables",
	"tz": "timezone", "time_zone": "timezone", "desc": "description", "expects": "expect", "matches": "match",
	"enforce_parameters": "enforce_parameter_schema",
}

// nearest is the word that was probably meant, or "": a known habit, else the one at the least distance, if that is
// at most a third of the word's length.
func nearest(word string, allowed []string) string {
	if len(word) > 64 {
		return ""
	}
	folded := fold(word)
	if h := habits[folded]; h != "" && slices.Contains(allowed, h) {
		return h
	}
	best, least := "", max(1, len(folded)/3)+1
	for _, a := range allowed {
		if d := distance(folded, fold(a), least); d < least {
			best, least = a, d
		}
	}
	if best == "" {
		return begun(folded, allowed)
	}
	return best
}

// begun is the only word whose first part the given one is: "concurrency" of "concurrency_limit".
func begun(word string, allowed []string) string {
	only := ""
	for _, a := range allowed {
		if len(word) < 4 || !strings.HasPrefix(fold(a), word+"_") {
			continue
		}
		if only != "" {
			return ""
		}
		only = a
	}
	return only
}

func fold(s string) string {
	return strings.ReplaceAll(strings.ToLower(strings.Trim(s, ` '"`)), "-", "_")
}

// distance is the number of insertions, deletions, changes and swaps of neighbours between two words, or limit if it
// is not less.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	var before, prev, row []int
	row = make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, prev, row = prev, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return min(row[len(b)], limit)
}

// belongs finds where an unknown key is known: in a mapping of this object ("work_pool"), or in one of the objects
// around it (then the name of that object's field or "deployments").
func (w *walker) belongs(o *Object, key string) string {
	if f := below(o, key, w.g, nil); f != nil {
		return f.Name
	}
	for i := len(w.objects) - 2; i >= 0; i-- {
		outer := w.objects[i]
		if f := outer.byName[key]; f != nil && f.Ignored == "" && f.In(w.g) {
			if i == 0 {
				return "the top level"
			}
			return outer.Title
		}
	}
	if o.byName["job_variables"] != nil && slices.Contains(jobVariableNames, key) {
		return "job_variables"
	}
	if o.byName["work_pool"] != nil {
		if _, found := slices.BinarySearch(jobVariableNames, key); found {
			return "work_pool.job_variables"
		}
	}
	return ""
}

// below finds the field of o whose object, or items, have the key; the nearest level wins.
func below(o *Object, key string, g Generation, done []*Object) *Field {
	type candidate struct {
		via   *Field
		depth int
	}
	var best *candidate
	for _, f := range o.Fields {
		if f.Ignored != "" || f.Deprecated != "" || !f.In(g) {
			continue
		}
		for _, inner := range f.objects(g) {
			if inner.Open || slices.Contains(done, inner) {
				continue
			}
			c := candidate{f, 1}
			if x := inner.byName[key]; x == nil || x.Ignored != "" || !x.In(g) {
				if below(inner, key, g, append(done, o, inner)) == nil {
					continue
				}
				c.depth = 2
			}
			if best == nil || cmp.Less(c.depth, best.depth) {
				best = &c
			}
		}
	}
	if best == nil {
		return nil
	}
	return best.via
}

// objects are the objects that the field or the items of its list may be.
func (f *Field) objects(g Generation) []*Object {
	var out []*Object
	if u := f.Union(g); u != nil {
		return u.Variants
	}
	if o := f.Object(g); o != nil {
		out = append(out, o)
	}
	if o := f.ItemObject(g); o != nil {
		out = append(out, o)
	}
	return out
}
