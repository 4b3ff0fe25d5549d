package prefect

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// place is a home directory and a working directory with the given files ("home/…", "dir/…").
func place(t *testing.T, files map[string]string) (dir, home string) {
	t.Helper()
	root := t.TempDir()
	dir, home = filepath.Join(root, "dir"), filepath.Join(root, "home")
	for _, d := range []string{dir, home} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, home
}

const twoProfiles = `active = "a"
[profiles.a]
PREFECT_API_URL = "http://profile-a/api"
PREFECT_DEFAULT_WORK_POOL_NAME = "pool-a"
[profiles.b]
PREFECT_API_URL = "http://profile-b/api"
`

// Each case was compared with the settings of Prefect 2.20.26 and 3.8.8.
func TestTheAPIURLComesFromTheStrongestSource(t *testing.T) {
	profiles := "home/.prefect/profiles.toml"
	all := map[string]string{
		profiles:             twoProfiles,
		"dir/.env":           "PREFECT_API_URL=http://dotenv/api\n",
		"dir/prefect.toml":   "[api]\nurl = \"http://prefect-toml/api\"\n",
		"dir/pyproject.toml": "[tool.prefect.api]\nurl = \"http://pyproject/api\"\n",
	}
	without := func(names ...string) map[string]string {
		rest := map[string]string{}
		for name, content := range all {
			if !slices.Contains(names, name) {
				rest[name] = content
			}
		}
		return rest
	}
	cases := []struct {
		name  string
		env   map[string]string
		files map[string]string
		opts  Options
		want  string
		where string
	}{
		{"environment", map[string]string{APIURL: "http://env/api"}, all, Options{}, "http://env/api", "the environment"},
		{".env", nil, all, Options{}, "http://dotenv/api", "PREFECT_API_URL in .env"},
		{"prefect.toml", nil, without("dir/.env"), Options{}, "http://prefect-toml/api", "api.url in prefect.toml"},
		{"pyproject", nil, without("dir/.env", "dir/prefect.toml"), Options{}, "http://pyproject/api", "[tool.prefect] api.url in pyproject.toml"},
		{"active profile", nil, without("dir/.env", "dir/prefect.toml", "dir/pyproject.toml"), Options{}, "http://profile-a/api", `profile "a" in ~/.prefect/profiles.toml`},
		{"generation 2 reads neither .env nor TOML", nil, all, Options{Generation: 2}, "http://profile-a/api", `profile "a" in ~/.prefect/profiles.toml`},
		{"PREFECT_PROFILE", map[string]string{ProfileName: "b"}, map[string]string{profiles: twoProfiles}, Options{}, "http://profile-b/api", `profile "b" in ~/.prefect/profiles.toml`},
		{"--profile is weaker than the environment in 3", map[string]string{APIURL: "http://env/api"}, all, Options{Profile: "b"}, "http://env/api", "the environment"},
		{"-p is stronger in 3", map[string]string{APIURL: "http://env/api"}, all, Options{Profile: "b", ProfileWins: true}, "http://profile-b/api", `profile "b" in ~/.prefect/profiles.toml`},
		{"--profile is stronger in 2", map[string]string{APIURL: "http://env/api"}, all, Options{Generation: 2, Profile: "b"}, "http://profile-b/api", `profile "b" in ~/.prefect/profiles.toml`},
		{"empty counts as set", map[string]string{APIURL: ""}, all, Options{}, "", "the environment"},
		{"nothing", nil, nil, Options{}, "", "the default"},
		{"built-in profile", map[string]string{ProfileName: "local"}, nil, Options{}, "http://127.0.0.1:4200/api", `Prefect's built-in profile "local"`},
		{"PREFECT_PROFILES_PATH", map[string]string{ProfilesPath: "mine.toml"}, map[string]string{profiles: twoProfiles, "dir/mine.toml": strings.Replace(twoProfiles, `"a"`, `"b"`, 1)}, Options{}, "http://profile-b/api", `profile "b" in mine.toml`},
		{"lower case name in 3", map[string]string{"prefect_api_url": "http://lower/api"}, nil, Options{}, "http://lower/api", "the environment"},
		{"lower case name in 2", map[string]string{"prefect_api_url": "http://lower/api"}, nil, Options{Generation: 2}, "http://lower/api", "the environment"},
		{"built-in profile, but PREFECT_HOME has no profiles", map[string]string{ProfileName: "local", HomePath: "/nowhere"}, nil, Options{}, "", "the default"},
		{"empty PREFECT_PROFILE in 3", map[string]string{ProfileName: ""}, map[string]string{profiles: twoProfiles}, Options{}, "http://profile-a/api", `profile "a" in ~/.prefect/profiles.toml`},
		{"empty PREFECT_PROFILE in 2", map[string]string{ProfileName: ""}, map[string]string{profiles: twoProfiles}, Options{Generation: 2}, "", "the default"},
		{"trailing slash", map[string]string{APIURL: "http://env/api/"}, nil, Options{}, "http://env/api", "the environment"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir, home := place(t, c.files)
			s, err := LoadSettings(c.env, dir, home, c.opts)
			if err != nil {
				t.Fatal(err)
			}
			if s.URL != c.want {
				t.Errorf("URL is %q, want %q", s.URL, c.want)
			}
			if got := s.Where(APIURL); got != APIURL+" from "+c.where {
				t.Errorf("it says %q, want from %q", got, c.where)
			}
		})
	}
}

