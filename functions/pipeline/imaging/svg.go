package imaging

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	"github.com/presize/presize/functions/pipeline/preset"
)

// What an SVG may hold at most. The numbers leave room for any drawing by hand or tool; expansion counts every element
// as often as references to it would draw it.
const (
	maxSVGDepth     = 256
	maxSVGElements  = 200_000
	maxSVGExpansion = 500_000
	maxSVGRaster    = 25_000_000 // pixels of one embedded picture
)

// probeSVG lets libvips see an SVG only after every element, attribute and reference was read here and found to stay
// within the file: no scripts, no declarations, nothing fetched, no bombs.
func probeSVG(data []byte) (Header, error) {
	if err := checkSVG(data); err != nil {
		return Header{}, err
	}
	header, err := probeVips(data, SVG)
	header.Alpha = true
	return header, err
}

// svgElement is an element with what refers to others from it.
type svgElement struct {
	children   []*svgElement
	references []string // ids
	cost       int      // elements drawn for it; 0 not known yet, -1 being computed
}

type svgCheck struct {
	open     []*svgElement
	byID     map[string]*svgElement
	elements int
	inStyle  bool
}

func checkSVG(data []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(data))
	decoder.CharsetReader = func(charset string, input io.Reader) (io.Reader, error) {
		switch strings.ToLower(charset) {
		case "utf-8", "us-ascii", "ascii", "iso-8859-1":
			return input, nil
		}
		return nil, fmt.Errorf("encoding %q; SVG is read as UTF-8", charset)
	}
	check := &svgCheck{open: []*svgElement{{}}, byID: map[string]*svgElement{}}
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return &Error{Reason: Corrupt, Err: fmt.Errorf("SVG: %w", err)}
		}
		if err := check.token(token); err != nil {
			return err
		}
	}
	if len(check.open) != 1 || check.elements == 0 {
		return failure(Corrupt, "SVG: %d elements are not closed", len(check.open)-1)
	}
	if cost, ok := check.cost(check.open[0], 0); !ok || cost > maxSVGExpansion {
		return failure(SVGUnsafe, "references in it draw more than %d elements, or themselves", maxSVGExpansion)
	}
	return nil
}

func (c *svgCheck) token(token xml.Token) error {
	switch t := token.(type) {
	case xml.ProcInst:
		if t.Target != "xml" {
			return failure(SVGExternal, "processing instruction <?%s?>", t.Target)
		}
	case xml.Directive:
		if bytes.ContainsAny(t, "[") || !bytes.HasPrefix(bytes.ToUpper(t), []byte("DOCTYPE")) {
			return failure(SVGUnsafe, "declarations in <!%.40s>", t)
		}
	case xml.CharData:
		if c.inStyle {
			return c.css(string(t), c.open[len(c.open)-1])
		}
	case xml.StartElement:
		return c.start(t)
	case xml.EndElement:
		c.inStyle = false
		if len(c.open) == 1 {
			return failure(Corrupt, "SVG: </%s> closes nothing", t.Name.Local)
		}
		c.open = c.open[:len(c.open)-1]
	}
	return nil
}

func (c *svgCheck) start(t xml.StartElement) error {
	name := strings.ToLower(t.Name.Local)
	switch name {
	case "script", "handler", "listener", "foreignobject", "iframe":
		return failure(SVGUnsafe, "<%s> element", t.Name.Local)
	case "include":
		return failure(SVGExternal, "<%s> element", t.Name.Local)
	}
	c.elements++
	if len(c.open) > maxSVGDepth || c.elements > maxSVGElements {
		return failure(SVGUnsafe, "more than %d elements, or %d within each other", maxSVGElements, maxSVGDepth)
	}
	element := &svgElement{}
	parent := c.open[len(c.open)-1]
	parent.children = append(parent.children, element)
	c.open = append(c.open, element)
	c.inStyle = name == "style"
	for _, attribute := range t.Attr {
		if err := c.attribute(element, attribute); err != nil {
			return err
		}
	}
	return nil
}

func (c *svgCheck) attribute(element *svgElement, a xml.Attr) error {
	name := strings.ToLower(a.Name.Local)
	switch {
	case name == "id":
		c.byID[a.Value] = element
	case strings.HasPrefix(name, "on"):
		return failure(SVGUnsafe, "script in attribute %s", a.Name.Local)
	case name == "base":
		return failure(SVGExternal, "attribute xml:base=%.80q", a.Value)
	case name == "href" || name == "src":
		return c.reference(element, strings.TrimSpace(a.Value))
	case a.Name.Space == "xmlns" || name == "xmlns":
	default:
		return c.css(a.Value, element)
	}
	return nil
}

func (c *svgCheck) reference(element *svgElement, target string) error {
	if id, ok := strings.CutPrefix(target, "#"); ok {
		element.references = append(element.references, id)
		return nil
	}
	if rest, ok := strings.CutPrefix(target, "data:"); ok {
		return embedded(rest)
	}
	if target == "" {
		return nil
	}
	return failure(SVGExternal, "reference to %.80q", target)
}

var cssURL = regexp.MustCompile(`(?i)url\(\s*["']?([^"')]*)`)

// css looks at a style sheet, a style attribute, or any attribute that may hold a url().
func (c *svgCheck) css(text string, element *svgElement) error {
	lower := strings.ToLower(text)
	if strings.Contains(lower, "@import") {
		return failure(SVGExternal, "@import in a style")
	}
	if strings.Contains(text, `\`) && (c.inStyle || strings.Contains(text, ":")) {
		return failure(SVGUnsafe, "an escape in a style can hide a reference")
	}
	for _, match := range cssURL.FindAllStringSubmatch(text, -1) {
		if err := c.reference(element, strings.TrimSpace(match[1])); err != nil {
			return err
		}
	}
	return nil
}

// embedded checks a picture within the drawing: a raster image by its bytes, of bounded size.
func embedded(data string) error {
	head, body, ok := strings.Cut(data, ",")
	if !ok || !strings.HasSuffix(strings.TrimSpace(head), ";base64") {
		return failure(SVGUnsafe, "data:%.40s; only pictures in base64 may be embedded", head)
	}
	if unescaped, err := url.PathUnescape(body); err == nil {
		body = unescaped
	}
	body = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\r' || r == '\t' {
			return -1
		}
		return r
	}, body)
	raw, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return failure(Corrupt, "SVG: an embedded picture is not base64: %w", err)
	}
	header, err := Probe(raw, preset.Limits{MaxBytes: int64(len(raw)), MaxPixels: maxSVGRaster, MaxFrames: 1}, false)
	if err != nil {
		return failure(SVGUnsafe, "an embedded picture: %w", err)
	}
	if header.Type != PNG && header.Type != JPEG && header.Type != GIF && header.Type != WebP {
		return failure(SVGUnsafe, "an embedded picture is %s; PNG, JPEG, GIF and WebP may be embedded", header.Type)
	}
	return nil
}

// cost counts the elements that drawing e would visit; false when e refers to itself or the count is over the limit.
func (c *svgCheck) cost(e *svgElement, depth int) (int, bool) {
	switch {
	case e.cost > 0:
		return e.cost, true
	case e.cost < 0 || depth > 4*maxSVGDepth:
		return 0, false
	}
	e.cost = -1
	total := 1
	next := append([]*svgElement(nil), e.children...)
	for _, id := range e.references {
		if target := c.byID[id]; target != nil {
			next = append(next, target)
		}
	}
	for _, n := range next {
		cost, ok := c.cost(n, depth+1)
		if total += cost; !ok || total > maxSVGExpansion {
			return total, false
		}
	}
	e.cost = total
	return total, true
}
