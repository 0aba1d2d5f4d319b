package machine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/presize/presize/scripts/local/bucket"
	"github.com/presize/presize/scripts/local/bus"
	"github.com/presize/presize/scripts/local/cdn"
	"github.com/presize/presize/scripts/local/lambda"
)

// window is how long a removed original waits for others: folders are deleted object by object, and are to be cleaned up
// after together. The event source mapping of a queue waits so too.
const window = 300 * time.Millisecond

// startFunctions starts both functions.
func (m *Machine) startFunctions(options Options) (err error) {
	var mu sync.Mutex
	resize := m.function(options, Function, options.Bootstrap)
	resize.Observer = logged(m.Gallery.Observer(), options.Log, &mu)
	if m.Lambda, err = lambda.Start(resize); err != nil {
		return err
	}
	cleanup := m.function(options, Cleanup, options.Cleanup)
	cleanup.Observer = logged(m.Gallery.Cleanup(), options.Log, &mu)
	if m.Cleanup, err = lambda.Start(cleanup); err != nil {
		return err
	}
	m.removals = m.Cleanup.Map(window)
	return nil
}

// function is a function as Lambda would have it configured.
func (m *Machine) function(options Options, name, bootstrap string) lambda.Function {
	env := map[string]string{
		"AWS_ACCESS_KEY_ID":            bucket.AccessKey,
		"AWS_SECRET_ACCESS_KEY":        bucket.SecretKey,
		"AWS_ENDPOINT_URL_S3":          m.S3,
		"AWS_ENDPOINT_URL_CLOUDFRONT":  m.API,
		"AWS_ENDPOINT_URL_EVENTBRIDGE": m.API,
		"AWS_LAMBDA_LOG_FORMAT":        "JSON",
		"PRESIZE_PATH_STYLE":           "true",
		"PRESIZE_PRESETS":              options.Presets,
		"PRESIZE_BASE_URL":             m.CDN,
		"PRESIZE_DISTRIBUTION_ID":      cdn.Distribution,
		"PRESIZE_EVENT_BUS":            Bus,
	}
	maps.Copy(env, options.Env)
	return lambda.Function{
		Name: name, Bootstrap: bootstrap, Env: env, Region: bucket.Region,
		Timeout: options.Timeout, Processes: options.Processes, RetryWaits: options.RetryWaits,
	}
}

// logged also writes every line of a function to the log.
func logged(observer lambda.Observer, log io.Writer, mu *sync.Mutex) lambda.Observer {
	if log == nil {
		return observer
	}
	tell := observer.Line
	observer.Line = func(invocation lambda.Invocation, line string) {
		mu.Lock()
		_, _ = fmt.Fprintln(log, line) // a full disk must not stop the pipeline
		mu.Unlock()
		tell(invocation, line)
	}
	return observer
}

// api is one address for all that the functions and their users ask of AWS beside S3.
func (m *Machine) api() http.Handler {
	invoke, distribution := lambda.InvokeAPI(m.Lambda, m.Cleanup), m.Front.API()
	events := bus.Handler(Bus, func(e bus.Event) {
		_ = m.Gallery.Completed(e.DetailType, e.Detail) // somebody else's event is not shown
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("X-Amz-Target") != "":
			events.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, cdn.APIPath):
			distribution.ServeHTTP(w, r)
		default:
			invoke.ServeHTTP(w, r)
		}
	})
}

// counters are those of both functions.
func (m *Machine) counters() lambda.Counters {
	a, b := m.Lambda.Counters(), m.Cleanup.Counters()
	return lambda.Counters{
		Events: a.Events + b.Events, Pending: a.Pending + b.Pending, Running: a.Running + b.Running,
		Invocations: a.Invocations + b.Invocations, Retries: a.Retries + b.Retries, Errors: a.Errors + b.Errors,
		DeadLetters: a.DeadLetters + b.DeadLetters, ColdStarts: a.ColdStarts + b.ColdStarts, Processes: a.Processes + b.Processes,
	}
}

// Pending is how many events are queued.
func (m *Machine) Pending() int { return m.counters().Pending }

func (m *Machine) deadLetters() []lambda.DeadLetter {
	return slices.SortedStableFunc(slices.Values(append(m.Lambda.DeadLetters(), m.Cleanup.DeadLetters()...)),
		func(a, b lambda.DeadLetter) int { return cmp.Compare(a.Time.UnixNano(), b.Time.UnixNano()) })
}

// closeFunctions waits for what is queued until ctx ends.
func (m *Machine) closeFunctions(ctx context.Context) error {
	var failures []error
	for _, l := range []*lambda.Lambda{m.Lambda, m.Cleanup} {
		if l != nil {
			failures = append(failures, l.Close(ctx))
		}
	}
	return errors.Join(failures...)
}
