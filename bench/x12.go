package bench

import (
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

// x12Start is how long the ISA segment is, whose last byte ends a segment.
const x12Start = 106

// x12ByHand maps an interchange with one 945 for a customer's order.
func x12ByHand(in pack.Input) ([]*event.Event, error) {
	text := string(in.Body)
	if len(text) < x12Start || text[:3] != "ISA" {
		return nil, expected("an interchange")
	}
	between, end := text[3:4], text[x12Start-1:x12Start]
	r := &reading{in: in}
	shipped := &event.Shipped{}
	var sender, set, order, shipment, day, number string
	for segment := range strings.SplitSeq(text, end) {
		e := strings.Split(strings.Trim(segment, "\r\n"), between)
		switch e[0] {
		case "ISA":
			sender = strings.TrimSpace(e[6])
		case "ST":
			set = e[1]
		case "W06":
			order, shipment = e[2], e[4]
		case "N1":
			if e[1] == "SF" {
				shipped.Location = e[4]
			}
		case "G62":
			if e[1] == "11" {
				day = e[2]
			}
		case "W27":
			shipped.Carrier = e[2]
		case "LX":
			number = e[1]
		case "W12":
			shipped.Lines = append(shipped.Lines, event.FulfilledLine{
				Line: number, Quantity: r.quantity(e[3]), Item: e[8], Unit: retail.Unit(e[5]),
			})
		case "N9":
			if e[1] == "LI" && len(shipped.Lines) > 0 {
				shipped.Lines[len(shipped.Lines)-1].Claim = retail.Ref{Type: "shop_order_line", ID: key(order, e[2])}
			}
		}
	}
	if set != "945" {
		return nil, expected("a 945")
	}
	id := key(sender, order, shipment)
	shipped.Shipment = retail.Ref{Type: "shipment", ID: id}
	shipped.Order = retail.Ref{Type: "shop_order", ID: order}
	return r.event(r.header("x12", id, r.time("20060102", day, in.Zone)), shipped)
}
