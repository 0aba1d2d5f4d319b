package store

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"
)

// ErrNotFound is what Get, Open and Head return for a key that does not exist.
var ErrNotFound = errors.New("no such object")

// ErrExists is what PutIfAbsent returns for a key that is taken.
var ErrExists = errors.New("object exists")

// Info is what is known of an object without its body. ETag has no quotes. List leaves ContentType, CacheControl and
// Metadata empty. Metadata keys are lower case.
type Info struct {
	Key          string
	Size         int64 // bytes
	ETag         string
	LastModified time.Time
	ContentType  string
	CacheControl string
	Metadata     map[string]string
}

// Object is what is written.
type Object struct {
	Body         []byte
	ContentType  string
	CacheControl string
	Metadata     map[string]string // lower-case keys; any Unicode value, encoded on the way as needed
}

// Objects is one bucket.
//
// Every error but ErrNotFound and ErrExists is worth a retry unless it wraps ErrDenied. A cancelled context returns its
// error. Implementations are safe for use by several goroutines.
type Objects interface {
	// Head describes an object.
	Head(ctx context.Context, key string) (Info, error)
	// Open describes an object and starts reading it; the caller closes the body. The body ends in
	// io.ErrUnexpectedEOF when the connection is cut short of Info.Size.
	Open(ctx context.Context, key string) (Info, io.ReadCloser, error)
	// Put writes an object, whatever is there, and returns its ETag.
	Put(ctx context.Context, key string, object Object) (etag string, err error)
	// PutIfAbsent writes an object and returns its ETag, or returns ErrExists and leaves what is there alone.
	PutIfAbsent(ctx context.Context, key string, object Object) (etag string, err error)
	// Delete removes objects; keys that do not exist are no error.
	Delete(ctx context.Context, keys ...string) error
	// List yields every object below prefix in ascending order of the keys' bytes, starting after startAfter.
	List(ctx context.Context, prefix, startAfter string) iter.Seq2[Info, error]
}

// ErrDenied is wrapped by errors of calls that the credentials do not allow: a retry will not help.
var ErrDenied = errors.New("access denied")
