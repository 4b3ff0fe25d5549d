package prefect

import (
	"strings"
	"testing"
)

func TestDetailsOfEveryShapeAreRead(t *testing.T) {
	cases := []struct{ contentType, body, want string }{
		{"application/json", `{"detail":"Deployment not found"}`, "Deployment not found"},
		{"application/json", `{"detail":"Work pool \"x\" not found."}`, `Work pool "x" not found`},
		{"application/json", `{"detail":[{"loc":["body","schedules",0,"schedule","cron"],"msg":"bad","type":"x"},{"loc":["body"],"msg":"worse"}]}`, "schedules[0].schedule.cron: bad; worse"},
		{"application/json", `{"exception_message":"Invalid request received.","exception_detail":[{"loc":["path","id"],"msg":"no uuid"}],"request_body":{"secret":"hunter2"}}`, "path.id: no uuid"},
		{"application/json", `{"exception_message":"Internal Server Error"}`, "Internal Server Error"},
		{"application/json", `{"detail":{"message":"m"}}`, "m"},
		{"application/json", `{"detail":["a","b"]}`, "a; b"},
		{"application/json", `{}`, ""},
		{"application/json", `null`, "None"},
		{"application/json", `"text"`, "text"},
		{"text/plain", "Internal Server Error\n", "Internal Server Error"},
		{"text/html", "<html><TITLE> 502  Bad </TITLE>", "502 Bad"},
		{"", "", ""},
		{"application/json", `{"detail":[{"loc":3,"msg":{}},{"loc":[null,{}],"msg":"m"},7]}`, "m"},
	}
	for _, c := range cases {
		if got := parseDetail(c.contentType, []byte(c.body)).String(); got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.body, got, c.want)
		}
	}
	many := `{"detail":[` + strings.Repeat(`{"loc":["body","a"],"msg":"b"},`, 99) + `{"msg":"c"}]}`
	if got := parseDetail("application/json", []byte(many)).String(); !strings.HasSuffix(got, "; and 80 more") {
		t.Errorf("got %q", got)
	}
	if got := parseDetail("text/plain", []byte(strings.Repeat("é", 1<<20))).String(); len(got) > maxDetailText+4 {
		t.Errorf("a long text is shown with %d bytes", len(got))
	}
}

func FuzzDetail(f *testing.F) {
	f.Add("application/json", []byte(`{"detail":[{"loc":["body","a",0],"msg":"b"}],"exception_message":"x"}`))
	f.Add("text/html", []byte("<title>\xff</title>"))
	f.Add("", []byte("[[[[{"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		got := parseDetail(contentType, body).String()
		if strings.ContainsAny(got, "\n\r\x1b\x00") {
			t.Fatalf("unsafe text %q", got)
		}
	})
}
