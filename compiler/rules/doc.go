// Package rules holds what prefectc checks: one rule a file, and the one registry that lists them.
//
// A rule is a pure function of a [Pass]: it looks at the model and reports findings. It keeps no state, depends on no
// other rule, and a panic in it costs only its own findings. What several rules need - shapes, resolved references, flow
// signatures - is computed once in [Facts].
package rules
