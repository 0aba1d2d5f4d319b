package cdn

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Distribution is the ID of the one distribution that there is.
const Distribution = "EPRESIZEONTHISMACHINE"

// APIPath is what the paths of CloudFront's API begin with.
const APIPath = "/2020-05-31/"

// maxPaths is how many single paths may be in progress, so how many one invalidation may have.
const maxPaths = 3000

// xmlns is the namespace of every answer.
const xmlns = "http://cloudfront.amazonaws.com/doc/2020-05-31/"

// batch is what an invalidation is asked for with.
type batch struct {
	Paths struct {
		Quantity int `xml:"Quantity"`
		Items    struct {
			Path []string `xml:"Path"`
		} `xml:"Items"`
	} `xml:"Paths"`
	CallerReference string `xml:"CallerReference"`
}

func (b batch) same(other batch) bool {
	return strings.Join(b.Paths.Items.Path, "\n") == strings.Join(other.Paths.Items.Path, "\n")
}

// Invalidation is one that was asked for.
type Invalidation struct {
	XMLName           xml.Name `xml:"Invalidation"`
	Xmlns             string   `xml:"xmlns,attr"`
	ID                string   `xml:"Id"`
	Status            string
	CreateTime        time.Time
	InvalidationBatch batch
}

// Paths are the paths that it has, as they were written.
func (i Invalidation) Paths() []string { return i.InvalidationBatch.Paths.Items.Path }

// API is CloudFront's API as far as invalidations go: CreateInvalidation and GetInvalidation. An invalidation is over when
// it is answered. Signatures are not looked at; scripts of web pages are kept out.
// See https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html.
func (f *Front) API() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+APIPath+"distribution/{id}/invalidation", f.createInvalidation)
	mux.HandleFunc("GET "+APIPath+"distribution/{id}/invalidation/{invalidation}", f.getInvalidation)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		deny(w, http.StatusNotFound, "UnknownOperation", r.Method+" "+r.URL.Path+" is not emulated here")
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

func (f *Front) createInvalidation(w http.ResponseWriter, r *http.Request) {
	if id := r.PathValue("id"); id != Distribution {
		deny(w, http.StatusNotFound, "NoSuchDistribution", fmt.Sprintf("The specified distribution does not exist: %s; here is %s", id, Distribution))
		return
	}
	asked, patterns, refusal := readBatch(http.MaxBytesReader(w, r.Body, maxPaths*maxPath))
	if refusal != nil {
		deny(w, http.StatusBadRequest, refusal.code, refusal.Error())
		return
	}
	made, err := f.invalidate(asked, patterns)
	if err != nil {
		deny(w, http.StatusBadRequest, "InvalidationBatchAlreadyExists", err.Error())
		return
	}
	w.Header().Set("Location", "https://cloudfront.amazonaws.com"+r.URL.Path+"/"+made.ID)
	answer(w, http.StatusCreated, made)
}

// refusal is an error with CloudFront's code.
type refusal struct {
	code string
	err  error
}

func (r *refusal) Error() string { return r.err.Error() }

func readBatch(body io.Reader) (batch, []pattern, *refusal) {
	var asked batch
	if err := xml.NewDecoder(body).Decode(&asked); err != nil {
		return batch{}, nil, &refusal{"MalformedXML", err}
	}
	paths := asked.Paths.Items.Path
	switch {
	case asked.CallerReference == "":
		return batch{}, nil, &refusal{"MissingArgument", errors.New("the CallerReference is missing")}
	case asked.Paths.Quantity != len(paths) || len(paths) == 0:
		return batch{}, nil, &refusal{"InconsistentQuantities", fmt.Errorf("the Quantity is %d, the paths are %d", asked.Paths.Quantity, len(paths))}
	case len(paths) > maxPaths:
		return batch{}, nil, &refusal{"BatchTooLarge", fmt.Errorf("%d paths; it must be %d at most", len(paths), maxPaths)}
	}
	patterns := make([]pattern, len(paths))
	for i, path := range paths {
		var err error
		if patterns[i], err = parsePattern(path); err != nil {
			return batch{}, nil, &refusal{"InvalidArgument", fmt.Errorf("your request contains one or more invalid invalidation paths: %q: %w", path, err)}
		}
	}
	return asked, patterns, nil
}

func (f *Front) getInvalidation(w http.ResponseWriter, r *http.Request) {
	for _, made := range f.Invalidations() {
		if r.PathValue("id") == Distribution && made.ID == r.PathValue("invalidation") {
			answer(w, http.StatusOK, made)
			return
		}
	}
	deny(w, http.StatusNotFound, "NoSuchInvalidation", "The specified invalidation does not exist.")
}

// deny writes an error as CloudFront does.
func deny(w http.ResponseWriter, status int, code, message string) {
	type fault struct{ Type, Code, Message string }
	answer(w, status, struct {
		XMLName   xml.Name `xml:"ErrorResponse"`
		Xmlns     string   `xml:"xmlns,attr"`
		Error     fault
		RequestID string `xml:"RequestId"`
	}{Xmlns: xmlns, Error: fault{"Sender", code, message}, RequestID: newID()})
}

func answer(w http.ResponseWriter, status int, body any) {
	encoded, err := xml.Marshal(body)
	if err != nil {
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), encoded...)) // a client that cannot be written to is gone
}