func TestSettingsOfEveryKind(t *testing.T) {
	dir, home := place(t, map[string]string{"dir/prefect.toml": `
[client]
retry_extra_codes = [500, 504]
custom_headers = { X-Team = "data" }
max_retries = 2
[deployments]
default_work_pool_name = "from-toml"
[server.ephemeral]
enabled = true
`})
	s, err := LoadSettings(map[string]string{
		APIKey: "key-canary-1", APIAuthString: "user:pass-canary-2", RequestTimeout: "7.5", CSRFSupport: "off", TLSInsecure: "YES",
		RetryJitterFactor: "0", "SSL_CERT_FILE": "ca.pem", "https_proxy": "http://p:1", "HTTPS_PROXY": "http://q:1",
	}, dir, home, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(s.Key.Reveal(), s.AuthString.Reveal(), s.Timeout, s.CSRF, s.SkipVerify, s.JitterFactor, s.ExtraCodes, s.Headers["X-Team"].Reveal(), s.MaxRetries, s.DefaultPool, s.Ephemeral, s.Proxy.HTTPS)
	want := fmt.Sprint("key-canary-1", "user:pass-canary-2", 7500*time.Millisecond, false, true, 0.0, []int{500, 504}, "data", 2, "from-toml", true, "http://p:1")
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if s.CertFile != filepath.Join(dir, "ca.pem") {
		t.Errorf("certificate file is %q", s.CertFile)
	}
	for _, printed := range []string{fmt.Sprint(s), fmt.Sprintf("%+v", s), fmt.Sprintf("%#v", s)} {
		if strings.Contains(printed, "canary") {
			t.Errorf("printing the settings shows a secret: %s", printed)
		}
	}
}

func TestBadSettingsSayWhereTheyAre(t *testing.T) {
	cases := []struct {
		name  string
		env   map[string]string
		files map[string]string
		opts  Options
		want  string
	}{
		{"broken profiles", nil, map[string]string{"home/.prefect/profiles.toml": "active = \"a\"\n[profiles.a\n"}, Options{}, "~/.prefect/profiles.toml:2:"},
		{"broken prefect.toml", nil, map[string]string{"dir/prefect.toml": "a = 1\nb = = 2\n"}, Options{}, "prefect.toml:2:5: invalid TOML"},
		{"broken pyproject", nil, map[string]string{"dir/pyproject.toml": "x"}, Options{}, "pyproject.toml:1:"},
		{"wrong type in TOML", nil, map[string]string{"dir/prefect.toml": "[api]\nurl = 3\n"}, Options{}, "PREFECT_API_URL from api.url in prefect.toml must be text, not a number"},
		{"not a number", map[string]string{RequestTimeout: "soon"}, nil, Options{}, `PREFECT_API_REQUEST_TIMEOUT from the environment must be a number of seconds above 0, not "soon"`},
		{"not a boolean", map[string]string{CSRFSupport: "maybe"}, nil, Options{}, `must be true or false, not "maybe"`},
		{"not a code", map[string]string{RetryExtraCodes: "500,x"}, nil, Options{}, `must be status codes from 100 to 599 separated by commas, not "500,x"`},
		{"headers are no JSON", map[string]string{CustomHeaders: "X: canary"}, nil, Options{}, "must be a JSON object of header names and values"},
		{"header with a line break", map[string]string{CustomHeaders: `{"X-A": "canary\r\nX-B: c"}`}, nil, Options{}, `header "X-A" has characters that cannot be sent`},
		{"unknown profile asked for", nil, map[string]string{"home/.prefect/profiles.toml": twoProfiles}, Options{Profile: "zz"}, `profile "zz" does not exist in ~/.prefect/profiles.toml; there are a, b`},
		{"unknown generation", nil, nil, Options{Generation: 4}, "generation 4 is not known"},
		{"a directory for a file", nil, map[string]string{"dir/prefect.toml/x": ""}, Options{}, "prefect.toml: not a regular file"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir, home := place(t, c.files)
			_, err := LoadSettings(c.env, dir, home, c.opts)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want an error with %q", err, c.want)
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

func TestAnUnknownProfileOfTheEnvironmentIsAWarning(t *testing.T) {
	dir, home := place(t, map[string]string{"home/.prefect/profiles.toml": twoProfiles})
	s, err := LoadSettings(map[string]string{ProfileName: "zz"}, dir, home, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := `profile "zz", chosen by PREFECT_PROFILE in the environment, does not exist in ~/.prefect/profiles.toml; the profile "ephemeral" is used`
	if !slices.Contains(s.Warnings, want) || s.Profile != "ephemeral" || !s.Ephemeral || s.URL != "" {
		t.Errorf("got profile %q, URL %q, warnings %q", s.Profile, s.URL, s.Warnings)
	}
}

func TestMistakenAddressesAreNoticedBeforeAnyRequest(t *testing.T) {
	cases := []struct{ url, want string }{
		{"https://app.prefect.cloud/account/1/workspace/2", "this is the web interface; the API is https://api.prefect.cloud/api/accounts/"},
		{"https://api.prefect.cloud/api/account/1/workspaces/2", "/account/ where the API has /accounts/"},
		{"https://api.prefect.cloud/api/accounts/1/workspace/2", "/workspace/ where the API has /workspaces/"},
		{"https://api.prefect.cloud/accounts/1/workspaces/2", "should begin with /api"},
		{"https://api.prefect.cloud/api", "it names no workspace"},
		{"https://api.prefect.cloud/api/accounts/1/workspaces/2", "needs an API key"},
		{"http://127.0.0.1:4200/api", ""},
		{"https://prefect.example.com/api", ""},
	}
	for _, c := range cases {
		s, err := LoadSettings(map[string]string{APIURL: c.url}, t.TempDir(), t.TempDir(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(s.Warnings, "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: warnings are %q, want %q", c.url, got, c.want)
		}
	}
	for _, url := range []string{"", "localhost:4200/api", "ftp://x/api", "http://", "http://h/api?x=1", "http://u:canary@ h/api", "http://u:canary@h:port/api"} {
		s, _ := LoadSettings(map[string]string{APIURL: url}, t.TempDir(), t.TempDir(), Options{})
		if _, err := New(s, Extra{}); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: New gives %v, want an error without the password", url, err)
		}
	}
}

func TestLinksIntoTheWebInterface(t *testing.T) {
	cases := []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{APIURL: "http://127.0.0.1:4200/api"}, "http://127.0.0.1:4200/deployments/deployment/id"},
		{map[string]string{APIURL: "http://u:canary@h/api"}, "http://h/deployments/deployment/id"},
		{map[string]string{APIURL: "https://api.prefect.cloud/api/accounts/1/workspaces/2"}, "https://app.prefect.cloud/account/1/workspace/2/deployments/deployment/id"},
		{map[string]string{APIURL: "http://h/api", UIURL: "https://ui.example/x/"}, "https://ui.example/x/deployments/deployment/id"},
		{map[string]string{APIURL: "https://c.example/api/accounts/1/workspaces/2"}, "https://c.example/account/1/workspace/2/deployments/deployment/id"},
		{nil, ""},
	}
	for _, c := range cases {
		s, err := LoadSettings(c.env, t.TempDir(), t.TempDir(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.UILink("id"); got != c.want {
			t.Errorf("%v: got %q, want %q", c.env, got, c.want)
		}
	}
}
