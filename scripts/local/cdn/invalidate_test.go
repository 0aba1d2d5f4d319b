package cdn_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/presize/presize/scripts/local/cdn"
)

const here = "/2020-05-31/distribution/" + cdn.Distribution + "/invalidation"

type requestedBatch struct {
	XMLName         xml.Name `xml:"InvalidationBatch"`
	Quantity        int      `xml:"Paths>Quantity"`
	Path            []string `xml:"Paths>Items>Path"`
	CallerReference string
}

// ask sends a request to the API and gives the answer's status and body.
func (e *edge) ask(method, path, body string, header map[string]string) (int, string, http.Header) {
	e.t.Helper()
	request, err := http.NewRequestWithContext(e.t.Context(), method, e.api+path, strings.NewReader(body))
	if err != nil {
		e.t.Fatal(err)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		e.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	return response.StatusCode, string(content), response.Header
}

// invalidate asks for an invalidation as SDKs do.
func (e *edge) invalidate(reference string, want int, paths ...string) string {
	e.t.Helper()
	body, err := xml.Marshal(requestedBatch{Quantity: len(paths), Path: paths, CallerReference: reference})
	if err != nil {
		e.t.Fatal(err)
	}
	status, answer, _ := e.ask(http.MethodPost, here, string(body), nil)
	if status != want {
		e.t.Errorf("%v: %d %s", paths, status, answer)
	}
	return answer
}

// TestInvalidation asks for paths and sees which copies are gone.
func TestInvalidation(t *testing.T) {
	all := []string{
		"/resized/small/a.jpg", "/resized/small/a.jpg?v=1", "/resized/small/a.jpg?v=12", "/resized/small/a%2Bb%20%C3%BC.jpg", "/resized/small/ab/c.jpg",
		"/resized/thumb/a%2A.webp",
	}
	for name, test := range map[string]struct {
		paths []string
		gone  []int
	}{
		"one":                    {[]string{"/resized/small/a.jpg"}, []int{0}},
		"without its slash":      {[]string{"resized/small/a.jpg"}, []int{0}},
		"of a version":           {[]string{"/resized/small/a.jpg?v=1"}, []int{1}},
		"of versions":            {[]string{"/resized/small/a.jpg?v=1*"}, []int{1, 2}},
		"every version":          {[]string{"/resized/small/a.jpg*"}, []int{0, 1, 2}},
		"encoded":                {[]string{"/resized/small/a%2Bb%20%C3%BC.jpg"}, []int{3}},
		"encoded as asked for":   {[]string{"/resized/small/a+b%20%C3%BC.jpg"}, []int{3}},
		"a folder":               {[]string{"/resized/small/*"}, []int{0, 1, 2, 3, 4}},
		"what begins so":         {[]string{"/resized/small/ab*"}, []int{4}},
		"a star that is none":    {[]string{"/resized/thumb/a%2A.webp"}, []int{5}},
		"a star in the middle":   {[]string{"/resized/*/a.jpg"}, nil},
		"everything":             {[]string{"/*"}, []int{0, 1, 2, 3, 4, 5}},
		"several":                {[]string{"/resized/small/a.jpg", "/resized/small/ab/c.jpg"}, []int{0, 4}},
		"what is not there":      {[]string{"/resized/small/z.jpg", "/originals/*"}, nil},
		"the prefix of a folder": {[]string{"/resized/small/ab/"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEdge(t)
			for _, key := range []string{"resized/small/a.jpg", "resized/small/a+b ü.jpg", "resized/small/ab/c.jpg", "resized/thumb/a*.webp"} {
				e.put(key, "x", cache)
			}
			for _, path := range all {
				e.see(path, "x", miss)
			}
			e.invalidate("one", http.StatusCreated, test.paths...)
			for i, path := range all {
				e.see(path, "x", map[bool]string{true: miss, false: hit}[slices.Contains(test.gone, i)])
			}
		})
	}
}

func TestInvalidationAnswers(t *testing.T) {
	e := newEdge(t)
	first := e.invalidate("twice", http.StatusCreated, "/resized/a.jpg", "/resized/b*")
	var made cdn.Invalidation
	if err := xml.Unmarshal([]byte(first), &made); err != nil || made.Status != "Completed" || made.ID == "" || !slices.Equal(made.Paths(), []string{"/resized/a.jpg", "/resized/b*"}) {
		t.Errorf("%v, %+v in %s", err, made, first)
	}
	if status, body, _ := e.ask(http.MethodGet, here+"/"+made.ID, "", nil); status != http.StatusOK || body != first {
		t.Errorf("%d %s", status, body)
	}
	if again := e.invalidate("twice", http.StatusCreated, "/resized/a.jpg", "/resized/b*"); again != first {
		t.Errorf("the same again: %s", again)
	}
	if got := len(e.front.Invalidations()); got != 1 {
		t.Errorf("%d invalidations", got)
	}
	for name, test := range map[string]struct {
		answer, want string
	}{
		"another by the same reference": {e.invalidate("twice", http.StatusBadRequest, "/resized/c.jpg"), "InvalidationBatchAlreadyExists"},
		"no reference":                  {e.invalidate("", http.StatusBadRequest, "/a"), "MissingArgument"},
		"no paths":                      {e.invalidate("x", http.StatusBadRequest), "InconsistentQuantities"},
		"a broken path":                 {e.invalidate("x", http.StatusBadRequest, "/a%zz"), "InvalidArgument"},
		"an empty path":                 {e.invalidate("x", http.StatusBadRequest, ""), "InvalidArgument"},
		"too many":                      {e.invalidate("x", http.StatusBadRequest, make([]string, 3001)...), "BatchTooLarge"},
	} {
		if !strings.Contains(test.answer, "<Code>"+test.want+"</Code>") {
			t.Errorf("%s: %s", name, test.answer)
		}
	}
	for name, test := range map[string]struct {
		method, path, body, want string
		header                   map[string]string
		status                   int
	}{
		"another distribution": {http.MethodPost, "/2020-05-31/distribution/E1/invalidation", "", "NoSuchDistribution", nil, 404},
		"no XML":               {http.MethodPost, here, "{}", "MalformedXML", nil, 400},
		"another quantity": {
			http.MethodPost, here, "<InvalidationBatch><Paths><Quantity>2</Quantity><Items><Path>/a</Path></Items></Paths><CallerReference>x</CallerReference></InvalidationBatch>",
			"InconsistentQuantities", nil, 400,
		},
		"no such invalidation": {http.MethodGet, here + "/I1", "", "NoSuchInvalidation", nil, 404},
		"another operation":    {http.MethodGet, "/2020-05-31/distribution", "", "UnknownOperation", nil, 404},
		"another web site":     {http.MethodPost, here, "", "", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
	} {
		if status, body, _ := e.ask(test.method, test.path, test.body, test.header); status != test.status || !strings.Contains(body, test.want) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}
