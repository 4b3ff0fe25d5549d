package prefect

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	connectRetries = 3                // further attempts to connect, before any answer ever came
	maxWait        = 15 * time.Minute // a server that asks for a longer pause is reported instead
	maxCSRFRetries = 2                // new tokens for one request

	maxBusy   = 12                     // attempts at a server that serves others meanwhile, which do not count
	firstBusy = 100 * time.Millisecond // pause before the first of them
	lastBusy  = 2 * time.Second
)

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func systemRandom() float64 { return rand.Float64() }

// attempts counts what has been tried for one request.
type attempts struct {
	sent     int   // all
	counted  int   // those that count against MaxRetries
	connects int   // failed connections before any answer ever came
	tokens   int   // rejected CSRF tokens
	busy     int   // answers of a server that serves others meanwhile
	served   int64 // what the server had served when the last attempt began
}

// send sends a request until it is answered for good. Failures that may pass are retried as Prefect's own client does.
func (c *Client) send(ctx context.Context, r *request) (*answer, error) {
	var tries attempts
	for {
		if err := ctx.Err(); err != nil {
			return nil, c.connectionError(r, err, tries.sent)
		}
		token, err := c.csrfHeader(ctx, r)
		if err != nil {
			return nil, err
		}
		tries.served = c.served.Load()
		got, err := c.admitted(ctx, r, token)
		tries.sent++
		var wait time.Duration
		if err != nil {
			if wait, err = c.afterFailure(ctx, r, err, &tries); err != nil {
				return nil, err
			}
		} else {
			c.connected.Store(true)
			if got.status < 300 {
				c.served.Add(1)
				return got, nil
			}
			if got.status == http.StatusNotFound && r.method == http.MethodDelete && tries.sent > 1 {
				return got, nil // an attempt whose answer was lost had done it
			}
			if c.staleToken(ctx, got, token) && tries.tokens < maxCSRFRetries {
				tries.tokens++
				continue
			}
			if wait, err = c.afterAnswer(r, got, &tries); err != nil {
				return nil, err
			}
		}
		if err := c.clock.Sleep(ctx, wait); err != nil {
			return nil, c.connectionError(r, err, tries.sent)
		}
	}
}

// admitted sends a request one time; writes wait for their turn.
func (c *Client) admitted(ctx context.Context, r *request, token http.Header) (*answer, error) {
	if !r.writes() {
		return c.once(ctx, r, token)
	}
	ticket, err := c.gate.enter(ctx, c.clock.Now)
	if err != nil {
		return nil, err
	}
	got, err := c.once(ctx, r, token)
	busy := err != nil && ctx.Err() == nil || err == nil && (got.status == http.StatusServiceUnavailable || got.status == http.StatusTooManyRequests)
	c.gate.leave(ticket, busy, c.clock.Now())
	return got, err
}

// writes reports whether the request changes anything: reads are made with POST too.
func (r *request) writes() bool {
	return r.method != http.MethodGet && !strings.HasSuffix(r.path, "/filter")
}

// unsureError is a request that may have been carried out, and must not be sent again before that is known.
type unsureError struct{ error }

func (e unsureError) Unwrap() error { return e.error }

// afterFailure decides what follows a request that got no answer: a pause, or the error.
func (c *Client) afterFailure(ctx context.Context, r *request, err error, tries *attempts) (time.Duration, error) {
	if ctx.Err() != nil || lasting(err) {
		return 0, c.connectionError(r, err, tries.sent)
	}
	if connecting(err) && !c.connected.Load() {
		// Nothing ever answered: the address is probably wrong, so say so soon.
		if tries.connects == min(connectRetries, c.settings.MaxRetries) {
			return 0, c.connectionError(r, err, tries.sent)
		}
		wait := time.Duration(0)
		if tries.connects > 0 {
			wait = 500 * time.Millisecond << (tries.connects - 1)
		}
		tries.connects++
		return wait, nil
	}
	if r.fragile && !connecting(err) {
		return 0, unsureError{c.connectionError(r, err, tries.sent)}
	}
	tries.counted++
	if tries.counted > c.settings.MaxRetries {
		return 0, c.connectionError(r, err, tries.sent)
	}
	wait := c.backoff(tries.counted)
	reason, _ := explain(err, c.settings.Timeout)
	c.tell(r, reason, wait)
	return wait, nil
}

