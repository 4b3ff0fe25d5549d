package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/prefect"
)

// configured is one way to configure Prefect, and what it makes of it.
type configured struct {
	Dir   string            `json:"dir"`
	Home  string            `json:"home"`
	Env   map[string]string `json:"env"`
	Names []string          `json:"names"`

	files map[string]string
}

type settingsRead struct {
	Profile string
	Values  map[string]any
	Error   string
}

// compared are settings with their key in prefect.toml, and values for them as text and as TOML; %s is the place's name.
var compared = []struct{ name, table, text, toml string }{
	{prefect.APIURL, "api.url", "http://%s.example.org/api", `"http://%s.example.org/api"`},
	{prefect.APIKey, "api.key", "key-of-%s", `"key-of-%s"`},
	{prefect.APIAuthString, "api.auth_string", "user:%s", `"user:%s"`},
	{prefect.TLSInsecure, "api.tls_insecure_skip_verify", "true", "true"},
	{prefect.SSLCertFile, "api.ssl_cert_file", "/etc/%s.pem", `"/etc/%s.pem"`},
	{prefect.RequestTimeout, "api.request_timeout", "12.5", "7"},
	{prefect.MaxRetries, "client.max_retries", "3", "4"},
	{prefect.CustomHeaders, "client.custom_headers", `{"X-Place": "%s"}`, `{X-Place = "%s"}`},
	{prefect.RetryExtraCodes, "client.retry_extra_codes", "404,500", `"418"`},
	{prefect.CSRFSupport, "client.csrf_support_enabled", "false", "false"},
	{prefect.DefaultWorkPool, "deployments.default_work_pool_name", "pool-of-%s", `"pool-of-%s"`},
}

// TestSettingsAreReadAsPrefectReadsThem lets the real Prefect and prefectc read the same settings, put at random into the environment,
// .env, prefect.toml, pyproject.toml and profiles.
func TestSettingsAreReadAsPrefectReadsThem(t *testing.T) {
	t.Parallel()
	for _, generation := range []int{2, 3} {
		t.Run(fmt.Sprintf("prefect-%d", generation), func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			random := rand.New(rand.NewPCG(uint64(generation), 7))
			// Reading settings takes Prefect 3 a good part of a second.
			cases := make([]configured, map[int]int{2: 100, 3: 30}[generation])
			for i := range cases {
				cases[i] = configure(random, generation)
				cases[i].write(t, filepath.Join(root, fmt.Sprint(i)))
			}
			input, err := json.Marshal(cases)
			if err != nil {
				t.Fatal(err)
			}
			python := exec.Command(filepath.Join(venvs(t), fmt.Sprintf("p%d", generation), "bin", "python"), "testdata/settings.py")
			python.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + root, "PREFECT_HOME=" + root, "PYTHONDONTWRITEBYTECODE=1"}
			python.Stdin = bytes.NewReader(input)
			var said bytes.Buffer
			python.Stderr = &said
			text, err := python.Output()
			if err != nil {
				t.Fatalf("read settings: %v\n%s", err, said.String())
			}
			var want []settingsRead
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			for i, c := range cases {
				compareSettings(t, generation, c, want[i])
			}
		})
	}
}

