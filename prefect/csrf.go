package prefect

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

const (
	csrfTokenHeader  = "Prefect-Csrf-Token"
	csrfClientHeader = "Prefect-Csrf-Client"
)

// csrf is the token that a server with CSRF protection wants with every write.
type csrf struct {
	client string // random name of this client

	hold    chan struct{} // holds one item while a token is fetched, so that concurrent writes share one
	off     bool          // not wanted, or the server has none
	token   string
	expires time.Time
}

// csrfHeader is the token for a write, fetched when there is none that holds. Nil when none is needed.
func (c *Client) csrfHeader(ctx context.Context, r *request) (http.Header, error) {
	if r.method == http.MethodGet || r.method == http.MethodHead {
		return nil, nil
	}
	select {
	case c.csrf.hold <- struct{}{}:
		defer func() { <-c.csrf.hold }()
	case <-ctx.Done():
		return nil, c.connectionError(r, ctx.Err(), 0)
	}
	if c.csrf.off {
		return nil, nil
	}
	if c.csrf.token == "" || !c.csrf.expires.IsZero() && c.clock.Now().After(c.csrf.expires) {
		if err := c.fetchToken(ctx); err != nil {
			return nil, err
		}
		if c.csrf.off {
			return nil, nil
		}
	}
	return http.Header{csrfTokenHeader: {c.csrf.token}, csrfClientHeader: {c.csrf.client}}, nil
}

// fetchToken asks for a token. A server without the endpoint or with the protection switched off gets no more questions.
func (c *Client) fetchToken(ctx context.Context) error {
	path := "/csrf-token?client=" + url.QueryEscape(c.csrf.client)
	doc, _, err := callJSON[*value.Map](ctx, c, http.MethodGet, path, nil)
	if err != nil {
		var answer *Error
		if errors.As(err, &answer) {
			disabled := answer.Status == http.StatusUnprocessableEntity && strings.Contains(answer.Detail.String(), "CSRF protection is disabled")
			if disabled || answer.Status == http.StatusNotFound {
				c.csrf.off = true
				return nil
			}
		}
		return err
	}
	token := text(doc, "token")
	if token == "" {
		return c.badAnswer(http.MethodGet, "/csrf-token", nil, "there is no token in it")
	}
	c.secrets.Add(token)
	c.csrf.token, c.csrf.expires = token, time.Time{}
	if expires, err := time.Parse(time.RFC3339Nano, text(doc, "expiration")); err == nil {
		c.csrf.expires = expires
	}
	return nil
}

// staleToken reports that the server no longer accepts the token a request was sent with; the token is then forgotten, unless another request
// has already replaced it.
func (c *Client) staleToken(ctx context.Context, got *answer, sent http.Header) bool {
	if got.status != http.StatusForbidden || sent == nil || !strings.Contains(string(got.body), "Invalid CSRF token") {
		return false
	}
	select {
	case c.csrf.hold <- struct{}{}:
		defer func() { <-c.csrf.hold }()
	case <-ctx.Done():
		return true
	}
	if c.csrf.token == sent.Get(csrfTokenHeader) {
		c.csrf.token = ""
	}
	return true
}

// newUUID is a random UUID, version 4.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
