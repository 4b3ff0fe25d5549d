package policy

import (
	"context"
	"fmt"
	"testing"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

func TestChoices(t *testing.T) {
	const config = `
_pools: prod: "k8s" | "ecs"
policies: {
	prod: {message: "m", when: name: =~"-prod$", deployment: work_pool: name: _pools.prod}
	dev: {message: "m", when: name: =~"-dev$", deployment: work_pool: name: "local"}
	tags: {message: "m", deployment: tags: [..."etl" | "ml"]}
	zone: {message: "m", deployment: schedules: [...{timezone?: "UTC" | "Europe/Paris", ...}]}
	fewer: {message: "m", deployment: schedules: [...{timezone?: "UTC" | "Asia/Tokyo", ...}]}
	off: {message: "m", deployment: version: "1" | "2"}
}
rules: "policy/off": "off"
deployments: [...{concurrency_limit?: 1 | 2, ...}]
`
	const file = "deployments:\n  - name: a-prod\n  - name: a-dev\n  - name: a\n"
	c, found := Read(context.Background(), source.New(FileName, []byte(config)), Known{})
	if len(found) > 0 {
		t.Fatalf("%+v", found)
	}
	m := model.New(yamldoc.Read(source.New("prefect.yaml", []byte(file))), schema.Prefect3)
	for _, x := range []struct {
		deployment int
		path       []string
		want       string
	}{
		{0, []string{"work_pool", "name"}, "[{k8s policy/prod} {ecs policy/prod}]"},
		{1, []string{"work_pool", "name"}, "[{local policy/dev}]"},
		{2, []string{"work_pool", "name"}, "[]"},
		{2, []string{"tags", ""}, "[{etl policy/tags} {ml policy/tags}]"},
		{2, []string{"schedules", "", "timezone"}, "[{UTC policy/zone}]"},
		{2, []string{"concurrency_limit"}, "[{1 policy/deployments} {2 policy/deployments}]"},
		{2, []string{"version"}, "[]"},
		{2, []string{"nobody", "", "knows"}, "[]"},
		{2, nil, "[]"},
	} {
		got := fmt.Sprint(c.Choices(context.Background(), Input{Model: m}, m.Deployments[x.deployment], x.path))
		if got != x.want {
			t.Errorf("%d %q: got %s, want %s", x.deployment, x.path, got, x.want)
		}
	}
}
