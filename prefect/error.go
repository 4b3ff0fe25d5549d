package prefect

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// ErrNotFound is matched by errors.Is when the API says that the object asked for does not exist. An address that is not
// an API does not match it.
var ErrNotFound = errors.New("not found")

// ErrNoAutomations is matched when the server has no automations: Prefect 2 without PREFECT_EXPERIMENTAL_EVENTS.
var ErrNoAutomations = errors.New("this server has no automations")

// ErrNoSLAs is matched when the server has no service level agreements: every one that is not Prefect Cloud.
var ErrNoSLAs = errors.New("this server has no service level agreements; Prefect Cloud has them")

// Error is an unsuccessful answer of the API. Its texts contain no secrets.
type Error struct {
	Method   string
	Path     string // below the API's URL
	URL      string // the API's URL, without user and password
	Status   int
	Detail   Detail
	Attempts int    // how often the request was sent
	Hint     string // what to do about it, "" when the detail says it
	Missing  bool   // the object asked for does not exist
}

// Error says what was asked, what came back and what to do.
func (e *Error) Error() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s %s%s answered %d", e.Method, e.URL, e.Path, e.Status)
	name := http.StatusText(e.Status)
	if name != "" {
		out.WriteString(" " + name)
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&out, " after %d attempts", e.Attempts)
	}
	if detail := e.Detail.String(); detail != "" && detail != name {
		out.WriteString(": " + detail)
	}
	if e.Hint != "" {
		out.WriteString("; " + e.Hint)
	}
	return out.String()
}

// Is makes errors.Is(err, ErrNotFound) true for a missing object.
func (e *Error) Is(target error) bool { return target == ErrNotFound && e.Missing }

// ConnectionError is a request that got no whole answer. Its texts contain no secrets; the cause is for errors.As.
type ConnectionError struct {
	Method   string
	Path     string
	URL      string
	Reason   string // connection refused, certificate not trusted, …
	Attempts int
	Hint     string
	cause    error
}

// Error says what could not be reached, why, and what to do.
func (e *ConnectionError) Error() string {
	out := fmt.Sprintf("cannot reach the Prefect API at %s: %s", e.URL, e.Reason)
	if e.Attempts > 1 {
		out += fmt.Sprintf(" (%s %s, %d attempts)", e.Method, e.Path, e.Attempts)
	}
	if e.Hint != "" {
		out += "; " + e.Hint
	}
	return out
}

// Is lets errors.Is find the cause, such as context.DeadlineExceeded. The cause is not unwrapped: its text may hold a URL with a password.
func (e *ConnectionError) Is(target error) bool { return errors.Is(e.cause, target) }

// AnswerError is an answer that is successful but cannot be what the API gives: a web page, text that is no JSON, a field that is missing.
type AnswerError struct {
	Method, Path, URL string
	Reason            string
	Hint              string
}

// Error says what is wrong with the answer and what to do.
func (e *AnswerError) Error() string {
	out := fmt.Sprintf("%s %s%s did not answer as a Prefect API does: %s", e.Method, e.URL, e.Path, e.Reason)
	if e.Hint != "" {
		out += "; " + e.Hint
	}
	return out
}

// IsNotFound reports that the object asked for does not exist.
func IsNotFound(err error) bool { return errors.Is(err, ErrNotFound) }

// IsUnauthorized reports that the API wants other credentials, or more rights for these.
func IsUnauthorized(err error) bool {
	return status(err) == http.StatusUnauthorized || status(err) == http.StatusForbidden
}

// IsConflict reports that the API refused because of what is there.
func IsConflict(err error) bool { return status(err) == http.StatusConflict }

// IsInvalid reports that the API rejected the content of the request.
func IsInvalid(err error) bool {
	return status(err) == http.StatusUnprocessableEntity || status(err) == http.StatusBadRequest
}

// IsUnreachable reports that no whole answer came.
func IsUnreachable(err error) bool {
	var connection *ConnectionError
	return errors.As(err, &connection)
}

func status(err error) int {
	var answer *Error
	if errors.As(err, &answer) {
		return answer.Status
	}
	return 0
}
