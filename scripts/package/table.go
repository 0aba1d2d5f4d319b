package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// printTable shows what each file takes, unzipped and zipped, and the glibc that it needs. Licences are one line.
func printTable(out io.Writer, target string, archive []byte, needs map[string]version) error {
	reader, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "FILE\tUNZIPPED\tZIPPED\tNEEDS GLIBC")
	all, licences := new(sizes), new(sizes)
	for _, f := range reader.File {
		all.add(f)
		if strings.HasPrefix(f.Name, "licences/") {
			licences.add(f)
			continue
		}
		one := new(sizes)
		one.add(f)
		glibc := ""
		if need, ok := needs[f.Name]; ok {
			glibc = need.String()
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", f.Name, one, glibc)
	}
	_, _ = fmt.Fprintf(table, "licences/ (%d files)\t%s\t\n", licences.files, licences)
	_, _ = fmt.Fprintf(table, "%s\t%s\tat most %s\n", "all", all, maxGLIBC)
	if err := table.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s  %s\nsha256 %x\n\n", target, megabytes(len(archive)), sha256.Sum256(archive))
	return err
}

// sizes are in bytes.
type sizes struct {
	files            int
	unzipped, zipped uint64
}

func (s *sizes) add(f *zip.File) {
	s.files++
	s.unzipped += f.UncompressedSize64
	s.zipped += f.CompressedSize64
}

func (s *sizes) String() string { return megabytes(s.unzipped) + "\t" + megabytes(s.zipped) }

func megabytes[N int | uint64](bytes N) string { return fmt.Sprintf("%.2f MB", float64(bytes)/1e6) }
