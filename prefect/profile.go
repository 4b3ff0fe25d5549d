package prefect

import (
	"fmt"
	"path/filepath"
	"strings"
)

// profile is the profile in effect.
type profile struct {
	name   string
	values map[string]any
	file   string // path for people, "" for a built-in one
}

// builtin are the profiles Prefect ships, by generation, and the name of the one in effect when nothing chooses another.
func builtin(generation int) (active string, profiles map[string]any) {
	if generation == 2 {
		return "default", map[string]any{"default": map[string]any{}}
	}
	return "ephemeral", map[string]any{
		"ephemeral": map[string]any{Ephemeral: "true"},
		"local":     map[string]any{APIURL: "http://127.0.0.1:4200/api"},
		"test":      map[string]any{Ephemeral: "true"},
		"cloud":     map[string]any{},
	}
}

// findProfile decides which profile is in effect, as root_settings_context and the profile loader of each generation do.
func (l *loader) findProfile(path string) (profile, error) {
	active, shipped := builtin(l.generation)
	fallback := profile{name: active, values: table(shipped[active])}

	var doc map[string]any
	found := false
	if path != "" {
		var err error
		if doc, found, err = l.toml(path); err != nil {
			return profile{}, err
		}
	}
	own := table(doc["profiles"])
	if named, ok := doc["active"].(string); ok && named != "" {
		active = named
	}
	wanted, chooser := l.wantedProfile()
	if _, set := l.env[ProfileName]; set && wanted == "" && l.generation == 2 {
		l.warn("%s in the environment is empty, which Prefect 2 takes for the profile %q", ProfileName, fallback.name)
		return fallback, nil
	}
	if wanted == "" {
		wanted, chooser = active, `"active" in `+l.shown(path)
	}
	if values, ok := own[wanted]; ok {
		return profile{name: wanted, values: table(values), file: l.shown(path)}, nil
	}
	// Built-in profiles are merged under the file's in generation 2 and with --profile. Else generation 3 reads them only when there is no
	// file in the default place, and takes the default profile when there is none in a chosen place.
	chosen := path != "" && path != l.defaultProfiles()
	if values, ok := shipped[wanted]; ok && (l.generation == 2 || !found && !chosen || l.opts.Profile != "") {
		return profile{name: wanted, values: table(values)}, nil
	}
	if l.opts.Profile != "" {
		return profile{}, fmt.Errorf("profile %q does not exist in %s%s", wanted, l.profilesShown(path, found), known(own))
	}
	if wanted != fallback.name {
		l.warn("profile %q, chosen by %s, does not exist in %s; the profile %q is used", wanted, chooser, l.profilesShown(path, found), fallback.name)
	}
	return fallback, nil
}

func (l *loader) profilesShown(path string, found bool) string {
	if path == "" {
		return "Prefect's built-in profiles"
	}
	if !found {
		return l.shown(path) + ", which does not exist"
	}
	return l.shown(path)
}

// wantedProfile is the profile chosen by option or environment, and who chose it.
func (l *loader) wantedProfile() (name, chooser string) {
	if l.opts.Profile != "" {
		return l.opts.Profile, "--profile"
	}
	return l.env[ProfileName], ProfileName + " in the environment"
}

// profilesPath is the file the profiles are in; it need not exist. "" means Prefect's built-in file.
func (l *loader) profilesPath(dotenv map[string]string, prefectToml, pyproject map[string]any) string {
	if path := l.env[ProfilesPath]; path != "" {
		return l.abs(l.withHome(path))
	}
	if l.generation >= 3 {
		if path := dotenv[ProfilesPath]; path != "" {
			return l.abs(path)
		}
		for _, doc := range []map[string]any{prefectToml, pyproject} {
			if path, ok := doc["profiles_path"].(string); ok && path != "" {
				return l.abs(path)
			}
		}
	}
	if home := l.env[HomePath]; home != "" {
		return filepath.Join(l.abs(home), "profiles.toml")
	}
	return l.defaultProfiles()
}

// defaultProfiles is where profiles are when nothing says otherwise, "" for a user without home directory.
func (l *loader) defaultProfiles() string {
	if l.home == "" {
		return ""
	}
	return filepath.Join(l.home, ".prefect", "profiles.toml")
}

// withHome puts PREFECT_HOME into a path that asks for it.
func (l *loader) withHome(path string) string {
	home := l.env[HomePath]
	if home == "" {
		home = filepath.Join(l.home, ".prefect")
	}
	return strings.NewReplacer("${PREFECT_HOME}", home, "$PREFECT_HOME", home).Replace(path)
}

func table(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// known lists the profiles there are, for a message.
func known(profiles map[string]any) string {
	if len(profiles) == 0 {
		return ""
	}
	return "; there are " + strings.Join(sortedKeys(profiles), ", ")
}
