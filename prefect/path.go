package prefect

import (
	"fmt"
	"net/url"
	"strings"
)

// route fills names into a path. A name that cannot be part of a path is an error here, as the server would answer for another path.
func route(format string, names ...string) (string, error) {
	escaped := make([]any, len(names))
	for i, name := range names {
		switch {
		case name == "", name == ".", name == "..", strings.Contains(name, "/"):
			return "", fmt.Errorf("%q cannot be the name of an object in Prefect: it must not be empty, dots or have a slash", name)
		}
		escaped[i] = url.PathEscape(name)
	}
	return fmt.Sprintf(format, escaped...), nil
}
