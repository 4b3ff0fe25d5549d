package prefect

import "strconv"

// Kind is the kind of place a setting comes from.
type Kind int

// The places, lowest priority first.
const (
	Default     Kind = iota // nobody set it
	Profile                 // a profile in profiles.toml
	Pyproject               // [tool.prefect] in pyproject.toml, generation 3
	PrefectToml             // prefect.toml, generation 3
	Dotenv                  // .env, generation 3
	Environment             // an environment variable
)

// Origin is where the value of a setting was read.
type Origin struct {
	Kind    Kind
	Key     string // as written there: PREFECT_API_URL, api.url
	File    string // path for people, with ~ for the home directory; "" for the environment
	Profile string // name of the profile, when Kind is Profile
}

// String names the place for people: `profile "dev" in ~/.prefect/profiles.toml`.
func (o Origin) String() string {
	switch o.Kind {
	case Environment:
		return "the environment"
	case Dotenv, PrefectToml:
		return o.Key + " in " + o.File
	case Pyproject:
		return "[tool.prefect] " + o.Key + " in " + o.File
	case Profile:
		if o.File == "" {
			return "Prefect's built-in profile " + strconv.Quote(o.Profile)
		}
		return "profile " + strconv.Quote(o.Profile) + " in " + o.File
	}
	return "the default"
}

// setting is one setting this package knows.
type setting struct {
	name    string   // its PREFECT_… name
	aliases []string // other names in the environment and in profiles, weaker first come last
	table   string   // its key in prefect.toml, "" when there is none
	since   int      // generation that introduced it, 0 for both
	until   int      // last generation that knows it, 0 for ever
}

// The settings, by their canonical names.
const (
	APIURL            = "PREFECT_API_URL"
	APIKey            = "PREFECT_API_KEY"
	APIAuthString     = "PREFECT_API_AUTH_STRING"
	CustomHeaders     = "PREFECT_CLIENT_CUSTOM_HEADERS"
	SSLCertFile       = "PREFECT_API_SSL_CERT_FILE"
	TLSInsecure       = "PREFECT_API_TLS_INSECURE_SKIP_VERIFY"
	RequestTimeout    = "PREFECT_API_REQUEST_TIMEOUT"
	MaxRetries        = "PREFECT_CLIENT_MAX_RETRIES"
	RetryExtraCodes   = "PREFECT_CLIENT_RETRY_EXTRA_CODES"
	RetryJitterFactor = "PREFECT_CLIENT_RETRY_JITTER_FACTOR"
	CSRFSupport       = "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED"
	DefaultWorkPool   = "PREFECT_DEFAULT_WORK_POOL_NAME"
	UIURL             = "PREFECT_UI_URL"
	CloudAPIURL       = "PREFECT_CLOUD_API_URL"
	CloudUIURL        = "PREFECT_CLOUD_UI_URL"
	Ephemeral         = "PREFECT_SERVER_EPHEMERAL_ENABLED"
	ExperimentalEvent = "PREFECT_EXPERIMENTAL_EVENTS"
	HomePath          = "PREFECT_HOME"
	ProfilesPath      = "PREFECT_PROFILES_PATH"
	ProfileName       = "PREFECT_PROFILE"
)

// catalogue lists the settings of both generations.
func catalogue() []setting {
	return []setting{
		{name: APIURL, table: "api.url"},
		{name: APIKey, table: "api.key"},
		{name: APIAuthString, table: "api.auth_string", since: 3},
		{name: CustomHeaders, table: "client.custom_headers", since: 3},
		{name: SSLCertFile, table: "api.ssl_cert_file"},
		{name: TLSInsecure, table: "api.tls_insecure_skip_verify"},
		{name: RequestTimeout, table: "api.request_timeout"},
		{name: MaxRetries, table: "client.max_retries"},
		{name: RetryExtraCodes, table: "client.retry_extra_codes"},
		{name: RetryJitterFactor, table: "client.retry_jitter_factor"},
		{name: CSRFSupport, table: "client.csrf_support_enabled"},
		{name: DefaultWorkPool, table: "deployments.default_work_pool_name", aliases: []string{"PREFECT_DEPLOYMENTS_DEFAULT_WORK_POOL_NAME"}},
		{name: UIURL, table: "ui_url"},
		{name: CloudAPIURL, table: "cloud.api_url"},
		{name: CloudUIURL, table: "cloud.ui_url"},
		{name: Ephemeral, table: "server.ephemeral.enabled", aliases: []string{"PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"}, since: 3},
		{name: ExperimentalEvent, until: 2},
		{name: HomePath, table: "home"},
	}
}

// names are the spellings under which a generation looks a setting up, strongest first.
func (s setting) names(generation int) []string {
	switch {
	case generation == 2 && s.name == CloudAPIURL: // the old name wins, as in Prefect 2
		return []string{"PREFECT_CLOUD_URL", s.name}
	case generation == 2:
		return []string{s.name}
	case s.name == DefaultWorkPool: // Prefect 3 looks for the new name first
		return append(append([]string{}, s.aliases...), s.name)
	}
	return append([]string{s.name}, s.aliases...)
}

func (s setting) known(generation int) bool {
	return (s.since == 0 || generation >= s.since) && (s.until == 0 || generation <= s.until)
}
