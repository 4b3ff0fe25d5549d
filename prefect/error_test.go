package prefect

import (
	"context"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMessagesSayWhatToDo(t *testing.T) {
	page := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!doctype html><html><head><title>Prefect</title></head></html>"))
	}
	cases := []struct {
		name   string
		env    map[string]string
		root   bool // the address has no /api
		answer func(w http.ResponseWriter)
		want   []string
	}{
		{"no credentials", nil, false, func(w http.ResponseWriter) { answerJSON(w, 401, map[string]any{"exception_message": "Unauthorized"}) }, []string{"answered 401 Unauthorized;", "no credentials were sent; set PREFECT_API_AUTH_STRING to user:password, or PREFECT_API_KEY"}},
		{"wrong key", map[string]string{APIKey: "canary-key"}, false, func(w http.ResponseWriter) {
			answerJSON(w, 401, map[string]any{"detail": "Invalid authentication credentials"})
		}, []string{"Invalid authentication credentials; PREFECT_API_KEY from the environment was not accepted"}},
		{"forbidden", map[string]string{APIAuthString: "u:canary-p"}, false, func(w http.ResponseWriter) { answerJSON(w, 403, map[string]any{"detail": "Forbidden"}) }, []string{"PREFECT_API_AUTH_STRING from the environment was accepted but may not do this"}},
		{"web interface", nil, true, page, []string{"did not answer as a Prefect API does: it is a web page", "it usually ends in /api: http://127.0.0.1", "/api (PREFECT_API_URL from the environment)"}},
		{"no route", nil, true, func(w http.ResponseWriter) { answerJSON(w, 404, map[string]any{"detail": "Not Found"}) }, []string{"answered 404 Not Found; is this the API's address? it usually ends in /api"}},
		{"not JSON", nil, false, func(w http.ResponseWriter) { _, _ = w.Write([]byte("hello")) }, []string{"it is not JSON"}},
		{"wrong JSON", nil, false, func(w http.ResponseWriter) { answerJSON(w, 200, []int{1}) }, []string{"it is a list"}},
		{"page of a proxy", nil, false, func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(504)
			_, _ = w.Write([]byte("<title>Gateway Time-out</title>"))
		}, []string{"answered 504 Gateway Timeout: Gateway Time-out; a proxy in front of the API answered"}},
		{"escape codes", nil, false, func(w http.ResponseWriter) {
			w.WriteHeader(500)
			_, _ = w.Write([]byte("a\x1b[31mb\r\nc\u202e"))
		}, []string{"answered 500 Internal Server Error: a[31mb c"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { c.answer(w) })
			s := &setup{env: c.env}
			if c.root {
				s.env = map[string]string{APIURL: address}
			}
			_, _, err := s.client(t, address).Version(context.Background())
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in: %v", want, err)
				}
			}
			if strings.Contains(err.Error(), "canary") || IsNotFound(err) || strings.ContainsAny(err.Error(), "\x1b\n\r\u202e") {
				t.Errorf("error is %q", err)
			}
		})
	}
}

func TestRedirects(t *testing.T) {
	other, otherRequests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"Authorization", "X-Token", csrfTokenHeader} {
			if r.Header.Get(name) != "" {
				t.Errorf("%s reached another origin", name)
			}
		}
		answerJSON(w, 200, "3.8.8")
	})
	code := http.StatusTemporaryRedirect
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other+r.URL.Path+"?u=canary", code)
	})
	s := &setup{env: map[string]string{APIKey: "k", CustomHeaders: `{"X-Token": "t"}`}}
	c, ctx := s.client(t, address), context.Background()
	if _, version, err := c.Version(ctx); err != nil || version != "3.8.8" {
		t.Errorf("a read is redirected: %q %v", version, err)
	}
	if err := c.DeleteDeployment(ctx, "1"); err != nil || !strings.Contains(otherRequests.String(), "DELETE /api/deployments/1") {
		t.Errorf("a write is redirected: %v, %q", err, otherRequests.String())
	}
	code = http.StatusFound
	_, _, err := c.CreateFlow(ctx, 3, "f")
	if err == nil || !strings.Contains(err.Error(), "it redirects POST to "+other+"/api/flows/, which would lose the content; set PREFECT_API_URL") || strings.Contains(err.Error(), "canary") {
		t.Errorf("a write would become a read: %v", err)
	}
	loop, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
	})
	if _, _, err := s.client(t, loop).Version(ctx); err == nil || !strings.Contains(err.Error(), "redirects without end") {
		t.Errorf("a loop: %v", err)
	}
}

