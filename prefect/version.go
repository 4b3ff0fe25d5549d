package prefect

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Version says which Prefect the server is: its generation, 2 or 3, and its version as it writes it. It is asked once per client; Prefect
// Cloud is generation 3 and is not asked.
func (c *Client) Version(ctx context.Context) (generation int, version string, err error) {
	if c.settings.Cloud() {
		return 3, "cloud", nil
	}
	c.version.Lock()
	generation, version = c.version.generation, c.version.text
	c.version.Unlock()
	if generation != 0 {
		return generation, version, nil
	}
	version, _, err = callJSON[string](ctx, c, http.MethodGet, "/admin/version", nil)
	if err != nil {
		return 0, "", err
	}
	version = c.secrets.Redact(truncate(plain(version), 60))
	if generation, err = generationOf(version); err != nil {
		return 0, version, fmt.Errorf("the server at %s %w", c.shown, err)
	}
	if old(generation, version) {
		c.notify(fmt.Sprintf("warning: the server at %s is Prefect %s; before 2.20 it may not know all that is sent", c.shown, version))
	}
	c.version.Lock()
	c.version.generation, c.version.text = generation, version
	c.version.Unlock()
	return generation, version, nil
}

// UnknownVersionError is a server's version that does not say of which generation it is, as one that was built by hand has.
type UnknownVersionError struct{ Version string }

func (e *UnknownVersionError) Error() string {
	return fmt.Sprintf("says it is Prefect %q, which tells no generation; say which with --prefect 2 or --prefect 3", e.Version)
}

// old reports a Prefect 2 before the one that is supported.
func old(generation int, version string) bool {
	_, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(minor)
	return generation == 2 && err == nil && n < 20
}

// generationOf is the first number of a version.
func generationOf(version string) (int, error) {
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	switch n, err := strconv.Atoi(major); {
	case err != nil || n == 0:
		return 0, &UnknownVersionError{version}
	case n != 2 && n != 3:
		return 0, fmt.Errorf("is Prefect %s; generations 2 and 3 are supported", version)
	default:
		return n, nil
	}
}
