package lsp

import (
	"encoding/json"
	"slices"
)

// client is what the editor said it can do, as far as we act on it.
type client struct {
	configuration   bool // answers workspace/configuration
	watchDynamic    bool // takes registrations for watched files
	configDynamic   bool // takes registrations for didChangeConfiguration
	relatedInfo     bool
	codeDescription bool
	tags            bool
	pull            bool
	pullRefresh     bool
	snippets        bool
	asIs            bool // inserts text over several lines without touching its indentation
	itemTags        bool
	markdownHover   bool
	markdownItems   bool
	symbolTree      bool
	lineFolding     bool
	definitionLinks bool
	documentChanges bool // takes edits bound to a version
	annotations     bool // asks the user to confirm edits that say so
	progress        bool // shows the progress of work that the server begins
	createFiles     bool // takes edits that create files
	prepareRename   bool
	actionLiterals  bool
	actionResolve   bool
	commands        []string // that lenses may call
	formatDynamic   bool     // takes a registration for formatting
	encodings       []string
}

// parseClient reads the capabilities; whatever is missing or strange counts as not supported.
func parseClient(raw json.RawMessage) client {
	c := caps(raw)
	workspace, text := c.at("workspace"), c.at("textDocument")
	publish, item := text.at("publishDiagnostics"), text.at("completion", "completionItem")
	edit, action := workspace.at("workspaceEdit"), text.at("codeAction")
	hover := text.at("hover").strings("contentFormat")
	return client{
		configuration:   workspace.yes("configuration"),
		watchDynamic:    workspace.at("didChangeWatchedFiles").yes("dynamicRegistration"),
		configDynamic:   workspace.at("didChangeConfiguration").yes("dynamicRegistration"),
		relatedInfo:     publish.yes("relatedInformation"),
		codeDescription: publish.yes("codeDescriptionSupport"),
		tags:            publish.has("tagSupport"),
		pull:            text.has("diagnostic"),
		pullRefresh:     workspace.at("diagnostics").yes("refreshSupport") || workspace.at("diagnostic").yes("refreshSupport"),
		snippets:        item.yes("snippetSupport"),
		asIs:            slices.Contains(item.at("insertTextModeSupport").numbers("valueSet"), 1),
		itemTags:        item.has("tagSupport"),
		markdownHover:   slices.Contains(hover, "markdown"),
		markdownItems:   slices.Contains(item.strings("documentationFormat"), "markdown"),
		symbolTree:      text.at("documentSymbol").yes("hierarchicalDocumentSymbolSupport"),
		lineFolding:     text.at("foldingRange").yes("lineFoldingOnly"),
		documentChanges: edit.yes("documentChanges"),
		progress:        c.at("window").yes("workDoneProgress"),
		createFiles:     edit.yes("documentChanges") && slices.Contains(edit.strings("resourceOperations"), "create"),
		annotations:     edit.yes("documentChanges") && edit.has("changeAnnotationSupport"),
		prepareRename:   text.at("rename").yes("prepareSupport"),
		actionLiterals:  action.has("codeActionLiteralSupport"),
		actionResolve:   action.yes("dataSupport") && slices.Contains(action.at("resolveSupport").strings("properties"), "edit"),
		definitionLinks: text.at("definition").yes("linkSupport"),
		commands:        c.at("experimental").strings("commands"),
		formatDynamic:   text.at("formatting").yes("dynamicRegistration"),
		encodings:       c.at("general").strings("positionEncodings"),
	}
}

// caps is a piece of the capabilities object.
type caps json.RawMessage

func (c caps) at(keys ...string) caps {
	for _, key := range keys {
		var m map[string]json.RawMessage
		if json.Unmarshal(c, &m) != nil {
			return nil
		}
		c = caps(m[key])
	}
	return c
}

func (c caps) yes(key string) bool { return string(c.at(key)) == "true" }

func (c caps) has(key string) bool {
	v := c.at(key)
	return len(v) > 0 && string(v) != "null" && string(v) != "false"
}

func (c caps) strings(key string) []string {
	var out []string
	if json.Unmarshal(c.at(key), &out) != nil {
		return nil
	}
	return out
}

func (c caps) numbers(key string) []float64 {
	var out []float64
	if json.Unmarshal(c.at(key), &out) != nil {
		return nil
	}
	return out
}
