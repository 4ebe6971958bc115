package wire

// XMLOpening returns the local name of the root element, then that of its first child, that of
// the child's first child, and so on: at most depth names, without reading further. It is for
// telling what a document is; XML checks it.
func XMLOpening(body []byte, depth int, limits Limits) ([]string, error) {
	src, err := openXML(body, &limits)
	if err != nil {
		return nil, err
	}
	places, scan := src.places(), xmlScanner{text: string(src.text)}
	var names []string
	for len(names) < depth {
		switch scan.next() {
		case xmlOver:
			return nil, syntax(places.of(scan.at), "it has no element")
		case xmlWrong:
			return nil, syntax(places.of(scan.at), "%s", scan.problem)
		case xmlBegin:
			names = append(names, localName(scan.name))
		case xmlEnd:
			return names, nil
		}
	}
	return names, nil
}

// CSVColumns returns the names in the header without reading further. It is for telling what
// a file is; CSV checks it.
func CSVColumns(body []byte, options CSVOptions, limits Limits) ([]string, error) {
	file, err := newCSVFile(body, options, &limits)
	if err != nil {
		return nil, err
	}
	return file.columns, nil
}
