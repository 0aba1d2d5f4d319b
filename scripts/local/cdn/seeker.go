package cdn

import (
	"errors"
	"io"
)

// seeker lets http.ServeContent seek in a body that can only be read: forwards, by reading.
type seeker struct {
	body io.Reader
	size int64
	read int64 // how far the body was read
	want int64 // where the next Read begins
}

// Seek notes where the next Read begins.
func (s *seeker) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += s.want
	case io.SeekEnd:
		offset += s.size
	}
	s.want = offset
	return offset, nil
}

// Read reads from there.
func (s *seeker) Read(p []byte) (int, error) {
	if s.want < s.read {
		return 0, errors.New("reading backwards")
	}
	if s.want > s.read {
		skipped, err := io.CopyN(io.Discard, s.body, s.want-s.read)
		s.read += skipped
		if err != nil {
			return 0, err
		}
	}
	n, err := s.body.Read(p)
	s.read += int64(n)
	s.want = s.read
	return n, err
}
