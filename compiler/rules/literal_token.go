package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var literalToken = &Rule{
	Name:     "literal-token",
	Severity: diag.Warning,
	Summary:  "a token or password written in the file",
	Hides:    true,
	Run: func(p *Pass) {
		reported := map[*yamldoc.Node]bool{}
		sensitiveArguments(p, func(s *StepUse, name string, n *yamldoc.Node) {
			reported[n] = true
			reportStep(p, s, n.Span, "%q is written in clear, and prefect stores it so: put it into a block and write {{ prefect.blocks.secret.NAME }}", name)
		})
		eachPlace(p, func(at *place, n *yamldoc.Node) { // never quote what was found
			if n.Kind != yamldoc.String || reported[n] || len(n.Text) < shortestSecret {
				return
			}
			if key := at.key(); isSecret(key, n.Text) {
				at.report(p, n.Span, "%q is written in clear, and prefect stores it so: put it into a block%s", key, toRead(at))
				return
			}
			if m := loginIn(n.Text); len(n.Text) >= 8 && m != nil && !template.Has(n.Text[m[0]:m[1]]) {
				at.report(p, part(p, n, m[2], m[3]), "a login is written in the address in clear: put it into a block and refer to that")
			} else if m := tokenIn(n.Text); m != nil {
				at.report(p, part(p, n, m[0], m[1]), "this is a token in clear, and prefect stores it so: put it into a block and write {{ prefect.blocks.secret.NAME }}")
			}
		})
	},
}

// sensitiveArguments visits the arguments, and the keys in them, that hold a secret which is written out.
func sensitiveArguments(p *Pass, visit func(s *StepUse, name string, n *yamldoc.Node)) {
	written := func(n *yamldoc.Node) bool {
		return n != nil && n.Kind == yamldoc.String && n.Text != "" && !template.Has(n.Text) && variableLengthOf(n.Text) == 0
	}
	knownSteps(p, func(s *StepUse) {
		for _, a := range s.Args {
			param, v := s.Info.Param(a.Key.Text), a.Value.Deref()
			if param == nil || v == nil {
				continue
			}
			if param.Sensitive && written(v) {
				visit(s, param.Name, v)
			}
			for i := range param.Keys {
				if e, ok := v.Get(param.Keys[i].Name); ok && param.Keys[i].Sensitive && written(e.Value.Deref()) {
					visit(s, param.Keys[i].Name, e.Value.Deref())
				}
			}
		}
	})
}

// shortestSecret is the length below which nothing is taken for a secret.
const shortestSecret = 6

// isSecret holds for a text under a key that says it is a secret, unless it seems to say where the secret is.
func isSecret(key, text string) bool {
	if !secretKey.MatchString(key) || template.Has(text) || strings.ContainsAny(text, " \t\n${}<>") {
		return false
	}
	if strings.ContainsAny(text[:1], "/.~") || strings.Contains(text, "://") || strings.Contains(text, ":") && strings.Count(text, ":") > 1 {
		return false // a file, an address, the name of a resource
	}
	password := strings.Contains(strings.ToLower(key), "passw")
	return password && !nameOfSecret.MatchString(text) || !password && len(text) >= 16 && strings.ContainsAny(text, "0123456789") && !nameLike.MatchString(text)
}

// toRead says how to get at the block from where the secret stands.
func toRead(at *place) string {
	if at.Field == "parameters" {
		return " that the flow reads"
	}
	return " and write {{ prefect.blocks.secret.NAME }}"
}

// variableLengthOf is the length of $NAME or ${NAME} if the text is nothing else.
func variableLengthOf(text string) int {
	if text[0] == '$' && variableLength(text) == len(text) {
		return len(text)
	}
	return 0
}

// loginIn finds a login in an address; most texts have none, and looking for its signs is quick.
func loginIn(text string) []int {
	if !strings.Contains(text, "://") || !strings.Contains(text, "@") {
		return nil
	}
	return loginInURL.FindStringSubmatchIndex(text)
}

// tokenIn finds a token by its prefix.
func tokenIn(text string) []int {
	for _, sign := range []string{"gh", "glpat-", "pnu_", "pnb_", "AKIA", "xox"} {
		if strings.Contains(text, sign) {
			return knownToken.FindStringIndex(text)
		}
	}
	return nil
}

var (
	// secretKey are the names of secrets, not of their places: no password_file, no token_url.
	secretKey = pattern.New(`(?i)(?:^|_|pg)(?:password|passwd|secret_access_key|secret_key|api_?key|client_secret|(?:access|auth|api|bearer|refresh|github|gitlab|slack|bot)_token)$`)

	// nameOfSecret and nameLike are names that stand for a secret elsewhere.
	nameOfSecret = pattern.New(`^[a-zA-Z0-9]+(?:[-_./:][a-zA-Z0-9]+)+$|(?i)^(?:change_?me|example|redacted|dummy|x+|\*+)$`)
	nameLike     = pattern.New(`^[a-z]+[0-9]*(?:[-_./][a-z0-9]{1,12})+$|(?i)secret|change_?me|example|redacted|dummy|x{4}`)

	// loginInURL is user:password in an address; a user alone is no secret.
	loginInURL = pattern.New(`[a-z][a-z0-9+]*://([^\s/:@{}$<>]+:[^\s/@{}$<>*]{6,})@`)

	// knownToken are tokens by the prefixes that their issuers chose so that they can be found: GitHub, GitLab, Prefect
	// Cloud, AWS and Slack.
	knownToken = pattern.New(`\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{20,}|pn[ub]_[A-Za-z0-9]{30,}|AKIA[0-9A-Z]{16}|xox[bap]-[0-9A-Za-z-]{20,})`)
)
