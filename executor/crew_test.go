package executor

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/plan"
)

// TestStepsThatCollideKeepTheOrderOfThePlan runs random chains: every pair of steps that may see each other's files runs in the
// order in which it would run one after another, each key runs once, and all come to an end.
func TestStepsThatCollideKeepTheOrderOfThePlan(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	dirs := []string{"", "/p", "/p/a", "/p/b", "/q"}
	for range 300 {
		lanes := 1 + random.IntN(5)
		c := newCrew(lanes)
		type ran struct {
			chain, step int
			touch       touch
		}
		var mu sync.Mutex
		var order []ran
		var wait sync.WaitGroup
		runs := map[string]int{}
		var chains [][]touch
		for range 1 + random.IntN(8) {
			var touches []touch
			for range 1 + random.IntN(4) {
				touches = append(touches, touch{effect(random.IntN(3)), dirs[random.IntN(len(dirs))]})
			}
			chains = append(chains, touches)
		}
		for i, touches := range chains {
			own, err := c.enter(t.Context(), touches)
			if err != nil {
				t.Fatal(err)
			}
			keys := make([]string, len(touches))
			for s := range touches {
				keys[s] = fmt.Sprint(i, s)
				if random.IntN(3) == 0 {
					keys[s] = fmt.Sprint("shared", touches[s], random.IntN(2))
				}
			}
			stop := len(touches)
			if random.IntN(4) == 0 {
				stop = random.IntN(len(touches)) // a step fails
			}
			wait.Go(func() {
				defer c.leave(own)
				for s := range touches[:stop] {
					known, err := c.claim(t.Context(), own, keys[s])
					if err != nil || known != nil {
						continue
					}
					mu.Lock()
					order = append(order, ran{i, s, touches[s]})
					runs[keys[s]]++
					mu.Unlock()
					c.done(own, keys[s], &memo{})
				}
			})
		}
		ended := make(chan struct{})
		go func() { wait.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-time.After(time.Minute):
			t.Fatalf("chains wait for each other: %v", chains)
		}
		for key, n := range runs {
			if n != 1 {
				t.Fatalf("%s ran %d times", key, n)
			}
		}
		for i, later := range order {
			for _, earlier := range order[:i] {
				if earlier.chain > later.chain && earlier.touch.collides(later.touch) {
					t.Fatalf("%v ran before %v", earlier, later)
				}
			}
		}
	}
}

