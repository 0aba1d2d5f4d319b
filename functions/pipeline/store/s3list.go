package store

import (
	"context"
	"fmt"
	"iter"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// List yields every object below prefix.
func (s *S3) List(ctx context.Context, prefix, startAfter string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		input := &s3.ListObjectsV2Input{
			Bucket: &s.bucket,
			// Without it, a key with a character that XML does not have makes the answer unreadable.
			EncodingType: types.EncodingTypeUrl,
		}
		if prefix != "" {
			input.Prefix = &prefix
		}
		if startAfter != "" {
			input.StartAfter = &startAfter
		}
		last := ""
		pages := s3.NewListObjectsV2Paginator(s.client, input)
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(Info{}, s.failed(ctx, "s3:ListBucket", prefix, err))
				return
			}
			for _, object := range page.Contents {
				info, err := listed(object, page.EncodingType)
				if err == nil && info.Key <= last {
					// Whoever goes on with startAfter would miss objects; a server that repeats a page would never end.
					err = fmt.Errorf("List of bucket %q: %q came after %q: this server does not list in order", s.bucket, info.Key, last)
				}
				if err != nil {
					yield(Info{}, err)
					return
				}
				if last = info.Key; !yield(info, nil) {
					return
				}
			}
		}
	}
}

// listed is one object of a page. The SDK leaves the keys as they came; not every server encodes them when asked to.
func listed(object types.Object, encoding types.EncodingType) (Info, error) {
	key := aws.ToString(object.Key)
	if encoding == types.EncodingTypeUrl {
		decoded, err := url.QueryUnescape(key) // S3 writes a space as +
		if err != nil {
			return Info{}, fmt.Errorf("listed key %q is not URL-encoded as the server says: %w", key, err)
		}
		key = decoded
	}
	return Info{
		Key:          key,
		Size:         aws.ToInt64(object.Size),
		ETag:         unquote(object.ETag),
		LastModified: aws.ToTime(object.LastModified).UTC(),
	}, nil
}
