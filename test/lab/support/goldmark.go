// Renders a JSON list of Markdown texts as Gitea and Forgejo do, which take goldmark with these extensions; prints a JSON list of HTML.
package main

import (
	"bytes"
	"encoding/json"
	"os"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
)

func main() {
	var texts, rendered []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		panic(err)
	}
	markdown := goldmark.New(
		goldmark.WithExtensions(
			extension.Table, extension.Strikethrough, extension.TaskList, extension.DefinitionList, extension.Footnote, extension.Linkify,
		),
		goldmark.WithParserOptions(parser.WithAttribute()),
		// What people write in comments is broken where they broke it.
		goldmark.WithRendererOptions(html.WithUnsafe(), html.WithHardWraps()),
	)
	for _, text := range texts {
		var out bytes.Buffer
		if err := markdown.Convert([]byte(text), &out); err != nil {
			panic(err)
		}
		rendered = append(rendered, out.String())
	}
	if err := json.NewEncoder(os.Stdout).Encode(rendered); err != nil {
		panic(err)
	}
}
