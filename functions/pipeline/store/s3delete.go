package store

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithy "github.com/aws/smithy-go"
)

// Delete removes objects, 1,000 per call. Its error joins those of the single keys.
func (s *S3) Delete(ctx context.Context, keys ...string) error {
	if err := checkKey(keys...); err != nil {
		return err
	}
	var batch []string
	var failures []error
	for _, key := range keys {
		if inXML(key) && len(keys) > 1 {
			batch = append(batch, key)
		} else if _, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: &key}); err != nil {
			failures = append(failures, s.deleteFailed(ctx, key, err))
		}
	}
	for chunk := range slices.Chunk(batch, maxBatch) {
		failures = append(failures, s.deleteBatch(ctx, chunk)...)
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(failures...)
}

func (s *S3) deleteBatch(ctx context.Context, keys []string) []error {
	request := &types.Delete{Quiet: aws.Bool(true)}
	for _, key := range keys {
		request.Objects = append(request.Objects, types.ObjectIdentifier{Key: &key})
	}
	out, err := s.client.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &s.bucket, Delete: request})
	if err != nil {
		return []error{s.failed(ctx, "s3:DeleteObject", keys[0], err)}
	}
	var failures []error
	for _, e := range out.Errors {
		single := &smithy.GenericAPIError{Code: aws.ToString(e.Code), Message: aws.ToString(e.Message)}
		failures = append(failures, s.deleteFailed(ctx, aws.ToString(e.Key), single))
	}
	return failures
}

// deleteFailed is nil for an object that was not there, which some S3-compatible servers answer.
func (s *S3) deleteFailed(ctx context.Context, key string, err error) error {
	if err = s.failed(ctx, "s3:DeleteObject", key, err); errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// inXML says whether XML 1.0 has all of the key's characters. DeleteObjects sends keys as XML, and the SDK would replace
// the others, so that another object than the one that was meant goes.
func inXML(key string) bool {
	for _, r := range key {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return false
		}
	}
	return true
}
