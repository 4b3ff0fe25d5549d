package prefect

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Settings say where the API is and how to speak to it. Values print masked where they are secret.
type Settings struct {
	Generation int    // the generation whose rules were used to read them
	Profile    string // name of the profile in effect

	URL        string // as configured, without trailing slash; "" means no API is configured
	CloudURL   string // prefix of URLs that belong to Prefect Cloud
	UIURL      string // of the web interface, given or derived; "" when there is no API
	CloudUIURL string

	Key        Secret            // API key
	AuthString Secret            // user:password
	Headers    map[string]Secret // additional headers

	CertFile     string // PEM file of the certificate authorities to trust instead of the system's
	SkipVerify   bool   // do not check certificates
	Timeout      time.Duration
	MaxRetries   int
	ExtraCodes   []int // further statuses to retry
	JitterFactor float64
	CSRF         bool
	Proxy        Proxy

	DefaultPool string // default work pool; "" when none
	Ephemeral   bool   // Prefect would start a temporary server when URL is ""
	Events      bool   // Prefect 2 creates automations on a server that is not Cloud
	Home        string // Prefect's home directory

	Warnings []string // things a person should know, such as an API URL that looks wrong

	origins map[string]Origin
}

// Proxy is the proxy configuration of the environment, lower-case names first, as Python's clients read it.
type Proxy struct{ HTTP, HTTPS, All, None string }

// Options choose how settings are read.
type Options struct {
	Generation int    // 2 or 3; 0 reads as 3, whose sources include those of 2
	Profile    string // of `prefect --profile`; "" for none
	// ProfileWins lets the profile beat the environment: `prefect -p NAME` of generation 3. Generation 2 always does so when Profile is given.
	ProfileWins bool
}

// Environ turns os.Environ() into the map LoadSettings reads.
func Environ(environ []string) map[string]string {
	env := make(map[string]string, len(environ))
	for _, pair := range environ {
		if name, v, ok := strings.Cut(pair, "="); ok && name != "" {
			env[name] = v
		}
	}
	return env
}

type loader struct {
	reader
	env        map[string]string
	opts       Options
	generation int
	warnings   []string
}

func (l *loader) warn(format string, args ...any) {
	l.warnings = append(l.warnings, fmt.Sprintf(format, args...))
}

// LoadSettings reads the settings as Prefect of the chosen generation does in directory dir, for a user whose home
// directory is home. It reads only env and files below those two or named by settings. A file that cannot be read is an error.
func LoadSettings(env map[string]string, dir, home string, opts Options) (Settings, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Settings{}, err
	}
	l := &loader{reader: reader{dir: dir, home: home}, env: env, opts: opts, generation: opts.Generation}
	switch l.generation {
	case 0:
		l.generation = 3
	case 2, 3:
	default:
		return Settings{}, fmt.Errorf("prefect generation %d is not known; it is 2 or 3", opts.Generation)
	}
	sources, active, err := l.sources()
	if err != nil {
		return Settings{}, err
	}
	s := Settings{Generation: l.generation, Profile: active, origins: map[string]Origin{}}
	if err := s.fill(sources); err != nil {
		return Settings{}, err
	}
	s.complete(l)
	return s, nil
}

// sources are the places settings come from, strongest first, and the name of the profile in effect.
func (l *loader) sources() ([]source, string, error) {
	var dotenv map[string]string
	var prefectToml, pyproject map[string]any
	sources := []source{environmentSource(l.env, l.generation)}
	if l.generation >= 3 {
		text, _, err := l.read(filepath.Join(l.dir, ".env"))
		if err != nil {
			return nil, "", err
		}
		var problems []string
		dotenv, problems = parseDotenv(string(text), l.env)
		for _, problem := range problems {
			l.warn(".env: %s", problem)
		}
		if prefectToml, _, err = l.toml(filepath.Join(l.dir, "prefect.toml")); err != nil {
			return nil, "", err
		}
		if pyproject, _, err = l.toml(filepath.Join(l.dir, "pyproject.toml")); err != nil {
			return nil, "", err
		}
		pyproject = subtable(pyproject, "tool", "prefect")
		sources = append(sources,
			textSource(dotenv, l.generation, Origin{Kind: Dotenv, File: ".env"}),
			tableSource(prefectToml, Origin{Kind: PrefectToml, File: "prefect.toml"}),
			tableSource(pyproject, Origin{Kind: Pyproject, File: "pyproject.toml"}))
	}
	active, err := l.findProfile(l.profilesPath(dotenv, prefectToml, pyproject))
	if err != nil {
		return nil, "", err
	}
	own := profileSource(active.values, l.generation, Origin{Kind: Profile, File: active.file, Profile: active.name})
	if l.opts.Profile != "" && (l.opts.ProfileWins || l.generation == 2) {
		return append([]source{own}, sources...), active.name, nil
	}
	return append(sources, own), active.name, nil
}

