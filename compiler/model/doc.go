// Package model is the typed view of one prefect.yaml: its deployments, actions and steps, and every placeholder with the
// place it is written at.
//
// A model is built from a document that may be broken: what is missing is nil or empty, what has the wrong shape is left to
// the rules. Parts shared through aliases appear once for each use, on the same nodes.
package model
