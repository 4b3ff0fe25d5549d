package executor

import (
	"context"
	"errors"
	"net/url"
	"os/exec"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/plan"
)

// forge is a hosting service whose CI says in the environment what is checked out.
type forge struct {
	kind                         string
	sha, branch, repository, url string // environment variables
	link                         string // between the URL and the commit
}

// forges are asked in this order, as Prefect 3.8 does.
var forges = []forge{
	{"vcs:github", "GITHUB_SHA", "GITHUB_REF_NAME", "GITHUB_REPOSITORY", "GITHUB_SERVER_URL", "/tree/"},
	{"vcs:gitlab", "CI_COMMIT_SHA", "CI_COMMIT_REF_NAME", "CI_PROJECT_NAME", "CI_PROJECT_URL", "/-/tree/"},
	{"vcs:bitbucket", "BITBUCKET_COMMIT", "BITBUCKET_BRANCH", "BITBUCKET_REPO_SLUG", "BITBUCKET_GIT_HTTP_ORIGIN", "/src/"},
	{"vcs:azuredevops", "BUILD_SOURCEVERSION", "BUILD_SOURCEBRANCHNAME", "BUILD_REPOSITORY_NAME", "BUILD_REPOSITORY_URI", "?version=GC"},
}

const gitKind = "vcs:git"

// Version infers what Prefect 3 registers as version_info: from the environment of a CI service, else from the git checkout
// that dir is in. It starts git. Nothing inferred is no error.
func Version(ctx context.Context, dir string, env []string, getenv func(string) (string, bool)) plan.VersionSource {
	g := git{ctx, dir, env}
	message, err := g.firstLine("log", "-1", "--pretty=%B")
	if err != nil {
		return plan.VersionSource{}
	}
	source := plan.VersionSource{ByType: map[string]*value.Map{}}
	add := func(kind string, info *value.Map) {
		if info == nil {
			return
		}
		source.ByType[kind] = info
		if source.Info == nil {
			source.Info = info
		}
	}
	for _, f := range forges {
		add(f.kind, f.info(getenv, message))
	}
	add(gitKind, g.info(message))
	return source
}

func (f forge) info(getenv func(string) (string, bool), message string) *value.Map {
	get := func(name string) string { v, _ := getenv(name); return v }
	sha, branch, repository := get(f.sha), get(f.branch), get(f.repository)
	if sha == "" || branch == "" || repository == "" {
		return nil
	}
	base, set := getenv(f.url)
	if !set {
		base = "None" // Python's text of a variable that is not there
	}
	if f.kind == "vcs:github" {
		base += "/" + repository
	}
	return info(f.kind, sha, message, branch, repository, base+f.link+sha)
}

func info(kind, sha, message, branch, repository, link string) *value.Map {
	short := sha
	if len(short) > 8 {
		short = short[:8]
	}
	return value.NewMap("type", kind, "version", short, "commit_sha", sha, "message", message, "branch", branch,
		"repository", repository, "url", link)
}

// git asks the git program about a checkout.
type git struct {
	ctx context.Context //nolint:containedctx // lives as long as one question
	dir string
	env []string
}

var errNoOutput = errors.New("git printed nothing")

func (g git) firstLine(args ...string) (string, error) {
	cmd := exec.CommandContext(g.ctx, "git", args...)
	cmd.Dir, cmd.Env = g.dir, g.env
	out, err := cmd.Output()
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if line == "" {
		return "", errNoOutput
	}
	return strings.TrimRight(line, "\r"), nil
}

func (g git) info(message string) *value.Map {
	sha, err := g.firstLine("rev-parse", "HEAD")
	if err != nil {
		return nil
	}
	branch, err := g.firstLine("rev-parse", "--abbrev-ref", "HEAD")
	if err != nil {
		return nil
	}
	remote, err := g.firstLine("config", "--get", "remote.origin.url")
	if err != nil {
		return nil
	}
	return info(gitKind, sha, message, branch, repositoryOf(remote), WithoutCredentials(remote))
}

// repositoryOf is the path of a remote URL without slashes around it and ".git" behind it, as Python's urlparse sees the path.
func repositoryOf(remote string) string {
	path := remote
	if u, err := url.Parse(remote); err == nil && u.Opaque == "" {
		path = u.Path
	}
	return strings.TrimSuffix(strings.Trim(path, "/"), ".git")
}

// WithoutCredentials drops user and password from a URL; Prefect sends them to its server.
func WithoutCredentials(remote string) string {
	u, err := url.Parse(remote)
	if err != nil || u.User == nil || u.Scheme == "ssh" {
		return remote
	}
	u.User = nil
	return u.String()
}
