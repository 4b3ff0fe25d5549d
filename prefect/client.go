package prefect

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

// serverAPIVersion is the version of the API that Prefect 2.20 and 3.8 send.
const serverAPIVersion = "0.8.4"

const (
	apiVersionHeader = "X-Prefect-Api-Version" // canonical form of X-PREFECT-API-VERSION
	maxAnswer        = 256 << 20               // bytes; a larger answer is refused
)

// Client speaks to one Prefect API. It is safe for concurrent use.
type Client struct {
	settings Settings
	base     *url.URL // with user, for hints; requests carry an Authorization header instead
	shown    string   // base for messages
	header   http.Header
	http     *http.Client
	clock    Clock
	notify   func(string)
	random   func() float64
	secrets  *Secrets
	retry    map[int]bool
	csrf     csrf

	connected atomic.Bool  // an answer came at least once
	served    atomic.Int64 // requests that succeeded
	gate      *gate        // of writes

	version struct {
		sync.Mutex
		generation int
		text       string
	}
}

// Clock tells the time and waits; tests have one of their own.
type Clock interface {
	Now() time.Time
	// Sleep waits for d, or until ctx is done, whose error it then returns.
	Sleep(ctx context.Context, d time.Duration) error
}

// Extra is what a Client can be given besides its settings. The zero value is fine.
type Extra struct {
	UserAgent string            // default "prefectc (API 0.8.4)"
	Notify    func(string)      // told about retries; the text has no secrets. May be called concurrently
	Clock     Clock             // default the system's
	Random    func() float64    // in [0, 1), for jitter; default math/rand
	Secrets   *Secrets          // where to register secrets; default a new one
	Transport http.RoundTripper // default one made from the settings
}

// New makes a client. It makes no request; it fails when the settings cannot work: no or malformed URL, unreadable certificates.
func New(s Settings, extra Extra) (*Client, error) {
	base, err := s.checkURL()
	if err != nil {
		return nil, err
	}
	c := &Client{
		settings: s, base: base, shown: s.ShownURL(), clock: extra.Clock, notify: extra.Notify,
		random: extra.Random, secrets: extra.Secrets, retry: map[int]bool{},
	}
	c.fillDefaults()
	c.registerSecrets()
	for _, code := range append([]int{http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable}, s.ExtraCodes...) {
		c.retry[code] = true
	}
	c.setHeaders(extra.UserAgent)
	transport := extra.Transport
	if transport == nil {
		if transport, err = newTransport(&c.settings); err != nil {
			return nil, err
		}
	}
	c.http = &http.Client{Transport: transport, CheckRedirect: c.checkRedirect}
	c.gate = newGate()
	c.csrf.hold = make(chan struct{}, 1)
	c.csrf.off = !s.CSRF || s.Cloud()
	c.csrf.client = newUUID()
	return c, nil
}

func (c *Client) fillDefaults() {
	if c.clock == nil {
		c.clock = systemClock{}
	}
	if c.notify == nil {
		c.notify = func(string) {}
	}
	if c.random == nil {
		c.random = systemRandom
	}
	if c.secrets == nil {
		c.secrets = &Secrets{}
	}
	if c.settings.Timeout <= 0 {
		c.settings.Timeout = 60 * time.Second
	}
}

func (c *Client) registerSecrets() {
	c.secrets.Add(c.settings.Key.Reveal())
	auth := c.settings.AuthString.Reveal()
	c.secrets.Add(auth)
	if _, password, ok := strings.Cut(auth, ":"); ok {
		c.secrets.Add(password)
	}
	if password, ok := c.base.User.Password(); ok {
		c.secrets.Add(password)
		c.secrets.Add(c.base.User.Username() + ":" + password)
	} else if c.base.User != nil {
		c.secrets.Add(c.base.User.Username())
	}
	for _, v := range c.settings.Headers {
		c.secrets.Add(v.Reveal())
		if _, token, ok := strings.Cut(v.Reveal(), " "); ok { // Bearer TOKEN
			c.secrets.Add(token)
		}
	}
	for _, password := range proxySecrets(c.settings.Proxy) {
		c.secrets.Add(password)
	}
}

// setHeaders prepares the headers of every request. A user in the URL wins over the auth string, which wins over the key.
func (c *Client) setHeaders(agent string) {
	if agent == "" {
		agent = "prefectc (API " + serverAPIVersion + ")"
	}
	c.header = http.Header{}
	c.header.Set(apiVersionHeader, serverAPIVersion)
	c.header.Set("Accept", "application/json")
	if c.settings.AuthString != "" {
		c.header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(c.settings.AuthString.Reveal())))
	} else if c.settings.Key != "" {
		c.header.Set("Authorization", "Bearer "+c.settings.Key.Reveal())
	}
	for name, v := range c.settings.Headers {
		switch strings.ToLower(name) {
		case "user-agent", strings.ToLower(csrfTokenHeader), strings.ToLower(csrfClientHeader):
			c.notify(fmt.Sprintf("header %q in %s is ignored: the client sets it itself", name, c.settings.Where(CustomHeaders)))
		default:
			c.header.Set(name, v.Reveal())
		}
	}
	if u := c.base.User; u != nil {
		password, _ := u.Password()
		c.header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)))
	}
	c.header.Set("User-Agent", agent)
}

