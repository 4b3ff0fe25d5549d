// Package render writes findings and plans for people and for programs. It knows nothing of where they come from.
package render
