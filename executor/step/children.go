package step

import (
	"errors"
	"sync"

	"github.com/prefectc/prefectc/executor/step/python"
)

// Children are the Python interpreters of one project: one, and more only while steps of several runners are in Python at the same
// time. They are safe for concurrent use.
type Children struct {
	dir string // where they start, and where a virtual environment is looked for

	installing sync.Mutex // held while packages are installed

	mu   sync.Mutex
	path string // of the interpreter that was found
	all  []*python.Child
	idle []*python.Child // the one used last at the end
}

// NewChildren makes none yet; dir is the directory of the project.
func NewChildren(dir string) *Children { return &Children{dir: dir} }

// Close ends them. They may be used again.
func (c *Children) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var failed error
	for _, child := range c.all {
		failed = errors.Join(failed, child.Close())
	}
	c.all, c.idle = nil, nil
	return failed
}

// find looks for the interpreter, once.
func (c *Children) find(env []string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.path == "" {
		p, err := python.Find(env, c.dir)
		if err != nil {
			return "", err
		}
		c.path = p
	}
	return c.path, nil
}

// take gives the child that was used last, so that what one step leaves in its modules the next one finds, as in Prefect.
func (c *Children) take(start func() *python.Child) *python.Child {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.idle); n > 0 {
		child := c.idle[n-1]
		c.idle = c.idle[:n-1]
		return child
	}
	child := start()
	c.all = append(c.all, child)
	return child
}

func (c *Children) giveBack(child *python.Child) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = append(c.idle, child)
}
