package render

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor"
	"github.com/prefectc/prefectc/plan"
)

// screen is what a terminal shows of text with the two sequences that live uses.
func screen(text string) string {
	var lines []string
	for len(text) > 0 {
		if rest, ok := strings.CutPrefix(text, "\x1b["); ok {
			up := int(rest[0] - '0')
			lines, text = lines[:len(lines)-up], strings.TrimPrefix(rest[1:], "A\x1b[J")
			continue
		}
		line, rest, _ := strings.Cut(text, "\n")
		lines, text = append(lines, line), rest
	}
	return strings.Join(lines, "\n")
}

func TestATerminalShowsWhatIsUnderWay(t *testing.T) {
	var out bytes.Buffer
	p := NewLiveProgress(&out, false, 42)
	clock := time.Unix(1000, 0)
	p.live.now = func() time.Time { return clock }
	deployment := func(name string) *plan.Deployment { return &plan.Deployment{Config: value.NewMap("name", name)} }
	a, b, c := deployment("a"), deployment("b"), deployment("c")
	build := &plan.Step{ID: "build-image", Section: model.Build}
	long := &plan.Step{Path: "my_steps.a_step_with_a_name_that_is_too_long", Section: model.Build}

	p.Begin(3)
	p.StepStarted(a, build, false)
	p.StepStarted(b, long, false)
	p.StepStarted(c, build, true)
	p.StepOutput(a, build, "step 1 of 9")
	clock = clock.Add(63 * time.Second)
	p.live.redraw()
	const during = `build-image build (for a)
a_step_with_a_name_that_is_too_long build (for b)
  a build-image | step 1 of 9
  a build-image  1m3s
  b a_step_with_a_name_that_is_too_long …
0 of 3 deployments done, 1 waiting, 1m3s`
	if got := screen(out.String()); got != during {
		t.Errorf("while steps run:\n%s\nwant:\n%s", got, during)
	}
	p.StepDone(a, build, 64*time.Second, nil)
	p.Registered(executor.Result{})
	p.StepDone(b, long, time.Second, errors.New("x"))
	p.Registered(executor.Result{})
	p.live.redraw()
	if got := screen(out.String()); !strings.HasSuffix(got, "failed after 1s\n2 of 3 deployments done, 1 waiting, 1m3s") {
		t.Errorf("after them:\n%s", got)
	}
	p.Close()
	p.Close()
	if got := screen(out.String()); !strings.HasSuffix(got, "failed after 1s") || strings.Contains(got, "waiting") {
		t.Errorf("closed:\n%s", got)
	}
}
