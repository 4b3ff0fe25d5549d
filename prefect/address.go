package prefect

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/prefectc/prefectc/compiler/pattern"
)

var cloudAPIHost = pattern.New(`^https://api[.\w]*.prefect.[^.]+/`)

// deriveUI finds the web interface that belongs to the API, unless it was given.
func (s *Settings) deriveUI() {
	if s.CloudUIURL == "" {
		s.CloudUIURL = s.CloudURL
		standard := strings.HasPrefix(s.CloudURL, "https://api.prefect.cloud")
		if standard || s.Generation >= 3 && cloudAPIHost.MatchString(s.CloudURL) {
			s.CloudUIURL = strings.Replace(s.CloudUIURL, "https://api", "https://app", 1)
		}
		s.CloudUIURL = strings.TrimSuffix(s.CloudUIURL, "/api")
	}
	if _, given := s.origins[UIURL]; given || s.URL == "" {
		return
	}
	ui := s.URL
	if s.Cloud() {
		ui = strings.ReplaceAll(ui, s.CloudURL, s.CloudUIURL)
	}
	ui = strings.TrimSuffix(ui, "/api")
	for _, part := range [][2]string{{"/api/", "/"}, {"/accounts/", "/account/"}, {"/workspaces/", "/workspace/"}} {
		ui = strings.ReplaceAll(ui, part[0], part[1]) // in turn: the parts share their slashes
	}
	s.UIURL = ui
}

// urlWarnings says what looks wrong with the API URL, before any request is made.
func (s *Settings) urlWarnings() []string {
	if s.URL == "" {
		return nil
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		return nil // New refuses it
	}
	where, shown := s.Where(APIURL), s.ShownURL()
	var warnings []string
	warn := func(format string, args ...any) {
		warnings = append(warnings, fmt.Sprintf("%s is %q: ", where, shown)+fmt.Sprintf(format, args...))
	}
	const example = "https://api.prefect.cloud/api/accounts/ACCOUNT-ID/workspaces/WORKSPACE-ID"
	path := u.EscapedPath()
	switch host := u.Hostname(); {
	case host == "app.prefect.cloud":
		warn("this is the web interface; the API is %s", example)
	case strings.Contains(path, "/account/"):
		warn("the path has /account/ where the API has /accounts/")
	case strings.Contains(path, "/workspace/"):
		warn("the path has /workspace/ where the API has /workspaces/")
	case host == "api.prefect.cloud" && !strings.HasPrefix(path, "/api"):
		warn("the path should begin with /api: %s", example)
	case s.Cloud() && (!strings.Contains(path, "/accounts/") || !strings.Contains(path, "/workspaces/")):
		warn("it names no workspace; a whole one is %s", example)
	case s.Cloud() && s.Key == "":
		warn("Prefect Cloud needs an API key and %s is not set", APIKey)
	}
	return warnings
}

// checkURL refuses what cannot be an API address.
func (s *Settings) checkURL() (*url.URL, error) {
	if s.URL == "" {
		return nil, fmt.Errorf("no Prefect API is configured; set %s or choose a profile that does", APIURL)
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("%s is %q, which is not a web address; one looks like http://127.0.0.1:4200/api", s.Where(APIURL), s.ShownURL())
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("%s is %q with a query or fragment after it, which an API address cannot have", s.Where(APIURL), s.ShownURL())
	}
	return u, nil
}
