package step

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

// git runs git in a directory ("" for the working directory) and returns its standard output. A failure is Python's
// CalledProcessError, whose text names the command but never a URL with credentials.
func (r *run) git(ctx context.Context, dir string, args ...string) (string, captured, error) {
	words := append([]string{"git"}, args...)
	got, err := r.execute(ctx, command{args: words, dir: dir, shown: dir}, false)
	if err != nil {
		return "", got, err
	}
	if got.code != 0 {
		var shown []value.Value
		for _, w := range words {
			shown = append(shown, w)
		}
		e := pyError("CalledProcessError", fmt.Sprintf("Command %s returned non-zero exit status %d.",
			value.Repr(shown), got.code), lastLines(got.stderr, 1))
		return "", got, e
	}
	return got.stdout, got, nil
}

func failedGit(err error) bool {
	e, ok := err.(*Error)
	return ok && e.Type == "CalledProcessError"
}

// pull clones the repository or brings an existing clone up to date. Prefect 3 holds a lock file meanwhile.
func (r *run) pull(ctx context.Context, repo *repository) error {
	if r.generation() == 3 {
		release, err := r.lock(ctx, repo.destination+".lock")
		if err != nil {
			return err
		}
		defer release()
	}
	if _, err := os.Stat(filepath.Join(repo.destination, ".git")); err != nil {
		return r.clone(ctx, repo)
	}
	if err := r.checkOrigin(ctx, repo); err != nil {
		return err
	}
	if len(repo.directories) > 0 && !r.isTrue(ctx, repo, "config", "--get", "core.sparseCheckout") {
		if err := r.sparse(ctx, repo); err != nil {
			return err
		}
	}
	if repo.commit != "" {
		return r.moveToCommit(ctx, repo)
	}
	args, err := r.submoduleConfig(repo)
	if err != nil {
		return err
	}
	args = append(args, "pull", "origin")
	if repo.branch != "" {
		args = append(args, repo.branch)
	}
	if repo.submodules {
		args = append(args, "--recurse-submodules")
	}
	return r.updateOrClone(ctx, repo, append(args, "--depth", "1"))
}

// checkOrigin refuses a directory that is a clone of something else.
func (r *run) checkOrigin(ctx context.Context, repo *repository) error {
	out, _, err := r.git(ctx, repo.destination, "config", "--get", "remote.origin.url")
	if err != nil {
		return err
	}
	configured := repo.url
	if r.generation() == 3 {
		configured = stripAuth(configured)
	}
	if existing := stripAuth(strip(out)); existing != configured {
		return pyError("ValueError", fmt.Sprintf("The existing repository at %s does not match the configured repository %s",
			repo.destination, configured), fmt.Sprintf("it is a clone of %s; remove it or clone into another directory", existing))
	}
	return nil
}

func (r *run) isTrue(ctx context.Context, repo *repository, args ...string) bool {
	out, _, err := r.git(ctx, repo.destination, args...)
	return err == nil && strings.ToLower(strip(out)) == "true"
}

func (r *run) sparse(ctx context.Context, repo *repository) error {
	_, _, err := r.git(ctx, repo.destination, append([]string{"sparse-checkout", "set", "--"}, repo.directories...)...)
	return err
}

// moveToCommit fetches and checks out a commit in an existing clone.
func (r *run) moveToCommit(ctx context.Context, repo *repository) error {
	if out, _, err := r.git(ctx, repo.destination, "rev-parse", repo.commit); err == nil && strip(out) == repo.commit {
		return nil // Prefect takes a commit it has for the one that is checked out
	}
	args, err := r.submoduleConfig(repo)
	if err != nil {
		return err
	}
	if r.isTrue(ctx, repo, "rev-parse", "--is-shallow-repository") {
		args = append(args, "fetch", "origin", "--unshallow")
	} else {
		args = append(args, "fetch", "origin", repo.commit)
	}
	if err := r.updateOrClone(ctx, repo, args); err != nil {
		return err
	}
	_, _, err = r.git(ctx, repo.destination, "checkout", repo.commit)
	return err
}

// updateOrClone runs an updating command; when it fails the directory is removed and cloned anew.
func (r *run) updateOrClone(ctx context.Context, repo *repository, args []string) error {
	_, got, err := r.git(ctx, repo.destination, args...)
	if err == nil || !failedGit(err) {
		return err
	}
	r.say(fmt.Sprintf("Failed to update %s: %s; cloning anew", repo.name, lastLines(got.stderr, 1)))
	if err := repo.remove(r.Dir); err != nil {
		return err
	}
	return r.clone(ctx, repo)
}

