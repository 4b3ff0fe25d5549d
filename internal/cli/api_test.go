package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// fakeAPI stands in for a Prefect server in scripts: enough of the API for plan and apply to work, in memory.
//
//	api start [VERSION]            a server of that version, 3.8.8 without; PREFECT_API_URL and API name it
//	api pool NAME [TYPE]           gives it a work pool
//	api answer METHOD PATH STATUS FILE|-   answers so from now on; PATH may hold *; the last answer given wins
//	api set NAME FILE              changes the deployment of that name by hand, by the fields of the JSON file
//	api lose NAME                  deletes it by hand
//	api automation FILE            makes one by hand, of the JSON file
//	api automations                prints the names and ids of all, to stdout
//	api down                       stops it; the address stays and refuses connections
//	api writes                     prints the writes it received, to stdout
//	api forget                     forgets them
type fakeAPI struct {
	mu          sync.Mutex
	server      *httptest.Server
	version     string
	pools       map[string]string
	answers     []fakeAnswer
	deployments map[string]map[string]any // by id
	flows       map[string]string         // name by id
	automations []map[string]any
	made        int // automations
	writes      []string

	// during, when set, is called for each write, before and after it has an effect, while the writer waits.
	during func(n int, after bool)
}

type apiKey struct{}

type fakeAnswer struct {
	method, path string
	status       int
	body         string
}

func cmdAPI(ts *testscript.TestScript, neg bool, args []string) {
	a := ts.Value(apiKey{}).(*fakeAPI)
	if neg || len(args) == 0 {
		ts.Fatalf("usage: api start|pool|answer|set|lose|down|writes …")
	}
	if args[0] == "start" {
		a.start(ts, args[1:])
		return
	}
	if a.server == nil {
		ts.Fatalf("api start comes first")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch args[0] {
	case "pool":
		kind := "process"
		if len(args) == 3 {
			kind = args[2]
		}
		a.pools[args[1]] = kind
	case "answer":
		given := fakeAnswer{method: args[1], path: args[2]}
		if _, err := fmt.Sscan(args[3], &given.status); err != nil {
			ts.Fatalf("%v", err)
		}
		if args[4] != "-" {
			given.body = ts.ReadFile(args[4])
		}
		a.answers = append([]fakeAnswer{given}, a.answers...)
	case "set":
		for _, d := range a.deployments {
			if d["name"] == args[1] {
				ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[2])), &d))
			}
		}
	case "lose":
		for id, d := range a.deployments {
			if d["name"] == args[1] {
				delete(a.deployments, id)
			}
		}
	case "automation":
		made := map[string]any{}
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &made))
		a.automations = append(a.automations, made)
	case "automations":
		for _, m := range a.automations {
			_, _ = fmt.Fprintln(ts.Stdout(), m["name"], m["id"])
		}
	case "down":
		go a.server.Close()
		_ = a.server.Listener.Close()
	case "writes":
		_, _ = io.WriteString(ts.Stdout(), strings.Join(append(a.writes, ""), "\n"))
	case "forget":
		a.writes = nil
	default:
		ts.Fatalf("api does not know %q", args[0])
	}
}

func (a *fakeAPI) start(ts *testscript.TestScript, args []string) {
	version := "3.8.8"
	if len(args) > 0 {
		version = args[0]
	}
	a.reset(version)
	a.server = httptest.NewServer(a)
	ts.Defer(a.server.Close)
	ts.Setenv("API", a.server.URL)
	ts.Setenv("PREFECT_API_URL", a.server.URL+"/api")
}

func (a *fakeAPI) reset(version string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answers, a.writes, a.automations, a.made = nil, nil, nil, 0
	a.version, a.pools, a.deployments, a.flows = version, map[string]string{}, map[string]map[string]any{}, map[string]string{}
}

// ServeHTTP answers a request.
func (a *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	defer a.mu.Unlock()
	write := r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/filter")
	if write {
		a.writes = append(a.writes, r.Method+" "+r.URL.Path)
	}
	if write && a.during != nil {
		n := len(a.writes)
		a.during(n, false)
		defer a.during(n, true) // the answer is on its way, or is not: whoever waits for it is gone
	}
	for _, given := range a.answers {
		if match, _ := path.Match(given.path, r.URL.Path); match && given.method == r.Method {
			if strings.HasPrefix(given.body, "<") {
				w.Header().Set("Content-Type", "text/html")
			}
			w.WriteHeader(given.status)
			_, _ = io.WriteString(w, given.body)
			return
		}
	}
	if r.Context().Err() != nil {
		return // nobody is there any more
	}
	if status, answer := a.answer(r.Method, strings.TrimPrefix(r.URL.Path, "/api"), body, strings.HasPrefix(r.URL.Path, "/api/")); answer == nil {
		w.WriteHeader(status)
	} else {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(answer)
	}
}