// Settings are those the client was made with.
func (c *Client) Settings() Settings { return c.settings }

// Redact takes every known secret out of a text.
func (c *Client) Redact(text string) string { return c.secrets.Redact(text) }

// Close drops idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// request is one call of the API.
type request struct {
	method string
	path   string // escaped, begins with "/", may end in a query
	body   []byte // JSON, nil for none

	fragile bool // carried out twice it has another effect than once
}

// answer is what came back, read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// call sends a request, with retries, and returns the successful answer.
func (c *Client) call(ctx context.Context, method, path string, body value.Value) (*answer, error) {
	return c.exchange(ctx, &request{method: method, path: path}, body)
}

// exchange sends a request with a body, nil for none.
func (c *Client) exchange(ctx context.Context, r *request, body value.Value) (*answer, error) {
	if body != nil {
		text, err := value.JSON(body)
		if err != nil {
			return nil, fmt.Errorf("cannot encode the body of %s %s: %w", r.method, r.path, err)
		}
		r.body = text
	}
	return c.send(ctx, r)
}

// callJSON is call for answers that must be JSON of type T.
func callJSON[T value.Value](ctx context.Context, c *Client, method, path string, body value.Value) (T, *answer, error) {
	r := &request{method: method, path: path}
	got, err := c.exchange(ctx, r, body)
	if err != nil {
		var none T
		return none, nil, err
	}
	doc, err := readJSON[T](c, r, got)
	return doc, got, err
}

// readJSON reads an answer that must be JSON of type T.
func readJSON[T value.Value](c *Client, r *request, got *answer) (T, error) {
	var none T
	v, err := value.FromJSON(got.body)
	if err != nil {
		return none, c.badAnswer(r.method, r.path, got, "it is not JSON")
	}
	typed, ok := v.(T)
	if !ok {
		return none, c.badAnswer(r.method, r.path, got, fmt.Sprintf("it is a %s", value.TypeName(v)))
	}
	return typed, nil
}

// badAnswer makes the error of an answer that cannot be the API's.
func (c *Client) badAnswer(method, path string, got *answer, reason string) error {
	e := &AnswerError{Method: method, Path: c.secrets.Redact(path), URL: c.shown, Reason: reason}
	if got != nil {
		if d := parseDetail(got.header.Get("Content-Type"), got.body); d.HTML {
			e.Reason = "it is a web page"
		}
	}
	e.Hint = "is this the API's address? (" + c.settings.Where(APIURL) + ")"
	if !c.rootedInAPI() {
		e.Hint = fmt.Sprintf("is this the API's address? it usually ends in /api: %s (%s)", c.shown+"/api", c.settings.Where(APIURL))
	}
	e.Hint = c.secrets.Redact(e.Hint)
	return e
}

// once sends a request one time and reads the whole answer. The timeout holds for every step: connecting, the first byte of the
// answer, and each further part of it.
func (c *Client) once(ctx context.Context, r *request, extra http.Header) (*answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(c.settings.Timeout, func() { cancel(errTimeout) })
	defer timer.Stop()

	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	address := *c.base
	address.User = nil
	req, err := http.NewRequestWithContext(ctx, r.method, address.String()+r.path, body)
	if err != nil {
		return nil, err
	}
	req.Header = c.header.Clone()
	for name, v := range extra {
		req.Header[name] = v
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, timeoutCause(ctx, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(&patient{reader: io.LimitReader(res.Body, maxAnswer+1), timer: timer, timeout: c.settings.Timeout})
	if err != nil {
		return nil, timeoutCause(ctx, err)
	}
	if len(text) > maxAnswer {
		return nil, fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20)
	}
	return &answer{status: res.StatusCode, header: res.Header, body: text}, nil
}

// errTimeout is the cause of a request that waited too long.
var errTimeout = errors.New("timeout")

func timeoutCause(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(cause, errTimeout) {
		return errTimeout
	}
	return err
}

// patient restarts the timer with every part of the answer that comes.
type patient struct {
	reader  io.Reader
	timer   *time.Timer
	timeout time.Duration
}

func (p *patient) Read(buffer []byte) (int, error) {
	n, err := p.reader.Read(buffer)
	if n > 0 {
		p.timer.Reset(p.timeout)
	}
	return n, err
}