// submoduleConfig hands the credentials to private submodules, whose URLs in .gitmodules have none. Prefect 3 only.
func (r *run) submoduleConfig(repo *repository) ([]string, error) {
	if r.generation() == 2 || !repo.submodules {
		return nil, nil
	}
	credentials, err := repo.credentialMap()
	if err != nil || credentials == nil {
		return nil, err
	}
	base, err := parseURL(repo.url)
	if err != nil {
		return nil, err
	}
	base.path = ""
	login, err := gitLogin(true, base.netloc, credentials)
	if err != nil {
		return nil, err
	}
	with := base
	with.netloc = login + "@" + base.netloc
	return []string{"-c", fmt.Sprintf("url.%s.insteadOf=%s", with, base)}, nil
}

func (r *run) clone(ctx context.Context, repo *repository) error {
	v3 := r.generation() == 3
	from, err := repo.login(v3)
	if err != nil {
		return err
	}
	args, err := r.submoduleConfig(repo)
	if err != nil {
		return err
	}
	args = append(args, "clone", from)
	if v3 {
		args = append(args, cloneFlags3(repo)...)
	} else {
		args = append(args, cloneFlags2(repo)...)
	}
	_, got, err := r.git(ctx, "", append(args, gitFile(repo.destination))...)
	if failedGit(err) {
		return cloneError(v3, repo, from, got)
	}
	if err != nil {
		return err
	}
	if repo.commit != "" {
		for _, args := range [][]string{{"fetch", "origin", repo.commit}, {"checkout", repo.commit}} {
			if _, _, err := r.git(ctx, repo.destination, args...); err != nil {
				return err
			}
		}
	}
	if len(repo.directories) > 0 {
		return r.sparse(ctx, repo)
	}
	return nil
}

func cloneFlags2(repo *repository) []string {
	var flags []string
	if repo.branch != "" {
		flags = append(flags, "--branch", repo.branch)
	}
	if repo.submodules {
		flags = append(flags, "--recurse-submodules")
	}
	return append(flags, "--depth", "1")
}

func cloneFlags3(repo *repository) []string {
	var flags []string
	if repo.submodules {
		flags = append(flags, "--recurse-submodules")
	}
	if len(repo.directories) > 0 {
		flags = append(flags, "--sparse")
	}
	if repo.commit != "" {
		return append(flags, "--filter=blob:none", "--no-checkout")
	}
	if repo.branch != "" {
		flags = append(flags, "--branch", repo.branch)
	}
	return append(flags, "--depth", "1")
}

// cloneHints are Prefect 3's, in its order: the first whose text git printed is given.
var cloneHints = [...][2]string{
	{"authentication failed", "Hint: Check that your credentials or access token are correct and not expired."},
	{"repository not found", "Hint: Verify the repository URL and that you have access to it."},
	{"could not resolve host", "Hint: Check your network connectivity and DNS settings."},
	{"connection refused", "Hint: Check your network connectivity and DNS settings."},
	{"permission denied", "Hint: Check your SSH key or token permissions."},
	{"destination path", "Hint: A stale working directory may exist. Consider removing it and retrying."},
	{"not found", "Hint: Verify the repository URL and that you have access to it."},
}

// cloneError is Prefect's RuntimeError. Prefect 2 hides what git said; it becomes the hint, masked.
func cloneError(v3 bool, repo *repository, from string, got captured) error {
	said := maskURLs(got.stderr, repo.url, from)
	if !v3 {
		return pyError("RuntimeError", fmt.Sprintf("Failed to clone repository %s with exit code %d.",
			value.Repr(repo.url), got.code), lastLines(said, 1))
	}
	message := fmt.Sprintf("Failed to clone repository %s with exit code %d.", value.Repr(stripAuth(repo.url)), got.code)
	for _, h := range cloneHints {
		if strings.Contains(strings.ToLower(said), h[0]) {
			return pyError("RuntimeError", message+" "+h[1], lastLines(said, 1))
		}
	}
	if tail := lastLines(said, 3); tail != "" {
		message += " git stderr: " + tail
	}
	return pyError("RuntimeError", message, "")
}

// maskURLs hides the user information of the given URLs wherever git repeats it.
func maskURLs(text string, urls ...string) string {
	text = urlAuth.ReplaceAllString(text, "${1}")
	for _, s := range urls {
		u, err := parseURL(s)
		if err != nil || u.scheme != "https" && u.scheme != "http" {
			continue
		}
		user, password := u.userinfo()
		for _, secret := range []string{user, unquote(user), password, unquote(password)} {
			if len(secret) >= shortestSecret {
				text = strings.ReplaceAll(text, secret, "***")
			}
		}
	}
	return text
}

// lastLines joins the last n lines with bars.
func lastLines(s string, n int) string {
	lines := splitLines(strip(s))
	return strings.Join(lines[max(0, len(lines)-n):], " | ")
}
