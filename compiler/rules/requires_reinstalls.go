package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
)

var requiresReinstalls = &Rule{
	Name:     "requires-reinstalls",
	Severity: diag.Info,
	Summary:  "a requirement that Prefect can never find installed, so that pip runs at every deploy",
	Run: func(p *Pass) {
		all := p.Steps()
		for i := range all {
			s := &all[i]
			for _, r := range requirements(s) {
				if why := neverImports(r.Text); why != "" && !template.Has(r.Text) {
					reportStep(p, s, r.Span, "%q makes pip run every time: prefect looks for it by importing %s", r.Text, why)
				}
			}
		}
	},
}

// neverImports says under which name Prefect tries to import a requirement, if that can never work: what stands before the
// first of <>=!~ with - as _.
func neverImports(requirement string) string {
	name := requirement
	if i := strings.IndexAny(name, "<>=!~"); i >= 0 {
		name = name[:i]
	}
	module := strings.ReplaceAll(name, "-", "_")
	if strings.ContainsAny(module, "[]; @/:") {
		return fmt.Sprintf("%q", module)
	}
	if real := moduleOf[strings.ToLower(name)]; real != "" {
		return fmt.Sprintf("%q, but its module is called %q", module, real)
	}
	return ""
}

// moduleOf are modules of well-known distributions that are called otherwise.
var moduleOf = map[string]string{
	"pyyaml": "yaml", "scikit-learn": "sklearn", "pillow": "PIL", "beautifulsoup4": "bs4", "opencv-python": "cv2",
	"python-dateutil": "dateutil", "python-dotenv": "dotenv", "gitpython": "git", "psycopg2-binary": "psycopg2",
	"google-cloud-storage": "google.cloud.storage", "protobuf": "google.protobuf", "azure-storage-blob": "azure.storage.blob",
	"mysql-connector-python": "mysql.connector",
}
