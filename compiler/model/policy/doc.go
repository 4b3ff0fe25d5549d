// Package policy reads a prefectc.cue and holds compiled deployments against the policies in it.
//
// A prefectc.cue is CUE, but not every CUE: it imports only packages that compute, calls only functions whose result is
// not larger than what they are given, and may not grow beyond a bound when its references are followed. So reading one
// that somebody else wrote is safe in an editor and in CI: it opens nothing and ends soon. What is wrong with it is said
// at its own place, in our words and never in CUE's.
//
// A deployment enters CUE as an expression built for it, never as text. A policy holds when the deployment satisfies the
// constraint by itself: a field that the constraint would only add counts as missing, though CUE alone would unify the two.
package policy
