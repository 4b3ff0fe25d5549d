// Package journal remembers, beside a project, what applies did: in .prefectc/ of the directory that is deployed from.
//
// A journal is the record of the last apply of one file to one server. Each line is written and synced before the thing it
// announces is done, or after the thing it reports is done, so that a kill at any moment leaves it true: what was begun and has
// no end may or may not have reached the server. The state is what all journals add up to: which deployments a file registered,
// under which ids, which of them it created, and what it last said of them.
//
// Neither holds values. What was registered is kept as digests under a key of the project's own, which tell whether a value
// is still the same and nothing else.
package journal
