package prefect

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// maxSettingsFile bounds a settings file; a larger one is refused rather than read.
const maxSettingsFile = 4 << 20

// entry is a raw value and where it was.
type entry struct {
	value  any // string, bool, int64, float64, map[string]any or []any
	origin Origin
}

// source answers for a setting; ok is false when it does not set it.
type source func(s setting) (entry, bool)

// environmentSource reads environment variables.
func environmentSource(env map[string]string, generation int) source {
	return textSource(env, generation, Origin{Kind: Environment})
}

// textSource reads NAME=value pairs. Neither generation minds the case of the names; the right one wins.
func textSource(values map[string]string, generation int, origin Origin) source {
	folded := make(map[string]string, len(values))
	for name, v := range values {
		upper := strings.ToUpper(name)
		if _, exact := values[upper]; upper == name || !exact {
			folded[upper] = v
		}
	}
	return func(s setting) (entry, bool) {
		for _, name := range s.names(generation) {
			if v, ok := folded[name]; ok {
				origin := origin
				origin.Key = name
				return entry{v, origin}, true
			}
		}
		return entry{}, false
	}
}

// tableSource reads the nested tables of prefect.toml and pyproject.toml.
func tableSource(doc map[string]any, origin Origin) source {
	return func(s setting) (entry, bool) {
		if s.table == "" {
			return entry{}, false
		}
		var at any = doc
		for _, key := range strings.Split(s.table, ".") {
			table, ok := at.(map[string]any)
			if !ok {
				return entry{}, false
			}
			if at, ok = table[key]; !ok {
				return entry{}, false
			}
		}
		origin := origin
		origin.Key = s.table
		return entry{at, origin}, true
	}
}

// profileSource reads a profile: the keys are names of environment variables.
func profileSource(profile map[string]any, generation int, origin Origin) source {
	return func(s setting) (entry, bool) {
		for _, name := range s.names(generation) {
			if v, ok := profile[name]; ok {
				origin := origin
				origin.Key = name
				return entry{v, origin}, true
			}
		}
		return entry{}, false
	}
}

// reader reads settings files, naming them in errors the way people do.
type reader struct {
	dir  string // directory relative paths start from
	home string // the user's home directory
}

// shown is a path for people: relative to the working directory or to ~.
func (r reader) shown(path string) string {
	if rel, err := filepath.Rel(r.dir, path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	if r.home != "" {
		if rel, err := filepath.Rel(r.home, path); err == nil && filepath.IsLocal(rel) {
			return filepath.Join("~", rel)
		}
	}
	return path
}

// abs is a path with ~ and the working directory put in front.
func (r reader) abs(path string) string {
	if path == "~" || strings.HasPrefix(path, "~/") {
		path = filepath.Join(r.home, path[1:])
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(r.dir, path)
	}
	return path
}

// read returns a file's text; found is false when there is none.
func (r reader) read(path string) (text []byte, found bool, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("cannot read Prefect settings from %s: %w", r.shown(path), reason(err))
	case !info.Mode().IsRegular():
		return nil, false, fmt.Errorf("cannot read Prefect settings from %s: not a regular file", r.shown(path))
	case info.Size() > maxSettingsFile:
		return nil, false, fmt.Errorf("cannot read Prefect settings from %s: larger than %d MiB", r.shown(path), maxSettingsFile>>20)
	}
	if text, err = os.ReadFile(path); err != nil {
		return nil, false, fmt.Errorf("cannot read Prefect settings from %s: %w", r.shown(path), reason(err))
	}
	return text, true, nil
}

// toml reads a TOML file; a broken one is an error that names file, line and column.
func (r reader) toml(path string) (doc map[string]any, found bool, err error) {
	text, found, err := r.read(path)
	if err != nil || !found {
		return nil, false, err
	}
	if doc, err = parseTOML(text); err != nil {
		var at *toml.DecodeError
		if errors.As(err, &at) {
			line, column := at.Position()
			return nil, true, fmt.Errorf("%s:%d:%d: invalid TOML: %s", r.shown(path), line, column, strings.TrimPrefix(at.Error(), "toml: "))
		}
		return nil, true, fmt.Errorf("%s: invalid TOML: %s", r.shown(path), strings.TrimPrefix(err.Error(), "toml: "))
	}
	return doc, true, nil
}

func parseTOML(text []byte) (map[string]any, error) {
	doc := map[string]any{}
	if err := toml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	return doc, nil
}

// reason is an I/O error without its path, which the message already has.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// subtable walks down nested tables.
func subtable(doc map[string]any, keys ...string) map[string]any {
	for _, key := range keys {
		doc, _ = doc[key].(map[string]any)
	}
	return doc
}