// fill sets every setting from the strongest source that has it, or to its default.
func (s *Settings) fill(sources []source) error {
	*s = Settings{
		Generation: s.Generation, Profile: s.Profile, origins: s.origins,
		CloudURL: "https://api.prefect.cloud/api", Timeout: 60 * time.Second, MaxRetries: 5, JitterFactor: 0.2, CSRF: true,
	}
	for _, known := range catalogue() {
		if !known.known(s.Generation) {
			continue
		}
		for _, from := range sources {
			found, ok := from(known)
			if !ok {
				continue
			}
			if err := s.set(known.name, found.value); err != nil {
				return fmt.Errorf("%s from %s %w", known.name, found.origin, err)
			}
			s.origins[known.name] = found.origin
			break
		}
	}
	return nil
}

func (s *Settings) set(name string, v any) (err error) {
	var secret string
	switch name {
	case APIURL:
		s.URL, err = asText(v)
	case APIKey:
		secret, err = asText(v)
		s.Key = Secret(secret)
	case APIAuthString:
		secret, err = asText(v)
		s.AuthString = Secret(secret)
	case CustomHeaders:
		s.Headers, err = asHeaders(v)
	case SSLCertFile:
		s.CertFile, err = asText(v)
	case TLSInsecure:
		s.SkipVerify, err = asBool(v)
	case RequestTimeout:
		s.Timeout, err = asSeconds(v)
	case MaxRetries:
		s.MaxRetries, err = asCount(v)
	case RetryExtraCodes:
		s.ExtraCodes, err = asCodes(v)
	case RetryJitterFactor:
		s.JitterFactor, err = asNumber(v)
	case CSRFSupport:
		s.CSRF, err = asBool(v)
	case DefaultWorkPool:
		s.DefaultPool, err = asText(v)
	case UIURL:
		s.UIURL, err = asText(v)
	case CloudAPIURL:
		s.CloudURL, err = asText(v)
	case CloudUIURL:
		s.CloudUIURL, err = asText(v)
	case Ephemeral:
		s.Ephemeral, err = asBool(v)
	case ExperimentalEvent:
		s.Events, err = asBool(v)
	case HomePath:
		s.Home, err = asText(v)
	}
	return err
}

// complete derives what depends on other settings.
func (s *Settings) complete(l *loader) {
	s.URL = strings.TrimRight(strings.TrimSpace(s.URL), "/")
	if _, set := s.origins[SSLCertFile]; !set {
		if s.CertFile = l.env["SSL_CERT_FILE"]; s.CertFile != "" {
			s.origins[SSLCertFile] = Origin{Kind: Environment, Key: "SSL_CERT_FILE"}
		}
	}
	if s.CertFile != "" {
		s.CertFile = l.abs(s.CertFile)
	}
	if s.Home == "" {
		s.Home = filepath.Join(l.home, ".prefect")
	}
	s.Home = l.abs(s.Home)
	if s.Generation == 2 {
		s.Ephemeral = true // Prefect 2 always falls back to a server in its own process
	}
	s.Proxy = proxyFrom(l.env)
	s.deriveUI()
	s.Warnings = append(l.warnings, s.urlWarnings()...)
}

func proxyFrom(env map[string]string) Proxy {
	get := func(name string) string {
		if v := env[strings.ToLower(name)]; v != "" {
			return v
		}
		return env[name]
	}
	p := Proxy{HTTP: get("HTTP_PROXY"), HTTPS: get("HTTPS_PROXY"), All: get("ALL_PROXY"), None: get("NO_PROXY")}
	if env["REQUEST_METHOD"] != "" { // in CGI, HTTP_PROXY is the request's Proxy header
		p.HTTP = env["http_proxy"]
	}
	return p
}

// Origin is where a setting, given by its PREFECT_… name, came from.
func (s *Settings) Origin(name string) Origin { return s.origins[name] }

// Where names a setting and its place for a message: `PREFECT_API_URL from profile "dev" in ~/.prefect/profiles.toml`.
func (s *Settings) Where(name string) string {
	return name + " from " + s.origins[name].String()
}

// Cloud reports whether the API is Prefect Cloud.
func (s *Settings) Cloud() bool {
	return s.URL != "" && s.CloudURL != "" && strings.HasPrefix(s.URL, s.CloudURL)
}

// ShownURL is the API's URL as it may be printed.
func (s *Settings) ShownURL() string { return withoutPassword(s.URL) }

// UILink is the address of a deployment in the web interface, "" when it is not known.
func (s *Settings) UILink(deploymentID string) string {
	if s.UIURL == "" || deploymentID == "" {
		return ""
	}
	return strings.TrimRight(withoutPassword(s.UIURL), "/") + "/deployments/deployment/" + url.PathEscape(deploymentID)
}

// Local reads the settings of this process: its environment, working directory and home directory.
func Local(opts Options) (Settings, error) {
	dir, err := os.Getwd()
	if err != nil {
		return Settings{}, fmt.Errorf("cannot find the working directory: %w", err)
	}
	home, _ := os.UserHomeDir() // without one there are no profiles, which is no error
	return LoadSettings(Environ(os.Environ()), dir, home, opts)
}
