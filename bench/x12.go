package bench

import (
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

// x12Start is how long the ISA segment is, whose last byte ends a segment.
const x12Start = 106

// x12Count checks the trailers of one level: how many there are, and that both ends have one
// number.
type x12Count struct {
	begun, ended int
	number       string
}

func (c *x12Count) begin(number string) {
	c.begun++
	c.number = number
}

func (c *x12Count) end(said, number string, counted int) error {
	c.ended++
	n, err := strconv.Atoi(said)
	if err != nil || n != counted || strings.TrimLeft(number, "0") != strings.TrimLeft(c.number, "0") {
		return expected("trailers that agree")
	}
	return nil
}

// x12Elements is a segment; an element that is not there is empty.
type x12Elements []string

func (e x12Elements) at(n int) string {
	if n < len(e) {
		return strings.TrimRight(e[n], " ")
	}
	return ""
}

// x12Warehouse is a 945 as it is read.
type x12Warehouse struct {
	*reading
	sender, set, order, shipment, day, number, recipient string
	interchange, group, sets                             x12Count
	inSet, setsInGroup                                   int
	shipped                                              event.Shipped
}

// x12ByHand maps an interchange with one 945 for a customer's order. It checks what a sender
// counts, as whoever reads an interchange has to.
func x12ByHand(in pack.Input) ([]Fact, error) {
	text := string(in.Body)
	if len(text) < x12Start || text[:3] != "ISA" {
		return nil, expected("an interchange")
	}
	between, end := text[3:4], text[x12Start-1:x12Start]
	w := &x12Warehouse{reading: &reading{in: in}}
	for segment := range strings.SplitSeq(text, end) {
		if segment = strings.Trim(segment, "\r\n"); segment == "" {
			continue
		}
		e := x12Elements(strings.Split(segment, between))
		w.inSet++
		if err := w.envelope(e); err != nil {
			return nil, err
		}
		w.segment(e)
	}
	if w.set != "945" || w.interchange.ended != 1 || w.group.ended != w.group.begun || w.sets.ended != w.sets.begun {
		return nil, expected("a whole interchange with a 945")
	}
	id := key(w.sender, w.order, w.shipment)
	w.shipped.Shipment = retail.Ref{Type: "shipment", ID: id}
	w.shipped.Order = retail.Ref{Type: "shop_order", ID: w.order}
	return w.fact(w.header("x12", id, w.time("20060102", w.day, in.Zone)), &w.shipped, w.token("recipient", w.recipient))
}

// envelope reads what is around the set.
func (w *x12Warehouse) envelope(e x12Elements) error {
	switch e.at(0) {
	case "ISA":
		w.sender = e.at(6)
		w.interchange.begin(e.at(13))
	case "GS":
		w.setsInGroup = 0
		w.group.begin(e.at(6))
	case "ST":
		w.set, w.inSet = e.at(1), 1
		w.setsInGroup++
		w.sets.begin(e.at(2))
	case "SE":
		return w.sets.end(e.at(1), e.at(2), w.inSet)
	case "GE":
		return w.group.end(e.at(1), e.at(2), w.setsInGroup)
	case "IEA":
		return w.interchange.end(e.at(1), e.at(2), w.group.begun)
	}
	return nil
}

// segment reads what is in it.
func (w *x12Warehouse) segment(e x12Elements) {
	switch e.at(0) {
	case "W06":
		w.order, w.shipment = e.at(2), e.at(4)
	case "N1":
		switch e.at(1) {
		case "SF":
			w.shipped.Location = e.at(4)
		case "ST":
			w.recipient = e.at(2)
		}
	case "G62":
		if e.at(1) == "11" {
			w.day = e.at(2)
		}
	case "W27":
		w.shipped.Carrier = e.at(2)
	case "LX":
		w.number = e.at(1)
	case "W12":
		w.shipped.Lines = append(w.shipped.Lines, event.FulfilledLine{
			Line: w.number, Quantity: w.quantity(e.at(3)), Item: e.at(8), Unit: retail.Unit(e.at(5)),
		})
	case "N9":
		if e.at(1) == "LI" && len(w.shipped.Lines) > 0 {
			w.shipped.Lines[len(w.shipped.Lines)-1].Claim = retail.Ref{Type: "shop_order_line", ID: key(w.order, e.at(2))}
		}
	}
}
