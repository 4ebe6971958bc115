package packs

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// x12Samples are sets that partners' guides quote. Many have trailers that are wrong, and are refused; a second row
// mends them, so that what is in the set is read, too. What was mended proves no topic.
func x12Samples() []sample {
	accepted := map[string]string{"test_mode": "accept", "currency": "USD", "allocations": "told"}
	samples := slices.Concat(x12OrderSamples(), x12NoticeSamples(), x12InvoiceSamples(), x12WarehouseSamples(), x12OtherSamples())
	for i := range samples {
		if samples[i].options == nil {
			samples[i].options = accepted
		}
	}
	return samples
}

// Two samples have no interchange around their one set.
const (
	x12Head = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *221025*1200*U*00401*000000001*0*P*>~GS*IN*SENDER*RECEIVER*20221025*1200*1*X*004010~"
	x12Foot = "GE*1*1~IEA*1*000000001~"
)

func x12OrderSamples() []sample {
	return []sample{
		{file: "850-xt1.edi"},
		{file: "850-xt3.edi"},
		{file: "xt-004010_850.edi"},
		{file: "850-pgwglass.edi"},
		{file: "850-bots-02.edi"}, // no code for the place
		{file: "850-adobe-shrinkwrap.edi"},
		{file: "850-adobe-shrinkwrap.edi", mend: []string{"> \r\n", ">\r\n", "> \n", ">\n"}},
		{file: "850-xt4.edi"},
		{file: "850-xt4.edi", mend: []string{"*T*~", "*T*:~", "SE*28*", "SE*29*"}},
		{file: "860-change.edi"},
		{file: "860-change.edi", mend: []string{"SE*10*", "SE*9*"}},
		{file: "875-grocery-po.edi"},
	}
}

func x12NoticeSamples() []sample {
	return []sample{
		{file: "856-example1.edi"},
		{file: "856-example2.edi"}, // no id of the shipment
		{file: "856-example3.edi"},
		{file: "856-example4.edi"},
		{file: "856-example4.edi", mend: []string{"HL*2**O", "HL*2*1*O", "HL*3**I", "HL*3*2*I", "HL*4**I", "HL*4*2*I", "HL*5**I", "HL*5*2*I", "HL*6**I", "HL*6*2*I", "HL*7**I", "HL*7*2*I", "HL*8**I", "HL*8*2*I", "HL*9**I", "HL*9*2*I"}},
		{file: "856-edifabric.edi"},
		{file: "856-edifabric.edi", mend: []string{"GE*2*", "GE*1*"}},
		{file: "856-xt3.edi"},
		{file: "856-xt3.edi", mend: []string{"GE*2*", "GE*1*"}},
		{file: "856-xt1.edi"},
		{file: "856-xt1.edi", mend: []string{"SE*4*", "SE*3*"}},
		{file: "856-xt4.edi"},
		{file: "856-xt4.edi", mend: []string{"SE*12*", "SE*14*"}},
		{file: "xt-004060_856.edi"},       // no ship-to
		{file: "857-kroger-delivery.edi"}, // an allowance by a rate alone
	}
}

func x12InvoiceSamples() []sample {
	return []sample{
		{file: "810-adobe.edi"},
		{file: "810-adobe.edi", options: map[string]string{"currency": "USD"}},
		{file: "810-walmart.edi"},
		{file: "810-xt2.edi"},
		{file: "810-xt1.edi"},
		{file: "810-xt1.edi", mend: []string{"SE*44*", "SE*45*"}},
		{file: "810-xt3.edi"},
		{file: "810-xt3.edi", mend: []string{"ST*810*0001~", x12Head + "ST*810*0001~", "SE*23*0001~", "SE*23*0001~" + x12Foot}},
	}
}

func x12WarehouseSamples() []sample {
	return []sample{
		{file: "861-edifabric.edi"},                                   // a condition (09) that is not in the standard list
		{file: "861-edifabric.edi", mend: []string{"GE*2*", "GE*1*"}}, // a condition (09) that is not in the standard list
		{file: "940-xt3.edi"},
		{file: "940-xt3.edi", options: map[string]string{"currency": "USD"}},
		{file: "940-simplot.edi"},
		{file: "940-simplot.edi", mend: []string{"GE*1*940001777", "GE*1*177818711", "IEA*1*940001777", "IEA*1*398161180"}},
		{file: "940-xt1.edi"},
		{file: "940-xt1.edi", mend: []string{"GE*1*575103", "GE*1*3317", "IEA*1*3317", "IEA*1*3438"}},
		{file: "940-xt4.edi"}, // a change of an order
		{file: "940-xt4.edi", mend: []string{"*P*~", "*P*:~"}}, // a change of an order
		{file: "943-rust-example.edi"},
		{file: "943-rust-example.edi", mend: []string{"ST*943*0001~", x12Head + "ST*943*0001~", "SE*14*0001~", "SE*14*0001~" + x12Foot}},
		{file: "944-rust-example.edi"},                                   // elements in an order of its own
		{file: "944-rust-example.edi", mend: []string{"SE*4*", "SE*5*"}}, // elements in an order of its own
		{file: "945-edifabric.edi"},
		{file: "945-edifabric.edi", mend: []string{"GE*2*", "GE*1*"}},
		{file: "945-edifabric.edi", mend: []string{"GE*2*", "GE*1*", "CCYYMMDD", "20071216"}},
		{file: "945-interamerican.edi"},
		{file: "945-interamerican.edi", mend: []string{"513**000*", "513000*", "GE*1*31", "GE*1*21"}}, // no depositor's order
		{file: "945-xt1.edi"},
		{file: "945-xt1.edi", mend: []string{"SE*12*", "SE*16*"}},
		{file: "947-demo-fba.edi"}, // elements in an order of its own
		{file: "846-example1.edi"},
		{file: "846-example1.edi", options: map[string]string{"test_mode": "accept", "quantities": "34=SELLABLE"}},
		{file: "846-example2.edi"}, // a terminator is missing twice: in the REF of the third item, which loses its quantity, and after the last unit
	}
}

