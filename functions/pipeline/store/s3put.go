package store

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Put writes an object, whatever is there.
func (s *S3) Put(ctx context.Context, key string, object Object) (string, error) {
	return s.put(ctx, key, object, nil)
}

// conflictAttempts and conflictDelay are how PutIfAbsent meets 409 ConditionalRequestConflict, which S3 answers while
// another conditional write of the key is under way and asks to be retried.
const (
	conflictAttempts = 5
	conflictDelay    = 50 * time.Millisecond // doubled each time, and up to half more
)

// PutIfAbsent writes an object unless the key is taken.
func (s *S3) PutIfAbsent(ctx context.Context, key string, object Object) (string, error) {
	delay := conflictDelay
	for attempt := 1; ; attempt++ {
		etag, err := s.put(ctx, key, object, aws.String("*"))
		if attempt == conflictAttempts || !isConflict(err) {
			return etag, err
		}
		select {
		case <-ctx.Done():
			return "", s.failed(ctx, "s3:PutObject", key, err)
		case <-time.After(delay + rand.N(delay/2)):
		}
		delay *= 2
	}
}

func (s *S3) put(ctx context.Context, key string, object Object, ifNoneMatch *string) (string, error) {
	if err := checkKey(key); err != nil {
		return "", err
	}
	metadata, err := encodeMetadata(object.Metadata)
	if err != nil {
		return "", fmt.Errorf("%q: %w", key, err)
	}
	input := &s3.PutObjectInput{
		Bucket:        &s.bucket,
		Key:           &key,
		Body:          bytes.NewReader(object.Body),
		ContentLength: aws.Int64(int64(len(object.Body))),
		// Given, it travels as a header. The SDK's own would travel after the body in aws-chunked encoding, which some
		// S3-compatible servers store as if it were the body.
		ChecksumCRC32: aws.String(checksum(object.Body)),
		IfNoneMatch:   ifNoneMatch,
		Metadata:      metadata,
	}
	if object.ContentType != "" {
		input.ContentType = &object.ContentType
	}
	if object.CacheControl != "" {
		input.CacheControl = &object.CacheControl
	}
	out, err := s.client.PutObject(ctx, input)
	if err != nil {
		return "", s.failed(ctx, "s3:PutObject", key, err)
	}
	return unquote(out.ETag), nil
}

func checksum(body []byte) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)))
}
