package plan

import (
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// CreateBody is the body of POST /deployments/, as Prefect's own client of that generation sends it.
func (r *Registration) CreateBody(flowID string) *value.Map {
	if r.Generation == schema.Prefect2 {
		return r.body2(flowID)
	}
	description := r.Description
	if description == nil {
		description = "None" // Prefect 3 makes text of a missing docstring
	}
	paused := r.Paused
	if paused == nil {
		paused = false
	}
	enforce := r.Enforce
	if enforce == nil {
		enforce = true
	}
	pull := r.PullSteps
	if r.PullOmitted || pull == nil {
		pull = []value.Value{}
	}
	return value.NewMap(
		"name", r.Name, "flow_id", flowID, "paused", paused, "schedules", r.createSchedules(),
		"concurrency_limit", r.Concurrency, "concurrency_options", orNil(r.Collision),
		"enforce_parameter_schema", enforce, "parameter_openapi_schema", r.parameterSchema(), "parameters", r.Parameters,
		"tags", r.Tags, "labels", &value.Map{}, "pull_steps", pull,
		"work_queue_name", r.WorkQueue, "work_pool_name", r.WorkPool,
		"storage_document_id", nil, "infrastructure_document_id", nil, "description", description, "path", nil,
		"entrypoint", r.Entrypoint, "job_variables", r.JobVariables, "version", r.Version, "version_info", r.VersionInfo,
	)
}

// UpdateBody is the body of PATCH /deployments/{id} of Prefect 3, with two differences: "paused" only when the file says,
// so that the server's stays, and "schedules" only when they are to change, then also when there are none.
func (r *Registration) UpdateBody(schedules bool) *value.Map {
	b := value.NewMap(
		"version", r.Version, "version_info", r.VersionInfo, "description", r.Description, "parameters", r.Parameters,
		"concurrency_limit", r.Concurrency, "concurrency_options", orNil(r.Collision), "tags", r.Tags,
		"work_queue_name", r.WorkQueue, "work_pool_name", r.WorkPool, "job_variables", r.JobVariables,
		"entrypoint", r.Entrypoint, "parameter_openapi_schema", r.parameterSchema(), "pull_steps", r.pullSteps(),
	)
	if r.Paused != nil {
		b.Set("paused", r.Paused)
	}
	if r.Enforce != nil {
		b.Set("enforce_parameter_schema", r.Enforce)
	}
	if schedules {
		b.Set("schedules", r.updateSchedules())
	}
	return b
}

// body2 is what Prefect 2 posts, for a new deployment and for an old one alike.
func (r *Registration) body2(flowID string) *value.Map {
	enforce := r.Enforce
	if enforce == nil {
		enforce = false
	}
	b := value.NewMap(
		"name", r.Name, "flow_id", flowID, "schedules", r.createSchedules(),
		"enforce_parameter_schema", enforce, "parameter_openapi_schema", r.parameterSchema(), "parameters", r.Parameters,
		"tags", r.Tags, "manifest_path", nil, "work_queue_name", r.WorkQueue, "work_pool_name", r.WorkPool,
		"storage_document_id", nil, "infrastructure_document_id", nil, "schedule", nil, "description", r.Description,
		"path", nil, "version", r.Version, "entrypoint", r.Entrypoint, "infra_overrides", r.JobVariables,
	)
	if !r.PullOmitted {
		b.Set("pull_steps", r.pullSteps())
	}
	if r.Paused != nil {
		b.Set("paused", r.Paused)
	}
	return b
}

func (r *Registration) pullSteps() value.Value {
	if r.PullOmitted || r.PullSteps == nil {
		return nil
	}
	return r.PullSteps
}

func (r *Registration) parameterSchema() value.Value {
	if r.ParameterSchema == nil {
		return Hole{"parameter schema of the flow"}
	}
	return r.ParameterSchema
}

// orNil keeps a nil map from becoming a value that is not nil.
func orNil(m *value.Map) value.Value {
	if m == nil {
		return nil
	}
	return m
}

// ReplaceBody is what Prefect 2 posts over a live deployment. The server's "paused" and the anchors of unchanged interval
// schedules stay unless the file sets them.
func (r *Registration) ReplaceBody(flowID string, live *value.Map) *value.Map {
	b := r.body2(flowID)
	if r.Paused == nil {
		b.Set("paused", value.Truthy(field(live, "paused")))
	}
	have, _ := field(live, "schedules").([]value.Value)
	sent := r.createSchedules()
	for i, s := range r.Schedules {
		for _, h := range have {
			m, ok := h.(*value.Map)
			if !ok || r.keepSchedules || s.Item == nil || !s.Item.AnchorIsNow || !s.matches(m) {
				continue
			}
			if anchor, has := sub(m, "schedule").Get("anchor_date"); has {
				kept := value.Clone(sent[i]).(*value.Map)
				sub(kept, "schedule").Set("anchor_date", anchor)
				sent[i] = kept
			}
		}
	}
	b.Set("schedules", sent)
	return b
}

// Slugs are the names of the schedules that have one.
func (r *Registration) Slugs() map[string]bool {
	slugs := map[string]bool{}
	for _, s := range r.Schedules {
		if slug := text(s.Written, "slug"); slug != "" {
			slugs[slug] = true
		}
	}
	return slugs
}