// TestStepsThatDoNotCollideOverlap lets each step wait for the other.
func TestStepsThatDoNotCollideOverlap(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := newCrew(2)
	both := make(chan struct{}, 2)
	var wait sync.WaitGroup
	for _, dir := range []string{"/p", "/p"} {
		own, err := c.enter(ctx, []touch{{reads, dir}})
		if err != nil {
			t.Fatal(err)
		}
		key := fmt.Sprintf("%p", own)
		wait.Go(func() {
			defer c.leave(own)
			if _, err := c.claim(ctx, own, key); err != nil {
				t.Error(err)
				return
			}
			both <- struct{}{}
			for len(both) < 2 {
				if ctx.Err() != nil {
					t.Error("the steps did not overlap")
					return
				}
				time.Sleep(time.Millisecond)
			}
			c.done(own, key, &memo{})
		})
	}
	wait.Wait()
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	c := newCrew(2)
	first, err := c.enter(t.Context(), []touch{{writes, ""}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	second, err := c.enter(ctx, []touch{{writes, ""}})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := c.claim(ctx, second, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("a step that waits for another got %v", err)
	}
	if _, err := c.enter(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a deployment that waits for a lane got %v", err)
	}
	c.leave(first)
	c.leave(second)
}

func TestWhatAScriptMayDo(t *testing.T) {
	for script, want := range map[string]effect{
		"git rev-parse --short HEAD": reads,
		"echo a > b":                 reads, // no shell: > is a word
		"bash -c 'echo a > b'":       writes,
		"bash -c 'echo a >&2; cat x 2>/dev/null | wc -l'":       reads,
		`bash -c "echo $(git describe --tags) && date"`:         reads,
		"docker build -t {{ image }}:{{ tag }} -f Dockerfile .": reads,
		"docker buildx build --push -t x .":                     reads,
		"docker buildx build -o out .":                          writes,
		"docker build --iidfile id .":                           writes,
		"git tag v1":                                            writes,
		"git":                                                   writes,
		"make":                                                  writes,
		"sh -c 'X=1 make'":                                      writes,
		"sh -c 'X=1 echo'":                                      reads,
		"sh -c 'echo; make'":                                    writes,
		"sh -c 'if true; then echo; fi'":                        writes,
		"echo one\ncat two\n\n  date":                           reads,
		"echo one\npython build.py":                             writes,
		"sh -c 'echo `make`'":                                   writes,
		"sh -c 'echo ${X:=1}'":                                  writes,
		"sh -c \"cat <<EOF\"":                                   writes,
		"{{ command }} x":                                       writes,
		"":                                                      reads,
		"sleep 1":                                               reads,
		"docker":                                                writes,
		"git log --output=x":                                    writes,
		"sh -c \"$(curl https://install.example)\"":             writes,
		"sh -x -c 'echo'":                                       writes,
		"bash build.sh":                                         writes,
		"sh -c 'echo a >>log'":                                  writes,
		"sh -c 'true && (false || sleep 1) & date'":             reads,
		"sh -c \"" + strings.Repeat("echo a; ", 1000) + "date\"": reads,
	} {
		if got := scriptEffect(value.NewMap("script", script)); got != want {
			t.Errorf("%q: %v, want %v", script, got, want)
		}
	}
	if got := scriptEffect(value.NewMap("script", "echo a > b", "shell", true)); got != writes {
		t.Errorf("with a shell, echo a > b: %v", got)
	}
}

func TestWhatAStepMayTouch(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		path   string
		inputs *value.Map
		want   touch
		moved  bool // the place is not known any more
	}{
		{"prefect.deployments.steps.run_shell_script", value.NewMap("script", "make"), touch{writes, dir}, false},
		{"prefect.deployments.steps.utility.run_shell_script", value.NewMap("script", "date", "directory", "gone"), touch{reads, ""}, false},
		{"prefect.deployments.steps.pip_install_requirements", value.NewMap(), touch{writes, ""}, false},
		{"prefect.deployments.steps.git_clone", value.NewMap("repository", "x"), touch{writes, dir}, false},
		{"prefect.deployments.steps.set_working_directory", value.NewMap("directory", "{{ x }}"), touch{}, true},
		{"prefect_docker.deployments.steps.build_docker_image", value.NewMap("dockerfile", "Dockerfile"), touch{reads, dir}, false},
		{"prefect_docker.deployments.steps.build_docker_image", value.NewMap("dockerfile", "auto"), touch{writes, dir}, false},
		{"prefect_docker.deployments.steps.build_docker_image", value.NewMap("path", "{{ x }}"), touch{reads, ""}, false},
		{"prefect_docker.deployments.steps.push_docker_image", value.NewMap(), touch{nothing, dir}, false},
		{"prefect_aws.deployments.steps.push_to_s3", value.NewMap(), touch{reads, dir}, false},
		{"my_steps.build", value.NewMap(), touch{writes, dir}, true},
	} {
		p := place{dir, true}
		if got := p.touch(&plan.Step{Path: c.path, Inputs: c.inputs}); got != c.want || p.known == c.moved {
			t.Errorf("%s %s: %v, known %v", c.path, value.Repr(c.inputs), got, p.known)
		}
	}
}

func TestInside(t *testing.T) {
	for _, c := range []struct {
		dir, outer string
		want       bool
	}{{"/p", "/p", true}, {"/p/a", "/p", true}, {"/p", "/p/a", false}, {"/px", "/p", false}, {"/p", "", true}, {"", "/p", false}, {"/p", "/", true}} {
		if got := inside(c.dir, c.outer); got != c.want {
			t.Errorf("%q inside %q: %v", c.dir, c.outer, got)
		}
	}
}
