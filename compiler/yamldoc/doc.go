// Package yamldoc reads YAML the way PyYAML's safe loader does and keeps, for every key and value, the exact bytes
// it was written with.
//
// A Document is a tree of Nodes in source order: aliases, merge keys ("<<") and duplicate keys are kept as written.
// [Node.Entries] and [Node.Python] give the meaning: what yaml.safe_load would return, with every value knowing where it is
// written and through which aliases it came. What PyYAML would refuse, and what only looks like a mistake, is listed in
// Document.Problems; reading goes on behind it, so that one broken deployment does not hide the others.
package yamldoc