func TestCertificates(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, "3.8.8") }))
	server.Config.ErrorLog = nil
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, env := range map[string]map[string]string{
		"PREFECT_API_SSL_CERT_FILE": {SSLCertFile: file}, "SSL_CERT_FILE": {"SSL_CERT_FILE": file}, "no check": {TLSInsecure: "true"},
	} {
		if _, _, err := (&setup{env: env}).client(t, server.URL).Version(context.Background()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := &setup{}
	_, _, err := s.client(t, server.URL).Version(context.Background())
	if err == nil || !strings.Contains(err.Error(), "unknown authority; set PREFECT_API_SSL_CERT_FILE") || s.clock.slept() != "[]" {
		t.Errorf("unknown authority: %v after %s", err, s.clock.slept())
	}
	plainServer, _ := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, _, err = s.client(t, "https"+strings.TrimPrefix(plainServer, "http")).Version(context.Background())
	if err == nil || !strings.Contains(err.Error(), "change https:// to http:// in PREFECT_API_URL") {
		t.Errorf("https to a plain server: %v", err)
	}
	for content, want := range map[string]string{"no pem": "holds no PEM certificate", "": "holds no PEM"} {
		_ = os.WriteFile(file, []byte(content), 0o600)
		settings, _ := LoadSettings(map[string]string{APIURL: server.URL + "/api", SSLCertFile: file}, ".", ".", Options{})
		if _, err := New(settings, Extra{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("certificate file %q: %v", content, err)
		}
	}
	settings, _ := LoadSettings(map[string]string{APIURL: server.URL + "/api", SSLCertFile: "/none.pem"}, ".", ".", Options{})
	if _, err := New(settings, Extra{}); err == nil || !strings.Contains(err.Error(), `cannot read the certificate file "/none.pem" (PREFECT_API_SSL_CERT_FILE from the environment)`) {
		t.Errorf("missing certificate file: %v", err)
	}
}

func TestTheProxyOfTheEnvironmentIsUsed(t *testing.T) {
	proxy, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Proxy-Authorization") != "Basic dTpjYW5hcnk=" {
			w.WriteHeader(407)
			return
		}
		answerJSON(w, 200, "3.8.8")
	})
	withUser := strings.Replace(proxy, "http://", "http://u:canary@", 1)
	for _, env := range []map[string]string{{"HTTP_PROXY": withUser}, {"http_proxy": withUser}, {"ALL_PROXY": withUser}} {
		c := (&setup{env: env}).client(t, "http://prefect.test")
		if _, version, err := c.Version(context.Background()); err != nil || version != "3.8.8" {
			t.Errorf("%v: %q, %v", env, version, err)
		}
		if got := c.Redact("canary"); got != hidden {
			t.Errorf("the proxy's password is shown as %q", got)
		}
	}
	if got := strings.Split(requests.String(), "\n")[0]; got != "GET http://prefect.test/api/admin/version" {
		t.Errorf("the proxy was asked for %s", got)
	}
	_, _, err := (&setup{env: map[string]string{"HTTP_PROXY": proxy}}).client(t, "http://prefect.test").Version(context.Background())
	if err == nil || !strings.Contains(err.Error(), "the proxy wants a user and password") {
		t.Errorf("proxy without password: %v", err)
	}
}

func TestSecretsOfBlocksNeverReachMessages(t *testing.T) {
	const canary = "s3cr3t-canary-value"
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.URL.Path, "/secret/"):
			answerJSON(w, 200, map[string]any{"id": "1", "data": map[string]any{"value": canary}, "block_type": map[string]any{"slug": "secret"}})
		case strings.Contains(r.URL.Path, "/aws/"):
			answerJSON(w, 200, map[string]any{"id": "1", "data": map[string]any{"region": "us-east-1", "key": map[string]any{"deep": []string{canary}}, "pin": 123456}, "block_schema": map[string]any{"fields": map[string]any{"secret_fields": []any{"key.*", "pin"}}}})
		default: // answers repeat the request, as Prefect's do
			answerJSON(w, 422, map[string]any{"exception_message": "Invalid request received.", "exception_detail": []any{map[string]any{"loc": []any{"body", "parameters", canary}, "msg": "bad value '" + canary + "' 123456 in us-east-1"}}, "request_body": map[string]any{"k": canary}})
		}
	})
	for _, slug := range []string{"secret", "aws"} {
		c, ctx := (&setup{}).client(t, address), context.Background()
		block, err := c.ReadBlock(ctx, slug, "x", true)
		if err != nil || block.ID != "1" {
			t.Fatal(err)
		}
		_, _, err = c.CreateFlow(ctx, 3, canary)
		if !IsInvalid(err) || strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "us-east-1") {
			t.Errorf("%s: error is %v", slug, err)
		}
		if slug == "aws" && strings.Contains(err.Error(), "123456") {
			t.Errorf("the number is shown: %v", err)
		}
		if _, err := c.ReadWorkPool(ctx, canary); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: error is %v", slug, err)
		}
	}
}

// Prefect Cloud answers 404 to all that is asked of a workspace that the key may not see.
func TestAWorkspaceThatIsNotThere(t *testing.T) {
	address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, 404, map[string]any{"detail": "Not Found"})
	})
	s := &setup{env: map[string]string{CloudAPIURL: address + "/api", APIURL: address + "/api/accounts/a/workspaces/w", APIKey: "canary-key"}}
	_, err := s.client(t, address).ReadWorkPool(context.Background(), "pool")
	if err == nil || !strings.Contains(err.Error(), "is there such an account and workspace, and does the key belong to it? (PREFECT_API_URL") {
		t.Errorf("the error is %v", err)
	}
}