// afterAnswer decides what follows an unsuccessful answer: a pause, or the error.
func (c *Client) afterAnswer(r *request, got *answer, tries *attempts) (time.Duration, error) {
	if !c.retry[got.status] {
		return 0, c.answerError(r, got, tries.sent)
	}
	if r.fragile && got.status != http.StatusTooManyRequests {
		return 0, unsureError{c.answerError(r, got, tries.sent)}
	}
	if wait, yes := c.busyWait(got, tries); yes {
		return wait, nil
	}
	maintenance := got.header.Get("Prefect-Maintenance") == "true" // retried without limit
	if !maintenance {
		tries.counted++
	}
	if tries.counted > c.settings.MaxRetries {
		return 0, c.answerError(r, got, tries.sent)
	}
	wait, asked := retryAfter(got.header.Get("Retry-After"), c.clock.Now())
	if asked {
		if wait > maxWait {
			err := c.answerError(r, got, tries.sent)
			var answer *Error
			if errors.As(err, &answer) {
				answer.Hint = fmt.Sprintf("the server asks to wait %s", wait.Round(time.Second))
			}
			return 0, err
		}
		wait += time.Duration(float64(wait) * c.settings.JitterFactor * c.random())
	} else {
		wait = c.backoff(max(tries.counted, 1))
	}
	reason := fmt.Sprintf("answered %d %s", got.status, http.StatusText(got.status))
	if maintenance {
		reason += ", the server is under maintenance"
	}
	c.tell(r, reason, wait)
	return wait, nil
}

// busyWait is the short pause before a request is sent again to a server that is alive - it has served another one since - but could not
// take this one.
func (c *Client) busyWait(got *answer, tries *attempts) (time.Duration, bool) {
	if got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") != "" || c.settings.MaxRetries == 0 ||
		tries.busy == maxBusy || c.served.Load() == tries.served {
		return 0, false
	}
	wait := min(firstBusy<<tries.busy, lastBusy)
	tries.busy++
	return wait/2 + time.Duration(c.random()*float64(wait)), true
}

func (c *Client) tell(r *request, reason string, wait time.Duration) {
	c.notify(c.secrets.Redact(fmt.Sprintf("%s %s: %s; next attempt in %s", r.method, r.path, reason, wait.Round(100*time.Millisecond))))
}

// backoff is the pause before retry n, from 1: 2ⁿ seconds, more or less by the jitter factor.
func (c *Client) backoff(n int) time.Duration {
	seconds := math.Pow(2, float64(min(n, 16)))
	seconds *= math.Max(0, 1+c.settings.JitterFactor*(2*c.random()-1))
	return min(time.Duration(seconds*float64(time.Second)), maxWait)
}

// retryAfter reads a Retry-After header: seconds or an HTTP date.
func retryAfter(header string, now time.Time) (time.Duration, bool) {
	header = strings.TrimSpace(header)
	if header == "" {
		return 0, false
	}
	seconds, err := strconv.ParseFloat(header, 64)
	if err != nil {
		at, err := http.ParseTime(header)
		if err != nil {
			return 0, false
		}
		seconds = at.Sub(now).Seconds()
	}
	if math.IsNaN(seconds) || math.IsInf(seconds, 0) {
		return 0, false
	}
	return time.Duration(math.Min(math.Max(seconds, 0), 1e9) * float64(time.Second)), true
}

// connecting reports that the connection itself could not be made.
func connecting(err error) bool {
	var operation *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.As(err, &operation) && (operation.Op == "dial" || operation.Op == "proxyconnect")
}

// lasting reports a failure that trying again cannot mend.
func lasting(err error) bool {
	var verify *tls.CertificateVerificationError
	var notTLS tls.RecordHeaderError
	var lost *lostMethodError
	text := err.Error()
	return errors.As(err, &verify) || errors.As(err, &notTLS) || errors.As(err, &lost) ||
		strings.Contains(text, "server gave HTTP response to HTTPS client") ||
		strings.Contains(text, "redirects without end") || strings.Contains(text, "the answer is larger than")
}
