package prefect

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"
)

const (
	idleConnections = 32               // kept open to the API for reuse
	keepAlive       = 25 * time.Second // Prefect Cloud closes idle connections after 30 s
	maxRedirects    = 20               // as Prefect's HTTP library
)

// newTransport makes the connections: certificates, proxies, reuse.
func newTransport(s *Settings) (*http.Transport, error) {
	t := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: s.SkipVerify} //nolint:gosec // the user's setting
	if s.CertFile != "" && !s.SkipVerify {
		pem, err := os.ReadFile(s.CertFile)
		if err != nil {
			return nil, fmt.Errorf("cannot read the certificate file %q (%s): %w", s.CertFile, s.Where(SSLCertFile), reason(err))
		}
		t.RootCAs = x509.NewCertPool()
		if !t.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("the certificate file %q (%s) holds no PEM certificate", s.CertFile, s.Where(SSLCertFile))
		}
	}
	proxy, err := newProxy(s.Proxy)
	if err != nil {
		return nil, err
	}
	return &http.Transport{
		Proxy:               proxy,
		DialContext:         (&net.Dialer{Timeout: s.Timeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:     t,
		TLSHandshakeTimeout: s.Timeout,
		MaxIdleConns:        2 * idleConnections,
		MaxIdleConnsPerHost: idleConnections,
		IdleConnTimeout:     keepAlive,
	}, nil
}

// newProxy chooses the proxy of a request. The loopback interface is never proxied.
func newProxy(p Proxy) (func(*http.Request) (*url.URL, error), error) {
	config := httpproxy.Config{HTTPProxy: p.HTTP, HTTPSProxy: p.HTTPS, NoProxy: p.None}
	if config.HTTPProxy == "" {
		config.HTTPProxy = p.All
	}
	if config.HTTPSProxy == "" {
		config.HTTPSProxy = p.All
	}
	choose := config.ProxyFunc()
	for scheme, address := range map[string]string{"http": config.HTTPProxy, "https": config.HTTPSProxy} {
		if address == "" {
			continue
		}
		if _, err := choose(&url.URL{Scheme: scheme, Host: "proxy.invalid"}); err != nil {
			return nil, fmt.Errorf("the proxy address %q in the environment is not a web address", withoutPassword(address))
		}
	}
	return func(r *http.Request) (*url.URL, error) { return choose(r.URL) }, nil
}

// proxySecrets are the passwords in the proxy addresses.
func proxySecrets(p Proxy) (secrets []string) {
	for _, address := range []string{p.HTTP, p.HTTPS, p.All} {
		if address != "" && !strings.Contains(address, "://") {
			address = "http://" + address
		}
		if u, err := url.Parse(address); err == nil && u.User != nil {
			if password, ok := u.User.Password(); ok {
				secrets = append(secrets, password)
			}
		}
	}
	return secrets
}

// lostMethodError is a redirect that would turn a write into a read: nothing would be written and nobody would know.
type lostMethodError struct{ method, target string }

func (e *lostMethodError) Error() string {
	return fmt.Sprintf("it redirects %s to %s, which would lose the content", e.method, e.target)
}

// checkRedirect follows redirects as Prefect's client does, except that a write is never turned into a read, and that no credentials go to
// another origin.
func (c *Client) checkRedirect(next *http.Request, via []*http.Request) error {
	if len(via) >= maxRedirects {
		return errors.New("it redirects without end")
	}
	first := via[0]
	if next.Method != first.Method {
		return &lostMethodError{first.Method, withoutPassword(next.URL.String())}
	}
	upgraded := next.URL.Hostname() == first.URL.Hostname() && first.URL.Scheme == "http" && next.URL.Scheme == "https"
	if same := next.URL.Scheme == first.URL.Scheme && next.URL.Host == first.URL.Host; !same && !upgraded {
		for name := range c.header {
			if name != "User-Agent" && name != apiVersionHeader {
				next.Header.Del(name)
			}
		}
		next.Header.Del(csrfTokenHeader)
		next.Header.Del(csrfClientHeader)
	}
	return nil
}
