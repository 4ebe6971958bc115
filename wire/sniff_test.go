package wire

import (
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
)

func TestXMLOpening(t *testing.T) {
	for _, c := range []struct {
		name, in string
		depth    int
		want     string
	}{
		{"what follows is not read", "\ufeff<?xml version='1.0'?><!-- x --><p:POSLog xmlns:p='u'><broken", 1, "POSLog"},
		{"first children", "<p:Document xmlns:p='u'> <p:Stmt><p:Id>1</p:Id><p:Ntry/></p:Stmt></p:Document>", 3, "Document/Stmt/Id"},
		{"no child", "<a> text </a>", 2, "a"},
		{"an empty first child", "<a><b/><c><d/></c></a>", 3, "a/b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := XMLOpening([]byte(c.in), c.depth, Limits{})
			if err != nil || strings.Join(got, "/") != c.want {
				t.Errorf("got %q, %v, want %s", got, err, c.want)
			}
		})
	}
	for _, in := range []string{"", "{}", "<!DOCTYPE a><a/>", "\xff<a/>"} {
		_, err := XMLOpening([]byte(in), 1, Limits{})
		wantCode(t, err, fault.BadSyntax, "")
	}
	_, err := XMLOpening([]byte("<a><b"), 2, Limits{})
	wantCode(t, err, fault.BadSyntax, "")
}

func TestCSVColumns(t *testing.T) {
	got, err := CSVColumns([]byte("a; b\n1"), CSVOptions{Delimiter: ';'}, Limits{})
	if err != nil || strings.Join(got, "|") != "a|b" {
		t.Errorf("got %q, %v, want a and b", got, err)
	}
	_, err = CSVColumns(nil, CSVOptions{}, Limits{})
	wantCode(t, err, fault.BadSyntax, "byte 0")
}
