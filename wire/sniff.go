package wire

import (
	"encoding/xml"
	"errors"
	"io"
)

// XMLRoot returns the local name of the root element without reading further. It is for
// telling what a document is; XML checks it.
func XMLRoot(body []byte, limits Limits) (string, error) {
	text, base, err := open(body, &limits)
	if err != nil {
		return "", err
	}
	r := newXMLReader(text, base, nil, limits)
	for {
		token, err := r.token()
		switch {
		case errors.Is(err, io.EOF):
			return "", r.syntax("it has no element")
		case err != nil:
			return "", err
		}
		if start, ok := token.(xml.StartElement); ok {
			return start.Name.Local, nil
		}
	}
}

// CSVColumns returns the names in the header without reading further. It is for telling what
// a file is; CSV checks it.
func CSVColumns(body []byte, options CSVOptions, limits Limits) ([]string, error) {
	text, base, err := open(body, &limits)
	if err != nil {
		return nil, err
	}
	columns, _, err := newCSVFile(text, base, options).header()
	return columns, err
}
