package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/presize/presize/scripts/local/gallery"
)

// printTable prints a row for each variant, made or not.
func printTable(out io.Writer, prefix string, accounts []gallery.Original) {
	t := table.NewWriter()
	t.SetStyle(plain())
	t.SetColumnConfigs([]table.ColumnConfig{
		{Number: 3, Align: text.AlignRight}, {Number: 4, Align: text.AlignRight}, {Number: 5, Align: text.AlignRight},
	})
	t.AppendHeader(table.Row{"original", "preset", "size", "bytes", "ms", "url"})
	for _, account := range accounts {
		name := strings.TrimPrefix(account.Key, prefix)
		if len(account.Variants) == 0 {
			t.AppendRow(table.Row{name, "", "", "", "", cmp.Or(account.Why(), "no preset applies to it")})
		}
		for _, v := range account.Variants {
			t.AppendRow(row(name, account, v))
			name = ""
		}
	}
	for line := range strings.Lines(t.Render()) {
		_, _ = fmt.Fprintln(out, strings.TrimRight(line, " \n"))
	}
}

func row(name string, account gallery.Original, v gallery.Variant) table.Row {
	if v.Key == "" {
		return table.Row{name, v.Preset, "", "", "", "not made: " + cmp.Or(v.Reason, account.Reason, string(account.State))}
	}
	ms := ""
	if v.MS > 0 {
		ms = fmt.Sprintf("%.0f", v.MS)
	}
	return table.Row{name, v.Preset, fmt.Sprintf("%dx%d", v.Width, v.Height), v.Bytes, ms, v.URL}
}

// plain is a table that can be read, searched and cut without frames in the way.
func plain() table.Style {
	style := table.StyleDefault
	style.Options = table.Options{SeparateHeader: false}
	style.Box = table.BoxStyle{PaddingRight: "  "}
	style.Format.Header = text.FormatUpper
	return style
}
