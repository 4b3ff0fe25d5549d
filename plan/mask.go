package plan

import (
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
)

// hiddenSecret stands in a plan for a live value that a block gave.
const hiddenSecret = "what a block gave"

// ReadsBlocks reports whether the deployment's settings hold references to blocks, whose values no plan may show.
func (d *Deployment) ReadsBlocks() bool { return holdsBlock(d.Config) }

func holdsBlock(v value.Value) bool {
	switch v := v.(type) {
	case string:
		for _, ph := range template.Find(v) {
			if ph.Kind == template.Block {
				return true
			}
		}
	case *value.Map:
		for _, p := range v.Pairs {
			if holdsBlock(p.Value) {
				return true
			}
		}
	case []value.Value:
		for _, item := range v {
			if holdsBlock(item) {
				return true
			}
		}
	}
	return false
}

// MaskChanges takes the values of blocks out of the changes: what is shown of them is the reference.
func (d *Deployment) MaskChanges() {
	if d.Masked == nil {
		return
	}
	written := map[string]value.Value{}
	for _, p := range d.Masked.compared(nil) {
		written[p.path] = p.desired
	}
	written[schedulesPath], written[triggersPath] = d.Masked.writtenSchedules(), d.Masked.triggerList()
	for _, list := range [][]Change{d.Changes, d.Kept} {
		for i := range list {
			c := &list[i]
			head := c.Path[:strings.IndexAny(c.Path+".", ".[")]
			ref := closest(written[head], head, c.Path)
			if !holdsBlock(ref) {
				continue
			}
			if c.OldSet {
				c.Old = value.NewMap("$ref", hiddenSecret)
			}
			if c.NewSet {
				c.New = ref
			}
		}
	}
}

// closest is the part of a value that a path names, or as much of the path as there is: a block may give more than a text.
func closest(v value.Value, at, path string) value.Value {
	if at == path {
		return v
	}
	switch inside := v.(type) {
	case *value.Map:
		for _, p := range inside.Pairs {
			if child := at + "." + value.KeyText(p.Key); child == path || strings.HasPrefix(path, child+".") || strings.HasPrefix(path, child+"[") {
				return closest(p.Value, child, path)
			}
		}
		return nil
	case []value.Value:
		for i, item := range inside {
			if child := at + "[" + strconv.Itoa(i) + "]"; strings.HasPrefix(path, child) {
				return closest(item, child, path)
			}
		}
		return nil
	}
	return v
}
