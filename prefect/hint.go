package prefect

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// answerError makes the error of an unsuccessful answer.
func (c *Client) answerError(r *request, answer *answer, attempts int) error {
	detail := parseDetail(answer.header.Get("Content-Type"), answer.body)
	detail.Text = c.secrets.Redact(detail.Text)
	for i := range detail.Problems {
		detail.Problems[i].Path = c.secrets.Redact(detail.Problems[i].Path)
		detail.Problems[i].Message = c.secrets.Redact(detail.Problems[i].Message)
	}
	e := &Error{Method: r.method, Path: c.secrets.Redact(r.path), URL: c.shown, Status: answer.status, Detail: detail, Attempts: attempts}
	// FastAPI says "Not Found" when no route matches; Prefect names what it did not find.
	noRoute := answer.status == http.StatusNotFound && (!detail.JSON || len(detail.Problems) == 0 && strings.EqualFold(detail.Text, "Not Found"))
	e.Missing = answer.status == http.StatusNotFound && !noRoute
	e.Hint = c.secrets.Redact(c.hint(e, noRoute))
	return e
}

func (c *Client) hint(e *Error, noRoute bool) string {
	where := c.settings.Where(APIURL)
	switch {
	case e.Status == http.StatusForbidden && strings.Contains(strings.ToLower(e.Detail.Text), "csrf"):
		if !c.settings.CSRF {
			return c.settings.Where(CSRFSupport) + " is off, but this server wants CSRF tokens; turn it on"
		}
		if !c.rootedInAPI() { // no token endpoint was found here
			return fmt.Sprintf("is this the API's address? it usually ends in /api: %s (%s)", c.shown+"/api", where)
		}
		return "a proxy may be dropping the Prefect-Csrf-Token header"
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		return c.authHint(e.Status)
	case e.Status == http.StatusProxyAuthRequired:
		return "the proxy wants a user and password; put them into HTTPS_PROXY or HTTP_PROXY"
	case noRoute && !c.rootedInAPI():
		return fmt.Sprintf("is this the API's address? it usually ends in /api: %s (%s)", c.shown+"/api", where)
	case noRoute && c.settings.Cloud() && !strings.Contains(c.settings.URL, "/workspaces/"):
		return "the address names no workspace; a whole one is " + c.settings.CloudURL + "/accounts/ACCOUNT-ID/workspaces/WORKSPACE-ID (" + where + ")"
	case noRoute && c.settings.Cloud():
		return "is there such an account and workspace, and does the key belong to it? (" + where + ")"
	case noRoute:
		return "is this the API's address? (" + where + ")"
	case e.Status == http.StatusMethodNotAllowed:
		return "is this the API's address? it usually ends in /api (" + where + ")"
	case e.Status >= 500 && e.Detail.HTML:
		return "a proxy in front of the API answered"
	}
	return ""
}

func (c *Client) rootedInAPI() bool { return strings.Contains(c.base.Path+"/", "/api/") }

func (c *Client) authHint(status int) string {
	used := ""
	switch {
	case c.base.User != nil:
		used = "the user and password in " + c.settings.Where(APIURL)
	case c.settings.AuthString != "":
		used = c.settings.Where(APIAuthString)
	case c.settings.Key != "":
		used = c.settings.Where(APIKey)
	}
	switch {
	case used == "" && c.settings.Cloud():
		return "set " + APIKey + " to an API key of this workspace"
	case used == "":
		return "no credentials were sent; set " + APIAuthString + " to user:password, or " + APIKey
	case status == http.StatusForbidden:
		return used + " was accepted but may not do this; it needs more rights, or belongs to another workspace"
	case c.settings.Cloud() && c.settings.AuthString != "":
		return used + " was sent instead of an API key; Prefect Cloud takes only " + APIKey
	}
	return used + " was not accepted; it may be wrong, expired, or meant for another server"
}

// connectionError makes the error of a request that got no whole answer.
func (c *Client) connectionError(r *request, err error, attempts int) error {
	e := &ConnectionError{Method: r.method, Path: c.secrets.Redact(r.path), URL: c.shown, Attempts: attempts, cause: err}
	where := c.settings.Where(APIURL)
	reason, hint := explain(err, c.settings.Timeout)
	switch hint {
	case hintStart:
		e.Hint = fmt.Sprintf("is the server running? the address is %s", where)
	case hintName:
		e.Hint = fmt.Sprintf("check the host name in %s", where)
	case hintTLS:
		e.Hint = fmt.Sprintf("set %s to the PEM file of the authority that signed it", SSLCertFile)
		if c.settings.CertFile != "" {
			e.Hint = fmt.Sprintf("it is not signed by an authority in %q (%s)", c.settings.CertFile, c.settings.Where(SSLCertFile))
		}
	case hintScheme:
		e.Hint = fmt.Sprintf("the server speaks plain HTTP; change https:// to http:// in %s", where)
	case hintTimeout:
		e.Hint = fmt.Sprintf("%s sets how long to wait", RequestTimeout)
	case hintRedirect:
		e.Hint = fmt.Sprintf("set %s to the address it redirects to (now %s)", APIURL, where)
	}
	e.Reason, e.Hint = c.secrets.Redact(reason), c.secrets.Redact(e.Hint)
	return e
}

type hintKind int

const (
	hintNone hintKind = iota
	hintStart
	hintName
	hintTLS
	hintScheme
	hintTimeout
	hintRedirect
)

// explain says in a few words why a request got no answer. It never repeats the URL, which may hold a password.
func explain(err error, timeout time.Duration) (string, hintKind) {
	var (
		inURL     *url.Error
		dns       *net.DNSError
		unknown   x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
		name      x509.HostnameError
		verify    *tls.CertificateVerificationError
		notTLS    tls.RecordHeaderError
		operation *net.OpError
		lost      *lostMethodError
	)
	if errors.As(err, &inURL) {
		err = inURL.Err
	}
	switch {
	case errors.As(err, &lost):
		return lost.Error(), hintRedirect
	case errors.As(err, &dns):
		return fmt.Sprintf("the host name %q is not known", dns.Name), hintName
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused", hintStart
	case errors.As(err, &name):
		return "its certificate is for another host name: " + plain(name.Error()), hintNone
	case errors.As(err, &unknown):
		return "its certificate is signed by an unknown authority", hintTLS
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate has expired or is not yet valid", hintNone
	case errors.As(err, &verify):
		return "its certificate cannot be verified: " + plain(verify.Err.Error()), hintTLS
	case errors.As(err, &notTLS), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "it does not speak TLS", hintScheme
	case errors.Is(err, context.Canceled):
		return "interrupted", hintNone
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, errTimeout):
		return fmt.Sprintf("no answer within %s", timeout), hintTimeout
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed before the answer was complete", hintNone
	case errors.As(err, &operation):
		return plain(operation.Op + ": " + operation.Err.Error()), hintStart
	}
	return plain(err.Error()), hintNone
}
