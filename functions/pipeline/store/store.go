package store

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"
)

// ErrNotFound is what Open and Head return for a key that does not exist.
var ErrNotFound = errors.New("no such object")

// ErrExists is what PutIfAbsent returns for a key that is taken.
var ErrExists = errors.New("object exists")

// ErrDenied is wrapped by errors of calls that the credentials do not allow: a retry will not help.
var ErrDenied = errors.New("access denied")

// ErrNoBucket is wrapped by errors of calls on a bucket that does not exist, or not in the region: a retry will not help.
var ErrNoBucket = errors.New("no such bucket")

// ErrArchived is wrapped by Open's error for an object in an archive, which has to be restored first.
var ErrArchived = errors.New("object is archived")

// ErrInvalid is wrapped by errors of calls that S3 could never carry out: an empty key or one of more than 1,024 bytes,
// metadata of more than 2 KB. A retry will not help.
var ErrInvalid = errors.New("invalid request")

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
// Retryable says which errors are worth a retry. A cancelled context returns its error. Implementations are safe for
// use by several goroutines.
type Objects interface {
	// Head describes an object.
	Head(ctx context.Context, key string) (Info, error)
	// Open describes an object and starts reading it; the caller closes the body. The body ends in
	// io.ErrUnexpectedEOF when the connection is cut short of Info.Size.
	Open(ctx context.Context, key string) (Info, io.ReadCloser, error)
	// Put writes an object, whatever is there, and returns its ETag.
	Put(ctx context.Context, key string, object Object) (etag string, err error)
	// PutIfAbsent writes an object and returns its ETag, or returns ErrExists and leaves what is there alone. After a
	// lost answer, what is there may be what this very call wrote.
	PutIfAbsent(ctx context.Context, key string, object Object) (etag string, err error)
	// Delete removes objects; keys that do not exist are no error. One key's failure does not keep the others.
	Delete(ctx context.Context, keys ...string) error
	// List yields every object below prefix in ascending order of the keys' bytes, starting after startAfter. An error
	// ends it.
	List(ctx context.Context, prefix, startAfter string) iter.Seq2[Info, error]
}

// Retryable says whether the call that returned err may succeed when it is repeated as it was.
func Retryable(err error) bool {
	for _, permanent := range []error{ErrNotFound, ErrExists, ErrDenied, ErrNoBucket, ErrArchived, ErrInvalid} {
		if errors.Is(err, permanent) {
			return false
		}
	}
	return err != nil
}
