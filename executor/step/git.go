package step

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/value"
)

func cloneStep(v3 bool) nativeStep {
	s := nativeStep{name: "git_clone", run: gitClone, params: []param{
		required("repository"), optional("branch", nil), optional("include_submodules", false),
		optional("access_token", nil), optional("credentials", nil),
	}}
	if v3 {
		s.params = append(s.params, optional("commit_sha", nil), optional("directories", nil), optional("clone_directory_name", nil))
	}
	return s
}

// cloneProjectStep is the name git_clone had before 2.10.21; Prefect 2 still has it.
func cloneProjectStep() nativeStep {
	return nativeStep{
		name: "git_clone_project",
		params: []param{required("repository"), optional("branch", nil), optional("include_submodules", false),
			optional("access_token", nil)},
		run: func(ctx context.Context, r *run, args arguments) (*value.Map, error) {
			r.say("prefect.deployments.steps.pull.git_clone_project has been deprecated." +
				" It will not be available after Dec 2023. Use 'git clone' instead.")
			return gitClone(ctx, r, args)
		},
	}
}

// repository is one clone to make or to bring up to date.
type repository struct {
	url, branch, commit string
	submodules          bool
	directories         []string
	credentials         value.Value // falsy: none
	name                string      // directory, relative to the working directory
	destination         string      // absolute
}

// Prefect 3 tries three times, waiting about one and then two seconds.
const cloneAttempts = 3

