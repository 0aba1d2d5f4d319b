package store_test

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/store"
)

func TestS3PutRequest(t *testing.T) {
	s, log := serve(t, func(w http.ResponseWriter, _ request) { w.Header().Set("ETag", `"0123"`) })
	etag, err := s.Put(t.Context(), "a b/é+%.jpg", store.Object{
		Body: []byte("123456789"), ContentType: "image/webp", CacheControl: "no-cache",
		Metadata: map[string]string{
			"original": "originals/Zürich 100%.jpg", "empty": "", "long": strings.Repeat("日", 341),
		},
	})
	if err != nil || etag != "0123" {
		t.Fatalf("ETag %q, %v", etag, err)
	}
	r := log.requests[0]
	got := map[string]string{"path": r.path, "body": r.body}
	for _, name := range []string{
		"Content-Type", "Cache-Control", "Content-Encoding", "X-Amz-Checksum-Crc32", "If-None-Match",
		"X-Amz-Meta-Original", "X-Amz-Meta-Empty",
	} {
		got[name] = r.header.Get(name)
	}
	want := map[string]string{
		"path": "/photos/a%20b/%C3%A9%2B%25.jpg",
		"body": "123456789", // not in aws-chunked encoding
		// CBF43926, the check value that the CRC-32 of "123456789" is known by.
		"X-Amz-Checksum-Crc32": "y/Q5Jg==",
		"Content-Type":         "image/webp", "Cache-Control": "no-cache", "Content-Encoding": "", "If-None-Match": "",
		"X-Amz-Meta-Original": "originals/Z%C3%BCrich%20100%25.jpg", "X-Amz-Meta-Empty": "%:",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	if long := r.header.Get("X-Amz-Meta-Long"); len(long) != 2+1364 || !regexp.MustCompile(`^%:[A-Za-z0-9_-]+$`).MatchString(long) {
		t.Errorf("1,023 bytes of kanji travel as %.40q..., %d characters", long, len(long))
	}
}

func TestS3ForeignMetadata(t *testing.T) {
	stored := map[string]string{
		"Plain": "as it is + more", "Percent": "100% sure", "Broken": "%:not base64!", "Mime": "=?UTF-8?Q?=C3=BC?=", "Encoded": "%C3%BC",
	}
	s, _ := serve(t, func(w http.ResponseWriter, _ request) {
		for name, value := range stored {
			w.Header().Set("X-Amz-Meta-"+name, value)
		}
	})
	info, err := s.Head(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"plain": "as it is + more", "percent": "100% sure", "broken": "%:not base64!", "mime": "=?UTF-8?Q?=C3=BC?=", "encoded": "ü",
	}
	if diff := cmp.Diff(want, info.Metadata); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}

func TestS3ListKeys(t *testing.T) {
	for name, c := range map[string]struct {
		encoding, key, want string
	}{
		"as S3 encodes":        {"<EncodingType>url</EncodingType>", "a+b%2Bc%01%25/%C3%A9.jpg", "a b+c\x01%/é.jpg"},
		"as others encode":     {"<EncodingType>url</EncodingType>", "a%20b%2Bc.jpg", "a b+c.jpg"},
		"asked, but unencoded": {"", "a+b%20c &amp; d.jpg", "a+b%20c & d.jpg"},
	} {
		t.Run(name, func(t *testing.T) {
			s, log := serve(t, func(w http.ResponseWriter, _ request) {
				_, _ = fmt.Fprintf(w, `<ListBucketResult>%s<Contents><Key>%s</Key><Size>3</Size><ETag>"e"</ETag></Contents></ListBucketResult>`,
					c.encoding, c.key)
			})
			for info, err := range s.List(t.Context(), "a b", "a/+%") {
				if err != nil || info.Key != c.want || info.Size != 3 || info.ETag != "e" {
					t.Errorf("%+v, %v, want key %q", info, err, c.want)
				}
			}
			query := log.requests[0].query
			for _, part := range []string{"encoding-type=url", "prefix=a%20b", "start-after=a%2F%2B%25"} {
				if !strings.Contains(query, part) {
					t.Errorf("query %q without %q", query, part)
				}
			}
		})
	}
}

func TestS3ListOutOfOrder(t *testing.T) {
	for name, body := range map[string]string{
		"unsorted":      `<Contents><Key>b</Key></Contents><Contents><Key>a</Key></Contents>`,
		"page repeated": `<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken><Contents><Key>b</Key></Contents>`,
		"bad encoding":  `<EncodingType>url</EncodingType><Contents><Key>b</Key></Contents><Contents><Key>c%zz</Key></Contents>`,
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := serve(t, func(w http.ResponseWriter, _ request) {
				_, _ = fmt.Fprint(w, "<ListBucketResult>", body, "</ListBucketResult>")
			})
			var got []string
			for info, err := range s.List(t.Context(), "", "") {
				got = append(got, fmt.Sprint(info.Key, err != nil))
			}
			if diff := cmp.Diff([]string{"bfalse", "true"}, got); diff != "" {
				t.Errorf("keys and errors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestS3DeleteBatches(t *testing.T) {
	s, log := serve(t, func(w http.ResponseWriter, r request) {
		if r.method == http.MethodDelete {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		_, _ = fmt.Fprint(w, `<DeleteResult>
			<Error><Key>denied.jpg</Key><Code>AccessDenied</Code><Message>no</Message></Error>
			<Error><Key>missing.jpg</Key><Code>NoSuchKey</Code><Message>none</Message></Error>
			<Error><Key>broken.jpg</Key><Code>InternalError</Code><Message>again</Message></Error></DeleteResult>`)
	})
	keys := []string{"control\x01.jpg", "a&b\n.jpg"}
	for i := range 1000 {
		keys = append(keys, fmt.Sprintf("%d.jpg", i))
	}
	err := s.Delete(t.Context(), keys...)
	for _, said := range []string{`"denied.jpg"`, `"broken.jpg"`, "AccessDenied", "InternalError"} {
		if err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("%v does not say %s", err, said)
		}
	}
	if !errors.Is(err, store.ErrDenied) || strings.Contains(err.Error(), "missing.jpg") {
		t.Errorf("%v, want ErrDenied of the one that was denied and nothing of the missing one", err)
	}
	var got []string
	for _, r := range log.requests {
		got = append(got, fmt.Sprintf("%s %s %d", r.method, r.path, strings.Count(r.body, "<Key>")))
	}
	want := []string{"DELETE /photos/control%01.jpg 0", "POST /photos 1000", "POST /photos 1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if first := log.requests[1].body; !strings.Contains(first, "<Key>a&amp;b&#xA;.jpg</Key>") {
		t.Errorf("the first batch is %.200q...", first)
	}
}
