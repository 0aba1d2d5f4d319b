package machine

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// listen takes the port, or a free one when it is taken.
func (m *Machine) listen(ctx context.Context, what string, port int) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil && port != 0 {
		listener, err = config.Listen(ctx, "tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	m.moved(what, port, "http://"+listener.Addr().String())
	return listener, nil
}

func (m *Machine) moved(what string, port int, url string) {
	if port != 0 && !strings.HasSuffix(url, ":"+strconv.Itoa(port)) {
		m.Moved = append(m.Moved, fmt.Sprintf("port %d is taken: %s is at %s", port, what, url))
	}
}

func (m *Machine) serve(base context.Context, listener net.Listener, handler http.Handler) {
	front := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return base },
	}
	m.fronts = append(m.fronts, front)
	m.serving.Go(func() { _ = front.Serve(listener) })
}

func (m *Machine) closeFronts() {
	for _, front := range m.fronts {
		_ = front.Close()
	}
	m.serving.Wait()
}
