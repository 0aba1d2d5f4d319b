package store

import (
	"context"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// S3 is a bucket of S3 or of a server that speaks its protocol. A missing bucket looks like a missing object to Head,
// because S3's answer to it has no body.
type S3 struct {
	client *s3.Client
	bucket string
}

var _ Objects = (*S3)(nil)

// NewS3 is the bucket as client reaches it. Connect makes clients that suit.
func NewS3(client *s3.Client, bucket string) *S3 { return &S3{client: client, bucket: bucket} }

// Head describes an object.
func (s *S3) Head(ctx context.Context, key string) (Info, error) {
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	out, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &s.bucket, Key: &key})
	if err != nil {
		return Info{}, s.failed(ctx, "s3:GetObject", key, err)
	}
	return Info{
		Key:          key,
		Size:         aws.ToInt64(out.ContentLength),
		ETag:         unquote(out.ETag),
		LastModified: aws.ToTime(out.LastModified).UTC(),
		ContentType:  aws.ToString(out.ContentType),
		CacheControl: aws.ToString(out.CacheControl),
		Metadata:     decodeMetadata(out.Metadata),
	}, nil
}

// Open describes an object and starts reading it.
func (s *S3) Open(ctx context.Context, key string) (Info, io.ReadCloser, error) {
	if err := checkKey(key); err != nil {
		return Info{}, nil, err
	}
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: &key})
	if err != nil {
		return Info{}, nil, s.failed(ctx, "s3:GetObject", key, err)
	}
	info := Info{
		Key:          key,
		Size:         aws.ToInt64(out.ContentLength),
		ETag:         unquote(out.ETag),
		LastModified: aws.ToTime(out.LastModified).UTC(),
		ContentType:  aws.ToString(out.ContentType),
		CacheControl: aws.ToString(out.CacheControl),
		Metadata:     decodeMetadata(out.Metadata),
	}
	return info, &body{ctx: ctx, ReadCloser: out.Body, key: key, left: info.Size}, nil
}

func unquote(etag *string) string { return strings.Trim(aws.ToString(etag), `"`) }
