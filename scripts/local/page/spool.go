package page

import (
	"io"
	"os"
)

// spooled is an upload on its way, in a temporary file: S3 wants to know its size and checksum first.
type spooled struct{ *os.File }

func spool(body io.Reader) (*spooled, error) {
	file, err := os.CreateTemp("", "presize-upload-")
	if err != nil {
		return nil, err
	}
	s := &spooled{file}
	if _, err := io.Copy(file, body); err != nil {
		s.remove()
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

func (s *spooled) remove() {
	_ = s.Close()
	_ = os.Remove(s.Name())
}