// configure makes up a configuration.
func configure(random *rand.Rand, generation int) configured {
	c := configured{Env: map[string]string{}, files: map[string]string{}}
	chance := func(percent int) bool { return random.IntN(100) < percent }
	var dotenv, prefectToml, pyproject, first, second strings.Builder
	for _, s := range compared {
		if generation == 2 && (s.name == prefect.APIAuthString || s.name == prefect.CustomHeaders) {
			continue
		}
		c.Names = append(c.Names, s.name)
		text := func(place string) string {
			if chance(5) && (s.name == prefect.APIURL || s.name == prefect.APIKey) {
				return ""
			}
			return strings.ReplaceAll(s.text, "%s", place)
		}
		if chance(20) {
			name := s.name
			if chance(10) {
				name = strings.ToLower(name)
			}
			c.Env[name] = text("environment")
		}
		if chance(20) {
			fmt.Fprintf(&dotenv, pickOf(random, "%s=%s\n", "export %s='%s'\n", "%s = '%s' # why\n"), s.name, text("dotenv"))
		}
		toml := func(place string) string { return strings.ReplaceAll(s.toml, "%s", place) }
		if chance(20) {
			fmt.Fprintf(&prefectToml, "%s = %s\n", s.table, toml("prefect-toml"))
		}
		if chance(20) {
			fmt.Fprintf(&pyproject, "tool.prefect.%s = %s\n", s.table, toml("pyproject"))
		}
		for _, profile := range []*strings.Builder{&first, &second} {
			if chance(40) {
				fmt.Fprintf(profile, "%s = '%s'\n", s.name, text("profile"))
			}
		}
	}
	if chance(80) {
		c.files["dir/.env"] = dotenv.String()
	}
	if chance(80) {
		c.files["dir/prefect.toml"] = prefectToml.String()
	}
	if chance(80) {
		c.files["dir/pyproject.toml"] = pyproject.String()
	}
	profiles := "[profiles.first]\n" + first.String() + "[profiles.second]\n" + second.String()
	if chance(80) {
		profiles = "active = '" + pickOf(random, "first", "second", "local", "gone") + "'\n" + profiles
	}
	switch random.IntN(5) {
	case 0: // no profiles
	case 1:
		c.files["elsewhere/profiles.toml"] = profiles
		c.Env[prefect.HomePath] = "{root}/elsewhere"
	case 2:
		c.files["elsewhere/mine.toml"] = profiles
		c.Env[prefect.ProfilesPath] = "{root}/elsewhere/mine.toml"
	default:
		c.files["home/.prefect/profiles.toml"] = profiles
	}
	if chance(30) {
		c.Env[prefect.ProfileName] = pickOf(random, "first", "second", "gone", "local")
	}
	return c
}

func pickOf(random *rand.Rand, choices ...string) string { return choices[random.IntN(len(choices))] }

func (c *configured) write(t *testing.T, root string) {
	t.Helper()
	c.Dir, c.Home = filepath.Join(root, "dir"), filepath.Join(root, "home")
	for _, dir := range []string{c.Dir, c.Home} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range c.files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, v := range c.Env {
		c.Env[name] = strings.ReplaceAll(v, "{root}", root)
	}
}

func compareSettings(t *testing.T, generation int, c configured, want settingsRead) {
	t.Helper()
	complain := func(format string, args ...any) {
		t.Errorf("%s\nenvironment %v\nfiles %v", fmt.Sprintf(format, args...), c.Env, c.files)
	}
	s, err := prefect.LoadSettings(c.Env, c.Dir, c.Home, prefect.Options{Generation: generation})
	if err != nil || want.Error != "" {
		if (err == nil) != (want.Error == "") {
			complain("prefectc says %v, prefect %q", err, want.Error)
		}
		return
	}
	if generation == 2 && s.Profile != want.Profile { // Prefect 3 names one profile and reads another where the file lacks a built-in one
		complain("the profile is %q, prefect takes %q", s.Profile, want.Profile)
	}
	got := valuesOf(s)
	for _, name := range c.Names {
		v := want.Values[name]
		if name == prefect.SSLCertFile && v == nil {
			v = ""
		}
		if g, w := fmt.Sprint(got[name]), fmt.Sprint(v); g != w && !(w == "<nil>" && g == "") {
			complain("%s is %q, prefect has %q", name, g, w)
		}
	}
}

// valuesOf are the settings as the script writes them.
func valuesOf(s prefect.Settings) map[string]any {
	headers := map[string]any{}
	for name, v := range s.Headers {
		headers[name] = v.Reveal()
	}
	codes := slices.Sorted(slices.Values(s.ExtraCodes))
	return map[string]any{
		prefect.APIURL: s.URL, prefect.APIKey: s.Key.Reveal(), prefect.APIAuthString: s.AuthString.Reveal(),
		prefect.TLSInsecure: s.SkipVerify, prefect.SSLCertFile: s.CertFile, prefect.RequestTimeout: s.Timeout.Seconds(),
		prefect.MaxRetries: s.MaxRetries, prefect.CustomHeaders: maps.Clone(headers), prefect.RetryExtraCodes: codes,
		prefect.CSRFSupport: s.CSRF, prefect.DefaultWorkPool: s.DefaultPool,
	}
}
