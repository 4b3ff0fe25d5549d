// Package python keeps one interpreter of the user's running and asks it for what only Python can do: run a deployment
// step, and tell a flow's name and parameter schema as Prefect itself computes them.
//
// The process runs child.py, embedded here. Requests and replies are lines of JSON on two pipes of their own; standard
// output and error stay free for what steps print, and after each request a marker on both makes sure that everything
// printed was delivered before the reply is. The process is started on first need, is started anew after it died, and
// ends with its whole process group.
package python