// answer is what a server says; nil for no body.
func (a *fakeAPI) answer(method, path string, body []byte, api bool) (int, any) {
	missing := map[string]any{"detail": "Not Found"}
	if !api {
		return http.StatusNotFound, missing
	}
	var sent map[string]any
	_ = json.Unmarshal(body, &sent)
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch {
	case path == "/admin/version":
		return http.StatusOK, a.version
	case path == "/csrf-token":
		return http.StatusUnprocessableEntity, map[string]any{"detail": "CSRF protection is disabled."}
	case parts[0] == "work_pools" && method == http.MethodGet && a.pools[parts[1]] != "":
		return http.StatusOK, map[string]any{
			"id": "pool-" + parts[1], "name": parts[1], "type": a.pools[parts[1]], "default_queue_id": "queue",
			"base_job_template": map[string]any{"variables": map[string]any{"type": "object", "properties": map[string]any{}}},
		}
	case parts[0] == "work_pools":
		return http.StatusNotFound, map[string]any{"detail": "Work pool not found."}
	case parts[0] == "block_types":
		return http.StatusNotFound, map[string]any{"detail": "Block document not found"}
	case parts[0] == "variables":
		return http.StatusNotFound, map[string]any{"detail": "Variable not found"}
	case path == "/flows/":
		id := "flow-" + fmt.Sprint(sent["name"])
		a.flows[id] = fmt.Sprint(sent["name"])
		return http.StatusCreated, map[string]any{"id": id, "name": sent["name"]}
	case path == "/deployments/":
		return http.StatusCreated, a.deploy(sent)
	case path == "/deployments/filter":
		return http.StatusOK, a.find(body)
	case path == "/flows/filter":
		flows := []any{}
		for id, name := range a.flows {
			flows = append(flows, map[string]any{"id": id, "name": name})
		}
		return http.StatusOK, flows
	case strings.HasPrefix(path, "/deployments/name/") && len(parts) == 4:
		for _, d := range a.deployments {
			if d["name"] == parts[3] && a.flows[fmt.Sprint(d["flow_id"])] == parts[2] {
				return http.StatusOK, d
			}
		}
		return http.StatusNotFound, map[string]any{"detail": "Deployment not found"}
	case parts[0] == "deployments" && method == http.MethodPatch && a.deployments[parts[1]] != nil:
		for k, v := range sent {
			a.deployments[parts[1]][k] = v
		}
		completeSchedules(sent["schedules"])
		return http.StatusNoContent, nil
	case parts[0] == "deployments" && method == http.MethodGet && len(parts) == 2 && a.deployments[parts[1]] != nil:
		return http.StatusOK, a.deployments[parts[1]]
	case parts[0] == "deployments" && method == http.MethodDelete && len(parts) == 2 && a.deployments[parts[1]] != nil:
		delete(a.deployments, parts[1])
		return http.StatusNoContent, nil
	case parts[0] == "deployments" && method == http.MethodGet && len(parts) == 3 && parts[2] == "schedules":
		return http.StatusOK, a.deployments[parts[1]]["schedules"]
	case path == "/automations/" && method == http.MethodPost:
		a.made++
		sent["id"] = fmt.Sprintf("automation-%d", a.made)
		a.automations = append(a.automations, sent)
		return http.StatusCreated, sent
	case strings.HasPrefix(path, "/automations/owned-by/"):
		a.automations = slices.DeleteFunc(a.automations, func(m map[string]any) bool { return m["owner_resource"] == parts[2] })
		return http.StatusAccepted, nil
	case strings.HasPrefix(path, "/automations/related-to/"):
		id := strings.TrimPrefix(parts[2], "prefect.deployment.")
		related := []map[string]any{}
		for _, m := range a.automations {
			if text, _ := json.Marshal(m["actions"]); strings.Contains(string(text), id) {
				related = append(related, m)
			}
		}
		return http.StatusOK, related
	case parts[0] == "automations" && len(parts) == 2 && (method == http.MethodPut || method == http.MethodDelete):
		at := slices.IndexFunc(a.automations, func(m map[string]any) bool { return m["id"] == parts[1] })
		switch {
		case at < 0:
			return http.StatusNotFound, map[string]any{"detail": "Automation not found"}
		case method == http.MethodDelete:
			a.automations = slices.Delete(a.automations, at, at+1)
		default:
			sent["id"], sent["owner_resource"] = parts[1], a.automations[at]["owner_resource"]
			a.automations[at] = sent
		}
		return http.StatusNoContent, nil
	case path == "/automations/filter":
		return http.StatusOK, append([]map[string]any{}, a.automations...)
	}
	return http.StatusNotFound, missing
}

// completeSchedules adds the defaults of cron schedules that an update leaves out.
func completeSchedules(list any) {
	items, _ := list.([]any)
	for _, item := range items {
		m, _ := item.(map[string]any)
		inner, _ := m["schedule"].(map[string]any)
		if inner == nil || inner["cron"] == nil {
			continue
		}
		for key, v := range map[string]any{"timezone": "UTC", "day_or": true} {
			if _, has := inner[key]; !has {
				inner[key] = v
			}
		}
		if m["active"] == nil {
			m["active"] = true
		}
	}
}

func (a *fakeAPI) deploy(sent map[string]any) map[string]any {
	id := fmt.Sprintf("id-of-%s", sent["name"])
	if other := a.deployments[id]; other != nil && other["flow_id"] != sent["flow_id"] {
		id += "-too"
	}
	sent["id"], sent["created"], sent["updated"] = id, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"
	for key, v := range map[string]any{"paused": false, "enforce_parameter_schema": true, "status": "NOT_READY"} {
		if sent[key] == nil {
			sent[key] = v
		}
	}
	a.deployments[id] = sent
	return sent
}

// find answers a filter by names: it is enough that every name asked for is found.
func (a *fakeAPI) find(body []byte) []any {
	found := []any{}
	for _, d := range a.deployments {
		name, _ := json.Marshal(d["name"])
		if strings.Contains(string(body), string(name)) {
			found = append(found, d)
		}
	}
	return found
}
