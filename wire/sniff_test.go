package wire

import (
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
)

func TestXMLRoot(t *testing.T) {
	got, err := XMLRoot([]byte("\ufeff<?xml version='1.0'?><!-- x --><p:POSLog xmlns:p='u'><broken"), Limits{})
	if err != nil || got != "POSLog" {
		t.Errorf("got %q, %v, want POSLog", got, err)
	}
	for _, in := range []string{"", "{}", "<!DOCTYPE a><a/>", "\xff<a/>"} {
		_, err := XMLRoot([]byte(in), Limits{})
		wantCode(t, err, fault.BadSyntax, "")
	}
}

func TestCSVColumns(t *testing.T) {
	got, err := CSVColumns([]byte("a; b\n1"), CSVOptions{Delimiter: ';'}, Limits{})
	if err != nil || strings.Join(got, "|") != "a|b" {
		t.Errorf("got %q, %v, want a and b", got, err)
	}
	_, err = CSVColumns(nil, CSVOptions{}, Limits{})
	wantCode(t, err, fault.BadSyntax, "byte 0")
}
