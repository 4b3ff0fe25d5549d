package step

import (
	"archive/tar"
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/prefectc/prefectc/compiler/value"
)

// integrations is a Python with prefect_docker and prefect_aws; like the tests against real Prefect this is for make test-oracle.
func integrations(t *testing.T) (python string, wanted bool) {
	t.Helper()
	if os.Getenv("PREFECTC_VENVS") == "" {
		return "", false
	}
	cmd := exec.Command("../../scripts/integrations.sh")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("prepare the integrations: %v", err)
	}
	return strings.TrimSpace(string(out)), true
}

// TestRealDockerStepsBuildAndPush runs the steps of prefect_docker against an engine that speaks Docker's API, since no container
// engine can be counted on. What it is sent is looked at.
func TestRealDockerStepsBuildAndPush(t *testing.T) {
	interpreter, wanted := integrations(t)
	if !wanted {
		return
	}
	engine := &dockerEngine{}
	at := httptest.NewServer(engine)
	defer at.Close()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "Dockerfile"), "FROM scratch\nCOPY flow.py /\n")
	write(t, filepath.Join(dir, "flow.py"), "x = 1\n")
	var seen printed
	r := &Runner{Generation: 3, Dir: dir, Python: interpreter, Output: seen.add,
		Env: append(os.Environ(), "DOCKER_HOST=tcp://"+strings.TrimPrefix(at.URL, "http://"), "PREFECT_HOME="+t.TempDir(), "PYTHONDONTWRITEBYTECODE=1")}
	defer r.Close()
	run := func(name string, inputs ...value.Value) (string, error) {
		out, err := r.Run(t.Context(), Call{Path: "prefect_docker.deployments.steps." + name, Inputs: value.NewMap(inputs...), Requires: []string{"prefect-docker>=0.3.1"}})
		if err != nil {
			return "", err
		}
		return value.Repr(out), nil
	}
	got, err := run("build_docker_image", "image_name", "registry.example/team/app", "tag", "t1", "dockerfile", "Dockerfile", "additional_tags", []value.Value{"t2"}, "buildargs", value.NewMap("A", "b"))
	if want := "{'image_name': 'registry.example/team/app', 'tag': 't1', 'image': 'registry.example/team/app:t1', 'image_id': 'sha256:feed', 'additional_tags': ['t2']}"; err != nil || got != want {
		t.Fatalf("build: %s, %v\nwant %s\n%v", got, err, want, seen)
	}
	if !slices.Contains(seen.stdout, "Step 1/2 : FROM scratch") {
		t.Errorf("printed %q", seen.stdout)
	}
	got, err = run("push_docker_image", "image_name", "registry.example/team/app", "tag", "t1")
	if err != nil || !strings.Contains(got, "'image': 'registry.example/team/app:t1'") {
		t.Fatalf("push: %s, %v", got, err)
	}
	want := []string{"build Dockerfile flow.py", "tag registry.example/team/app t1", "tag registry.example/team/app t2", "push registry.example/team/app t1"}
	if !slices.Equal(engine.did, want) {
		t.Errorf("the engine was asked to %q, want %q", engine.did, want)
	}
	// A build that fails says why, and a Dockerfile made for the time of the build is gone.
	engine.broken = true
	if err := os.Remove(filepath.Join(dir, "Dockerfile")); err != nil {
		t.Fatal(err)
	}
	if _, err := run("build_docker_image", "image_name", "team/app", "tag", "t3", "dockerfile", "auto"); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("a failed build: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "Dockerfile")); err == nil {
		t.Error("the Dockerfile of dockerfile: auto is still there")
	}
}

// dockerEngine answers what docker-py asks when it builds, tags and pushes.
type dockerEngine struct {
	mu     sync.Mutex
	did    []string
	broken bool
}

func (e *dockerEngine) note(format string, args ...any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.did = append(e.did, fmt.Sprintf(format, args...))
}

