package command

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// spool keeps diagnoses in a temporary file: of two million originals and a new preset there are two million, and memory is for
// what is in flight.
type spool struct {
	file    *os.File
	writing *bufio.Writer
	encoder *json.Encoder
}

func newSpool() (*spool, error) {
	file, err := os.CreateTemp("", "presize-doctor-*.jsonl")
	if err != nil {
		return nil, fmt.Errorf("a file for what is found: %w; TMPDIR names another folder", err)
	}
	s := &spool{file: file, writing: bufio.NewWriter(file)}
	s.encoder = json.NewEncoder(s.writing)
	s.encoder.SetEscapeHTML(false)
	return s, nil
}

func (s *spool) add(g diagnosis) error {
	if err := s.encoder.Encode(g); err != nil {
		return fmt.Errorf("keeping what is found: %w; TMPDIR names another folder", err)
	}
	return nil
}

// each gives every diagnosis, in the order in which they came. Nothing is added after it.
func (s *spool) each(f func(diagnosis) error) error {
	if err := s.writing.Flush(); err != nil {
		return fmt.Errorf("keeping what is found: %w; TMPDIR names another folder", err)
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading what was found: %w", err)
	}
	decoder := json.NewDecoder(s.file)
	for {
		var g diagnosis
		err := decoder.Decode(&g)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading what was found: %w", err)
		}
		if err := f(g); err != nil {
			return err
		}
	}
}

func (s *spool) close() error { return errors.Join(s.file.Close(), os.Remove(s.file.Name())) }