func gitClone(ctx context.Context, r *run, args arguments) (*value.Map, error) {
	repo, err := newRepository(r, args)
	if err != nil {
		return nil, err
	}
	for attempt := 0; ; attempt++ {
		err = r.pull(ctx, repo)
		e, isPython := err.(*Error)
		if r.generation() == 2 || !isPython || e.Type != "RuntimeError" || attempt == cloneAttempts-1 {
			break
		}
		delay := time.Duration(float64(time.Second<<attempt) * (0.7 + 0.6*rand.Float64()))
		r.say(fmt.Sprintf("Attempt %d of function 'git_clone' failed with RuntimeError: %s. Retrying in %.2f seconds...",
			attempt+1, e.Message, delay.Seconds()))
		if err := r.sleep(ctx, delay); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	return repo.output(r.Dir)
}

func (r *Runner) sleep(ctx context.Context, d time.Duration) error {
	if r.wait != nil {
		return r.wait(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// output is the clone's directory relative to the working directory.
func (repo *repository) output(cwd string) (*value.Map, error) {
	if filepath.IsAbs(repo.name) {
		relative, ok := strings.CutPrefix(repo.destination, strings.TrimSuffix(cwd, "/")+"/")
		if !ok && repo.destination != cwd {
			return nil, pyError("ValueError", fmt.Sprintf("%s is not in the subpath of %s OR one path is relative and the other is absolute.",
				value.Repr(repo.destination), value.Repr(cwd)), "clone_directory_name must be a path below the working directory")
		}
		if !ok {
			relative = "."
		}
		return value.NewMap("directory", relative), nil
	}
	return value.NewMap("directory", purePath(repo.name)), nil
}

// purePath is how Python's pathlib writes a path: no empty and no "." segments, ".." kept.
func purePath(p string) string {
	var parts []string
	for _, s := range strings.Split(p, "/") {
		if s != "" && s != "." {
			parts = append(parts, s)
		}
	}
	s := strings.Join(parts, "/")
	if strings.HasPrefix(p, "/") {
		return "/" + s
	}
	if s == "" {
		return "."
	}
	return s
}

var commitSHA = pattern.New(`^[0-9a-fA-F]{4,64}\n?$`) // Python's $ also matches before a last line break

// newRepository checks the arguments in Prefect's order.
func newRepository(r *run, args arguments) (*repository, error) {
	repo := &repository{submodules: args.truthy("include_submodules"), credentials: args["credentials"]}
	if args.truthy("access_token") {
		if args.truthy("credentials") {
			return nil, pyError("ValueError", "Please provide either an access token or credentials but not both.", "")
		}
		repo.credentials = value.NewMap("access_token", args["access_token"])
	}
	if c, ok := repo.credentials.(*value.Map); ok && truthyKey(c, "username") && !truthyKey(c, "access_token") && !truthyKey(c, "password") {
		return nil, pyError("ValueError", "If a username is provided, an access token or password must also be provided.", "")
	}
	if args.truthy("branch") && args.truthy("commit_sha") {
		return nil, pyError("ValueError", "Cannot provide both a branch and a commit SHA. Please provide only one.", "")
	}
	var err error
	if args.truthy("branch") {
		if repo.branch, err = args.text("branch", "startswith"); err != nil {
			return nil, err
		}
		if strings.HasPrefix(repo.branch, "-") {
			return nil, pyError("ValueError", "Branch names cannot start with '-'.", "")
		}
	}
	if err := repo.setCommit(args); err != nil {
		return nil, err
	}
	if err := repo.setDirectories(r, args["directories"]); err != nil {
		return nil, err
	}
	if err := repo.setURL(args["repository"]); err != nil {
		return nil, err
	}
	return repo, repo.setName(r, args)
}

func truthyKey(m *value.Map, key string) bool {
	v, _ := m.Get(key)
	return value.Truthy(v)
}

func (repo *repository) setCommit(args arguments) error {
	if !args.truthy("commit_sha") {
		return nil
	}
	sha, ok := args["commit_sha"].(string)
	if !ok {
		return pyError("TypeError", fmt.Sprintf("expected string or bytes-like object, got '%s'", typeName(args["commit_sha"])),
			mustBe("commit_sha", "text", args["commit_sha"]))
	}
	if !commitSHA.MatchString(sha) {
		return pyError("ValueError", fmt.Sprintf("Invalid commit SHA: %s. Expected a hexadecimal Git commit SHA (4–64 characters)."+
			" If you are trying to specify a branch or tag name, use the 'branch' parameter instead.", value.Repr(sha)), "")
	}
	repo.commit = sha
	return nil
}

// setDirectories takes a list of text; a text counts as the list of its characters, as in Python.
func (repo *repository) setDirectories(r *run, v value.Value) error {
	if !value.Truthy(v) {
		return nil
	}
	switch v := v.(type) {
	case string:
		r.say(fmt.Sprintf("directories should be a list; %q is taken for the list of its characters", v))
		for _, c := range v {
			repo.directories = append(repo.directories, string(c))
		}
	case []value.Value:
		for _, e := range v {
			d, ok := e.(string)
			if !ok {
				return pyError("AttributeError", fmt.Sprintf("'%s' object has no attribute 'startswith'", typeName(e)),
					mustBe("directories", "a list of text", e))
			}
			repo.directories = append(repo.directories, d)
		}
	case *value.Map:
		for _, p := range v.Pairs {
			repo.directories = append(repo.directories, value.Str(p.Key))
		}
	default:
		return pyError("TypeError", fmt.Sprintf("'%s' object is not iterable", typeName(v)), mustBe("directories", "a list of text", v))
	}
	for _, d := range repo.directories {
		if strings.HasPrefix(d, "--") {
			r.say(fmt.Sprintf("Directory %s starts with '--' and will be interpreted as a path by git sparse-checkout."+
				" If this is not intentional, remove it from the directories list.", value.Repr(d)))
		}
	}
	return nil
}

func (repo *repository) setURL(v value.Value) error {
	s, ok := v.(string)
	switch {
	case ok:
		repo.url = s
		return nil
	case value.Truthy(v):
		return pyError("AttributeError", fmt.Sprintf("'%s' object has no attribute 'decode'", typeName(v)), mustBe("repository", "text", v))
	default:
		return pyError("TypeError", "a bytes-like object is required, not 'str'", mustBe("repository", "text", v))
	}
}

// setName names the clone: the last part of the URL without any ".git", then the branch.
func (repo *repository) setName(r *run, args arguments) error {
	u, err := parseURL(repo.url)
	if err != nil {
		return err
	}
	repo.name = strings.ReplaceAll(u.path[strings.LastIndexByte(u.path, '/')+1:], ".git", "")
	if repo.branch != "" {
		branch := repo.branch
		if r.generation() == 3 {
			branch = strings.ReplaceAll(branch, "/", "-")
		}
		repo.name += "-" + branch
	}
	if args.truthy("clone_directory_name") {
		name, _, err := args.path("clone_directory_name")
		if err != nil {
			return err
		}
		repo.name = name
	}
	repo.destination = purePath(repo.name)
	if !filepath.IsAbs(repo.name) {
		repo.destination = strings.TrimSuffix(r.Dir, "/") + "/" + repo.destination
		if purePath(repo.name) == "." {
			repo.destination = r.Dir
		}
	}
	return nil
}

// login is the URL to clone from, with credentials where the scheme takes them.
func (repo *repository) login(v3 bool) (string, error) {
	credentials, err := repo.credentialMap()
	if err != nil || credentials == nil {
		return repo.url, err
	}
	u, err := parseURL(repo.url)
	if err != nil {
		return "", err
	}
	login, err := gitLogin(v3, u.netloc, credentials)
	if err != nil {
		return "", err
	}
	if u.scheme != "https" {
		return repo.url, nil
	}
	u.netloc = login + "@" + u.netloc
	return u.String(), nil
}

func (repo *repository) credentialMap() (*value.Map, error) {
	if !value.Truthy(repo.credentials) {
		return nil, nil
	}
	m, ok := repo.credentials.(*value.Map)
	if !ok {
		return nil, pyError("AttributeError", fmt.Sprintf("'%s' object has no attribute 'items'", typeName(repo.credentials)),
			"credentials must be a mapping, such as a reference to a credentials block; for a bare token use access_token")
	}
	return m, nil
}

// remove deletes the clone, but never the working directory or anything above it, which Prefect would.
func (repo *repository) remove(cwd string) error {
	real := func(p string) string {
		if r, err := filepath.EvalSymlinks(p); err == nil {
			return r
		}
		return path.Clean(p)
	}
	dest, dir := real(repo.destination), real(cwd)
	if dest == dir || strings.HasPrefix(dir, strings.TrimSuffix(dest, "/")+"/") {
		return fmt.Errorf("%s could not be updated and would have to be removed and cloned anew, but it holds the working directory", repo.destination)
	}
	if err := os.RemoveAll(dest); err != nil {
		return fmt.Errorf("removing the old clone: %w", err)
	}
	return nil
}

// gitFile is a path as the git command wants it.
func gitFile(p string) string {
	if runtime.GOOS == "windows" {
		return filepath.ToSlash(p)
	}
	return p
}