func (e *dockerEngine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if strings.HasPrefix(path, "/v1.") {
		path = path[strings.Index(path[1:], "/")+1:]
	}
	image, rest := "", strings.TrimPrefix(path, "/images/")
	if i := strings.LastIndexByte(rest, '/'); i >= 0 {
		image, rest = rest[:i], rest[i+1:]
	}
	query := r.URL.Query()
	if path == "/build" || rest == "push" { // which are streams
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
	}
	switch {
	case path == "/version":
		fmt.Fprint(w, `{"ApiVersion": "1.43", "MinAPIVersion": "1.24", "Version": "24.0.0"}`)
	case path == "/_ping":
		fmt.Fprint(w, "OK")
	case path == "/build" && e.broken:
		fmt.Fprintln(w, `{"error": "no space left", "errorDetail": {"message": "no space left"}}`)
	case path == "/build":
		e.note("build %s", strings.Join(tarNames(r.Body), " "))
		fmt.Fprintln(w, `{"stream": "Step 1/2 : FROM scratch\n"}`)
		fmt.Fprintln(w, `{"aux": {"ID": "sha256:feed"}}`)
	case rest == "json":
		fmt.Fprintf(w, `{"Id": "sha256:feed", "RepoTags": []}`)
	case rest == "tag":
		e.note("tag %s %s", query.Get("repo"), query.Get("tag"))
		w.WriteHeader(http.StatusCreated)
	case rest == "push":
		e.note("push %s %s", image, query.Get("tag"))
		fmt.Fprintln(w, `{"status": "t1: digest: sha256:feed size: 1"}`)
	default:
		http.Error(w, `{"message": "page not found"}`, http.StatusNotFound)
	}
}

func tarNames(r io.Reader) []string {
	var names []string
	for t := tar.NewReader(r); ; {
		h, err := t.Next()
		if err != nil {
			break
		}
		if h.Typeflag == tar.TypeReg {
			names = append(names, strings.TrimPrefix(h.Name, "./"))
		}
	}
	slices.Sort(names)
	return names
}

// TestRealPushToS3 runs the step of prefect_aws against a store that takes objects as S3 does.
func TestRealPushToS3(t *testing.T) {
	interpreter, wanted := integrations(t)
	if !wanted {
		return
	}
	store := &objectStore{objects: map[string]string{}}
	at := httptest.NewServer(store)
	defer at.Close()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "flow.py"), "x = 1\n")
	write(t, filepath.Join(dir, "data", "rows.csv"), "a,b\n")
	write(t, filepath.Join(dir, "secret.env"), "no\n")
	write(t, filepath.Join(dir, ".prefectignore"), "*.env\n.prefectignore\n")
	r := &Runner{Generation: 3, Dir: dir, Python: interpreter, Env: append(os.Environ(), "AWS_ENDPOINT_URL="+at.URL, "AWS_DEFAULT_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "PREFECT_HOME="+t.TempDir(), "PYTHONDONTWRITEBYTECODE=1")}
	defer r.Close()
	out, err := r.Run(t.Context(), Call{Path: "prefect_aws.deployments.steps.push_to_s3", Inputs: value.NewMap("bucket", "code", "folder", "app")})
	if err != nil || value.Repr(out) != "{'bucket': 'code', 'folder': 'app'}" {
		t.Fatalf("got %v, %v", out, err)
	}
	if want := map[string]string{"/code/app/flow.py": "x = 1\n", "/code/app/data/rows.csv": "a,b\n"}; fmt.Sprint(store.objects) != fmt.Sprint(want) {
		t.Errorf("stored %q, want %q", store.objects, want)
	}
}

// objectStore takes objects, also in the pieces that the AWS library sends.
type objectStore struct {
	mu      sync.Mutex
	objects map[string]string
}

func (s *objectStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Method != http.MethodPut {
		http.Error(w, "only PUT", http.StatusBadRequest)
		return
	}
	if strings.Contains(r.Header.Get("Content-Encoding"), "aws-chunked") {
		body = unchunk(body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects[r.URL.Path] = string(body)
	w.Header().Set("ETag", `"0"`)
}

// unchunk joins pieces, each behind its length in hexadecimal digits.
func unchunk(body []byte) []byte {
	var whole []byte
	for r := bufio.NewReader(bytes.NewReader(body)); ; {
		line, err := r.ReadString('\n')
		size, bad := strconv.ParseInt(strings.TrimSpace(strings.Split(line, ";")[0]), 16, 64)
		if err != nil || bad != nil || size == 0 {
			return whole
		}
		piece := make([]byte, size+2)
		if _, err := io.ReadFull(r, piece); err != nil {
			return whole
		}
		whole = append(whole, piece[:size]...)
	}
}