func x12OtherSamples() []sample {
	return []sample{
		{file: "997-edifabric.edi"},
		{file: "824-edifabric.edi"},
		{file: "855-edifabric.edi"},
		{file: "855-simmons.edi"},
		{file: "855-ucs.edi"},
		{file: "855-xt1.edi"},
		{file: "820-homedepot.edi"},
		{file: "820-xt1.edi"},
		{file: "820-xt3.edi"},
		{file: "820-xt4.edi"},
		{file: "852-aftermarket.edi"},
		{file: "852-homedepot-exchange.edi"},
		{file: "867-example1.edi"},
		{file: "180-lowes.edi"}, // a return that is asked for
		{file: "832-hibcc.edi"}, // a catalogue
	}
}

func x12PrivacyCases() []privacyCase {
	return []privacyCase{
		{x12, "850-order.txt", "", "", x12Leaves, "BEG03 N1*ST/N104 N1*VN/N104 PO101 PO103 PO107"},
		{x12, "860-change.txt", "", "", x12Leaves, "BCH03 N1*ST/N104 N1*VN/N104 POC01 POC05 POC09"},
		{x12, "856-packs-of-an-order.txt", "", "", x12Leaves, "BSN02 HL01 LIN01 LIN03 LIN05 MAN*GM/MAN02 N1*ST/N104 N1*SU/N104 PRF01 SN103"},
		{x12, "857-delivery.txt", "", "", x12Leaves, "BHT03 HL01 IT101 IT103 IT107 MAN*GM/MAN02 N1*SF/N104 N1*ST/N104 PRF01"},
		{x12, "810-invoice.txt", "", "", x12Leaves, "BIG02 BIG04 IT101 IT103 IT107 N1*VN/N104"},
		{x12, "810-credit.txt", "", "", x12Leaves, "BIG02 N1*VN/N104 REF*RZ/REF02"},
		{x12, "861-advice.txt", "", "", x12Leaves, "BRA01 LIN01 LIN03 N1*ST/N104 N1*SU/N104 PRF01 RCD01 RCD03 RCD07 REF*PO/REF02"},
		{x12, "875-order.txt", "", "", x12Leaves, "G5003 G6802 G6806 N1*ST/N104"},
		{x12, "940-allocated.txt", "", "", x12Leaves, "LX01 N1*WH/N104 N9*LI/N902 W0102 W0105 W0502"},
		{x12, "943-purchase.txt", "", "", x12Leaves, "N1*SF/N104 N1*WH/N104 N9*LI/N902 N9*PO/N902 W0402 W0405 W0604"},
		{x12, "944-purchase.txt", "", "", x12Leaves, "N1*WH/N104 N9*LI/N902 N9*PO/N902 W0702 W0705 W1703"},
		{x12, "945-order.txt", "", "", x12Leaves, "LX01 N1*WH/N104 N9*LI/N902 W0602 W0604 W1205 W1208 W2702"},
		{x12, "947-adjustment.txt", "", "", x12Leaves, "N1*WH/N104 W1502 W1901 W1903 W1906 W1909"},
		{x12, "846-two-places.txt", "", "", x12Leaves, "BIA03 LIN03 N1*WH/N104 QTY03 UIT01"},
	}
}

// x12Leaves replaces each element of each segment between ST and SE in turn. A place is the element's name; where what
// it means stands in another element, that one is before it: N1*ST N104.
func x12Leaves(t testing.TB, payload []byte) []leaf {
	t.Helper()
	segments := strings.Split(string(bytes.TrimSpace(payload)), "~\n")
	var leaves []leaf
	for i, segment := range segments {
		elements := strings.Split(strings.TrimSuffix(segment, "~"), "*")
		if slices.Contains([]string{"ISA", "GS", "ST", "SE", "GE", "IEA"}, elements[0]) {
			continue
		}
		for n := 1; n < len(elements); n++ {
			changed, text := slices.Clone(elements), slices.Clone(segments)
			changed[n] = someone
			text[i] = strings.Join(changed, "*")
			place := fmt.Sprintf("%s%02d", elements[0], n)
			if n > 1 && slices.Contains([]string{"N1", "N9", "REF", "MAN"}, elements[0]) {
				place = elements[0] + "*" + elements[1] + "/" + place
			}
			leaves = append(leaves, leaf{place, []byte(strings.Join(text, "~\n") + "~\n")})
		}
	}
	return leaves
}
