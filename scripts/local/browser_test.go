package main_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/presize/presize/functions/pipeline/preset"
)

// browser is Chromium with the page open.
type browser struct {
	t   *testing.T
	ctx context.Context //nolint:containedctx // chromedp keeps the browser in it

	mu         sync.Mutex
	holding    bool
	held       []fetch.RequestID
	complaints []string // of the browser and of the page's scripts
}

// findChromium names the program, or skips the test.
func findChromium(t *testing.T) string {
	t.Helper()
	if named := os.Getenv("CHROMIUM"); named != "" {
		return named
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("NOT TESTED: there is no Chromium; install chromium or google-chrome, or name one by CHROMIUM=/path/to/it")
	return ""
}

// openPage opens the page in a browser without a window, whose requests for pictures can be held.
func openPage(t *testing.T, url string) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(findChromium(t)), chromedp.NoSandbox, chromedp.WindowSize(1280, 1100))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, closeBrowser := chromedp.NewContext(allocator)
	t.Cleanup(closeBrowser)
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.event); err != nil {
		t.Fatal(err)
	}
	pictures := []*fetch.RequestPattern{{URLPattern: shared.CDN + "/*", ResourceType: network.ResourceTypeImage}}
	if _, err := chromedp.Call(ctx, fetch.Enable, fetch.EnableParams{Patterns: pictures}); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate(url))
	b.until(`document.getElementById("connection")?.textContent === "live"`)
	b.do(discard(chromedp.Evaluate[bool](`window.loadedOnce = true`)))
	return b
}

func discard[T any](action chromedp.Action[T]) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := action(ctx, target)
		return chromedp.Void{}, err
	}
}

func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

func evaluate[T any](b *browser, expression string, options ...chromedp.EvaluateOption) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, options...))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// until waits for a condition of the page, in JavaScript. The page's own policy forbids what chromedp waits with.
func (b *browser) until(condition string) {
	b.t.Helper()
	for end := time.Now().Add(time.Minute); !evaluate[bool](b, "Boolean("+condition+")"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			b.screenshot("failed")
			b.t.Fatalf("it does not come to %s", condition)
		}
	}
}

// event holds requests for pictures for as long as the test wants to see what is shown meanwhile, and notes complaints.
func (b *browser) event(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch event := event.(type) {
	case *fetch.EventRequestPaused:
		if b.holding {
			b.held = append(b.held, event.RequestID)
			return
		}
		go b.release(event.RequestID)
	case *log.EventEntryAdded:
		b.complaints = append(b.complaints, event.Entry.Text+" "+event.Entry.URL)
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, event.ExceptionDetails.Text)
	}
}

func (b *browser) release(id fetch.RequestID) {
	// An error says that the page has given the request up meanwhile.
	_, _ = chromedp.Call(b.ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: id})
}

func (b *browser) hold() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.holding = true
}

func (b *browser) letGo() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.holding = false
	for _, id := range b.held {
		go b.release(id)
	}
	b.held = nil
}

// screenshots is where the pictures of one run are, for people to look at.
var screenshots = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "presize-page-") })

func (b *browser) screenshot(name string) string {
	b.t.Helper()
	folder, err := screenshots()
	if err != nil {
		b.t.Fatal(err)
	}
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	path := filepath.Join(folder, name+".png")
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.t.Logf("screenshot: %s", path)
	return path
}

// choose uploads a file by the page's own button, under another name.
func (b *browser) choose(name string, body []byte) {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name)
	if err := os.WriteFile(path, body, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#files"), []string{path}))
}

func card(name string) string { return `.original[data-key="` + shared.Config.Originals + name + `"]` }

// shows is a condition: each of the original's tiles shows this.
func shows(name, what string) string {
	return `((tiles) => tiles.length === 4 && tiles.every((tile) => tile.dataset.shows === "` + what + `"))` +
		`([...document.querySelectorAll('` + card(name) + ` .variant')])`
}

func exists(selector string) string { return `document.querySelector('` + selector + `') !== null` }

// likeness is how far the placeholder of the small tile is from its picture, as a mean over pixels and channels, in 0 to 255.
const likeness = `(async () => {
  const tile = document.querySelector('CARD .variant[data-preset=small]');
  const placeholder = tile.querySelector("canvas");
  const {width, height} = placeholder;
  const picture = await createImageBitmap(await (await fetch(tile.querySelector("img").src)).blob());
  const [a, b] = [placeholder, picture].map((source) => {
    const context = Object.assign(document.createElement("canvas"), {width, height}).getContext("2d");
    context.drawImage(source, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  });
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
})()`

// like compares the placeholder with the picture.
func (b *browser) like(name string) {
	b.t.Helper()
	distance := evaluate[float64](b, strings.Replace(likeness, "CARD", card(name), 1), chromedp.EvalAwaitPromise)
	b.t.Logf("the placeholder is %.1f of 255 from the picture", distance)
	if distance > 30 {
		b.t.Errorf("the placeholder is %.1f from the picture", distance)
	}
}

// click waits for what it clicks.
func (b *browser) click(selector string) {
	b.t.Helper()
	b.until(exists(selector))
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// TestPage uploads, overwrites, fails and deletes by the page in a browser: the placeholder, then the variant, the reason, and
// nothing any more, all without a reload.
func TestPage(t *testing.T) {
	const name = "page-coffee.jpg"
	b := openPage(t, shared.Page)

	b.hold()
	b.choose(name, readFile(t, filepath.Join("testdata", "originals", "photos", "coffee.jpg")))
	b.until(shows(name, "placeholder"))
	b.screenshot("1-placeholder")
	b.letGo()
	b.until(shows(name, "variant"))
	b.like(name)
	b.until(exists(`#completions li[data-status=ready][data-key="` + shared.Config.Originals + name + `"]`))

	b.click(card(name) + " details:not([hidden]) > summary")
	b.until(exists(card(name) + " .manifest table"))

	// The placeholder of the picture before stays until the other one is there.
	b.hold()
	b.choose(name, readFile(t, filepath.Join("testdata", "originals", "photos", "rocket.jpg")))
	b.until(`document.querySelector('` + card(name) + ` .facts').textContent.includes("640 × 427")`)
	b.until(shows(name, "placeholder"))
	b.letGo()
	b.until(shows(name, "variant"))
	b.like(name)

	photo := readFile(t, filepath.Join("testdata", "originals", "photos", "dandelion.jpg"))
	b.choose("page-cut.jpg", photo[:len(photo)/3])
	b.until(`document.querySelector('` + card("page-cut.jpg") + ` .why')?.textContent.includes("corrupt")`)
	b.until(`document.querySelector('` + card("page-cut.jpg") + ` .why').textContent.includes("` + shared.Config.Resized + string(preset.FailedRecord) + `/page-cut.jpg.json")`)
	b.screenshot("2-variants")

	for _, gone := range []string{"page-cut.jpg", name} {
		button := card(gone) + " .remove"
		b.click(button)
		b.click(button + ".sure")
		b.until("!(" + exists(card(gone)) + ")")
		b.until(exists(`#completions li[data-status=removed][data-key="` + shared.Config.Originals + gone + `"]`))
	}
	if !evaluate[bool](b, `window.loadedOnce === true`) {
		t.Error("the page was loaded anew")
	}
	b.screenshot("3-deleted")
	if left := below(t, shared, "page-"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.complaints) > 0 {
		t.Errorf("the browser complains: %q", b.complaints)
	}
}
