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
		{file: "850-xt1.edi", want: []string{"po_approved 05832797OD000ZZZ04269·1", "po_approved 05832797OD000ZZZ04269·2", "po_approved 05832797OD000ZZZ04269·3", "po_approved 05832797OD000ZZZ04269·4"}, fields: []string{`"time":"2011-08-22T22:00:00Z","tz":"+02:00","businessdate":"2011-08-23"`, `{"eta":"2011-09-13","item":"AD7574","line":"1","location":"ATL00069","order":"05832797OD000ZZZ04269","quantity":"2","unit":"EA","vendor":"partnerid"}`}},
		{file: "850-xt3.edi", want: []string{"po_approved 01422073OP000·1", "po_approved 01422073OP000·2", "po_approved 01422073OP000·3"}, fields: []string{`"time":"2011-08-21T22:00:00Z","tz":"+02:00","businessdate":"2011-08-22"`, `{"eta":"2011-09-13","item":"21001","line":"1","location":"ATL00999","order":"01422073OP000","quantity":"1","unit":"EA","vendor":"partnerid"}`}},
		{file: "xt-004010_850.edi", want: []string{"po_approved A99999-01·1", "po_approved A99999-01·2", "po_approved A99999-01·3", "po_approved A99999-01·4", "po_approved A99999-01·5", "po_approved A99999-01·6", "po_approved A99999-01·7"}, fields: []string{`"time":"1997-02-13T23:00:00Z","tz":"+01:00","businessdate":"1997-02-14"`, `{"cost":{"amount":"197.44","currency":"USD"},"eta":"1997-12-19","item":"000111111","line":"1","location":"1223334445","order":"A99999-01","quantity":"16","unit":"XCS","vendor":"0073268795005"}`}},
		{file: "850-pgwglass.edi", want: []string{"po_changed S41000439·1·201008170850", "po_changed S41000439·2·201008170850", "po_changed S41000439·3·201008170850", "po_changed S41000439·4·201008170850"}, fields: []string{`"time":"2010-08-17T06:50:00Z","tz":"+02:00","businessdate":"2010-08-17"`, `{"cost":{"amount":"25.45","currency":"USD"},"eta":"2010-08-20","item":"0459001004","line":"1","location":"W_341001","order":"S41000439","quantity":"5","unit":"EA","vendor":"001903202U"}`}},
		{file: "850-bots-02.edi", want: []string{"V-SCH-01", "V-SCH-01", "V-SCH-01", "V-SCH-01"}}, // no code for the place
		{file: "850-adobe-shrinkwrap.edi", want: []string{"H-SYNTAX"}},
		{file: "850-adobe-shrinkwrap.edi", mend: []string{"> \r\n", ">\r\n", "> \n", ">\n"}, want: []string{"po_approved MH80312·1"}, fields: []string{`"time":"2009-04-20T22:00:00Z","tz":"+02:00","businessdate":"2009-04-21"`, `{"cost":{"amount":"16499.45","currency":"USD"},"item":"12345678","line":"1","location":"0381814830030","order":"MH80312","quantity":"11","unit":"EA","vendor":"102096559PROD"}`}},
		{file: "850-xt4.edi", want: []string{"H-SYNTAX"}},
		{file: "850-xt4.edi", mend: []string{"*T*~", "*T*:~", "SE*28*", "SE*29*"}, want: []string{"po_approved 03095725OP000·1", "po_approved 03095725OP000·2", "po_approved 03095725OP000·3", "po_approved 03095725OP000·4", "po_approved 03095725OP000·5"}, fields: []string{`"time":"2019-07-08T22:00:00Z","tz":"+02:00","businessdate":"2019-07-09"`, `{"eta":"2019-07-29","item":"3626","line":"1","location":"TAM00999","order":"03095725OP000","quantity":"3","unit":"EA","vendor":"partnerID"}`}},
		{file: "860-change.edi", want: []string{"H-SYNTAX"}},
		{file: "860-change.edi", mend: []string{"SE*10*", "SE*9*"}, want: []string{"po_changed PO NUMBER·1·200803101500", "po_changed PO NUMBER·2·200803101500"}, fields: []string{`"time":"2008-03-10T14:00:00Z","tz":"+01:00","businessdate":"2008-03-10"`, `{"item":"59123","line":"1","location":"1129        N3","order":"PO NUMBER","quantity":"0","vendor":"787347434"}`}},
		{file: "875-grocery-po.edi", want: []string{"po_approved 59590001·1", "po_approved 59590001·2"}, fields: []string{`"time":"2007-12-29T23:00:00Z","tz":"+01:00","businessdate":"2007-12-30"`, `{"cost":{"amount":"15.70","currency":"USD"},"item":"006121100201","line":"1","location":"0069333040180","order":"59590001","quantity":"10","unit":"XCS","vendor":"IAISNOKIST"}`}},
	}
}

func x12NoticeSamples() []sample {
	return []sample{
		{file: "856-example1.edi", want: []string{"asn_received 201495124·123456·3", "asn_received 201495124·123456·4", "asn_received 201495124·123456·5"}, fields: []string{`"time":"2001-04-20T12:21:00Z","tz":"+02:00","businessdate":"2001-04-20"`, `{"asn":"201495124·123456","eta":"2001-04-22","item":"1234-123456","line":"3","location":"201495124","purchase_order":{"id":"123456·1","type":"purchase_order"},"quantity":"16","ship_date":"2001-04-20","unit":"H87","vendor":"201495124"}`}},
		{file: "856-example2.edi", want: []string{"V-SCH-01"}}, // no id of the shipment
		{file: "856-example3.edi", want: []string{"asn_received 123456789·146940·2", "asn_received 123456789·146940·3", "asn_received 123456789·146940·4"}, fields: []string{`"time":"2005-04-12T18:52:00Z","tz":"+02:00","businessdate":"2005-04-12"`, `{"asn":"123456789·146940","item":"000 260 056 524","line":"2","location":"ZFIT","purchase_order":{"id":"5500005194·30","type":"purchase_order"},"quantity":"1596","ship_date":"2005-04-12","unit":"EA","vendor":"1002300"}`}},
		{file: "856-example4.edi", want: []string{"H-SYNTAX"}},
		{file: "856-example4.edi", mend: []string{"HL*2**O", "HL*2*1*O", "HL*3**I", "HL*3*2*I", "HL*4**I", "HL*4*2*I", "HL*5**I", "HL*5*2*I", "HL*6**I", "HL*6*2*I", "HL*7**I", "HL*7*2*I", "HL*8**I", "HL*8*2*I", "HL*9**I", "HL*9*2*I"}, want: []string{"asn_received 787347434·DELIVERYNUMBER·3", "asn_received 787347434·DELIVERYNUMBER·4", "asn_received 787347434·DELIVERYNUMBER·5", "asn_received 787347434·DELIVERYNUMBER·6", "asn_received 787347434·DELIVERYNUMBER·7", "asn_received 787347434·DELIVERYNUMBER·8", "asn_received 787347434·DELIVERYNUMBER·9"}, fields: []string{`"time":"2011-09-09T17:32:35Z","tz":"+02:00","businessdate":"2011-09-09"`, `{"asn":"787347434·DELIVERYNUMBER","eta":"2011-09-13","item":"100014544","line":"3","location":"010","purchase_order":{"id":"PO NUMBER·1","type":"purchase_order"},"quantity":"10","ship_date":"2011-09-09","unit":"EA","vendor":"787347434"}`}},
		{file: "856-edifabric.edi", want: []string{"H-SYNTAX"}},
		{file: "856-edifabric.edi", mend: []string{"GE*2*", "GE*1*"}, want: []string{"asn_received SENDER1·01140824·4", "asn_received SENDER1·01140824·5", "asn_received SENDER1·01140824·8", "asn_received SENDER1·01140824·9"}, fields: []string{`"time":"2005-10-15T11:45:00Z","tz":"+02:00","businessdate":"2005-10-15"`, `{"asn":"SENDER1·01140824","containers":["000010012345614785"],"item":"008815509183","line":"4","location":"0078742035260","purchase_order":{"id":"9988776655","type":"purchase_order"},"quantity":"4","unit":"EA","vendor":"SENDER1"}`}},
		{file: "856-xt3.edi", want: []string{"H-SYNTAX"}},
		{file: "856-xt3.edi", mend: []string{"GE*2*", "GE*1*"}, want: []string{"asn_received SENDER1·01140824·4", "asn_received SENDER1·01140824·5", "asn_received SENDER1·01140824·8", "asn_received SENDER1·01140824·9"}, fields: []string{`"time":"2005-10-15T11:45:00Z","tz":"+02:00","businessdate":"2005-10-15"`, `{"asn":"SENDER1·01140824","containers":["000010012345614785"],"item":"008815509183","line":"4","location":"0078742035260","purchase_order":{"id":"9988776655","type":"purchase_order"},"quantity":"4","unit":"EA","vendor":"SENDER1"}`}},
		{file: "856-xt1.edi", want: []string{"H-SYNTAX"}},
		{file: "856-xt1.edi", mend: []string{"SE*4*", "SE*3*"}, want: []string{"V-SCH-01"}},
		{file: "856-xt4.edi", want: []string{"H-SYNTAX"}},
		{file: "856-xt4.edi", mend: []string{"SE*12*", "SE*14*"}, want: []string{"V-SCH-01"}},
		{file: "xt-004060_856.edi", want: []string{"V-SCH-01"}},       // no ship-to
		{file: "857-kroger-delivery.edi", want: []string{"V-SCH-01"}}, // an allowance by a rate alone
	}
}

func x12InvoiceSamples() []sample {
	return []sample{
		{file: "810-adobe.edi", want: []string{"vendor_invoice ADUS·0013833070·10"}, fields: []string{`"time":"2007-01-28T23:00:00Z","tz":"+01:00","businessdate":"2007-01-29"`, `{"invoice":"0013833070","item":"7167946","line":"10","net":{"amount":"160.00","currency":"USD"},"purchase_order":{"id":"V8748745·10","type":"purchase_order"},"quantity":"1","unit":"EA","vendor":"ADUS"}`}},
		{file: "810-adobe.edi", want: []string{"V-TRN-01"}, options: map[string]string{"currency": "USD"}},
		{file: "810-walmart.edi", want: []string{"vendor_invoice 102096559TEST·6463367·1"}, fields: []string{`"time":"2005-02-04T23:00:00Z","tz":"+01:00","businessdate":"2005-02-05"`, `{"invoice":"6463367","item":"001719653","line":"1","net":{"amount":"3875.30","currency":"USD"},"purchase_order":{"id":"3376103367","type":"purchase_order"},"quantity":"1080","unit":"EA","vendor":"102096559TEST"}`}},
		{file: "810-xt2.edi", want: []string{"vendor_invoice 10055500·I-0042537·1", "vendor_invoice 10055500·I-0042537·2", "vendor_invoice 10055500·I-0042537·3", "vendor_invoice 10055500·I-0042537·4", "vendor_invoice 10055500·I-0042537·5"}, fields: []string{`"time":"2018-11-21T23:00:00Z","tz":"+01:00","businessdate":"2018-11-22"`, `{"invoice":"I-0042537","item":"888077648572","line":"1","net":{"amount":"10.90","currency":"USD"},"quantity":"2","unit":"EA","vendor":"10055500"}`}},
		{file: "810-xt1.edi", want: []string{"H-SYNTAX"}},
		{file: "810-xt1.edi", mend: []string{"SE*44*", "SE*45*"}, want: []string{"vendor_invoice ADUS·0013833070·10"}, fields: []string{`"time":"2007-01-28T23:00:00Z","tz":"+01:00","businessdate":"2007-01-29"`, `{"invoice":"0013833070","item":"7167946","line":"10","net":{"amount":"160.00","currency":"USD"},"purchase_order":{"id":"V8748745·10","type":"purchase_order"},"quantity":"1","unit":"EA","vendor":"ADUS"}`}},
		{file: "810-xt3.edi", want: []string{"H-TOPIC"}},
		{file: "810-xt3.edi", mend: []string{"ST*810*0001~", x12Head + "ST*810*0001~", "SE*23*0001~", "SE*23*0001~" + x12Foot}, want: []string{"vendor_invoice SENDER·US22-0003DGO2·1"}, fields: []string{`"time":"2022-10-24T22:00:00Z","tz":"+02:00","businessdate":"2022-10-25"`, `{"invoice":"US22-0003DGO2","line":"1","lines_total":{"amount":"3971.97","currency":"GBP"},"net":{"amount":"3971.97","currency":"GBP"},"quantity":"9","total":{"amount":"39.72","currency":"GBP"},"unit":"DA","vendor":"SENDER"}`}},
	}
}

func x12WarehouseSamples() []sample {
	return []sample{
		{file: "861-edifabric.edi", want: []string{"H-SYNTAX"}},                                  // a condition (09) that is not in the standard list
		{file: "861-edifabric.edi", mend: []string{"GE*2*", "GE*1*"}, want: []string{"H-TOPIC"}}, // a condition (09) that is not in the standard list
		{file: "940-xt3.edi", want: []string{"allocated 18061923·1", "allocated 18061923·2"}, fields: []string{`"time":"2011-12-01T10:08:00Z","tz":"+01:00","businessdate":"2011-12-01"`, `{"allocation":"18061923·1","claim":{"id":"18061923·1","type":"shop_order_line"},"item":"10725342387462","location":"0062507407323","quantity":"750","unit":"XCS"}`}},
		{file: "940-xt3.edi", want: []string{"ignored"}, options: map[string]string{"currency": "USD"}},
		{file: "940-simplot.edi", want: []string{"H-SYNTAX"}},
		{file: "940-simplot.edi", mend: []string{"GE*1*940001777", "GE*1*177818711", "IEA*1*940001777", "IEA*1*398161180"}, want: []string{"allocated 01235639·1000", "allocated 01235639·2000"}, fields: []string{`"time":"2011-12-11T08:30:00Z","tz":"+01:00","businessdate":"2011-12-11"`, `{"allocation":"01235639·1000","claim":{"id":"01235639·1000","type":"shop_order_line"},"item":"10071179009894","location":"708090","quantity":"972","unit":"XCS"}`}},
		{file: "940-xt1.edi", want: []string{"H-SYNTAX"}},
		{file: "940-xt1.edi", mend: []string{"GE*1*575103", "GE*1*3317", "IEA*1*3317", "IEA*1*3438"}, want: []string{"allocated 538686·1", "allocated 538686·2", "allocated 538686·3"}, fields: []string{`"time":"2000-01-28T04:57:00Z","tz":"+01:00","businessdate":"2000-01-28"`, `{"allocation":"538686·1","claim":{"id":"538686·1","type":"shop_order_line"},"item":"000100011110","location":"0581493780140","quantity":"12","unit":"XCS"}`}},
		{file: "940-xt4.edi", want: []string{"H-SYNTAX"}},                                 // a change of an order
		{file: "940-xt4.edi", mend: []string{"*P*~", "*P*:~"}, want: []string{"H-TOPIC"}}, // a change of an order
		{file: "943-rust-example.edi", want: []string{"H-TOPIC"}},
		{file: "943-rust-example.edi", mend: []string{"ST*943*0001~", x12Head + "ST*943*0001~", "SE*14*0001~", "SE*14*0001~" + x12Foot}, want: []string{"asn_received SENDER·SHIP001·1", "asn_received SENDER·SHIP001·2"}, fields: []string{`"time":"2019-12-31T23:00:00Z","tz":"+01:00","businessdate":"2020-01-01"`, `{"asn":"SENDER·SHIP001","item":"012345678905","line":"1","location":"RCV01","purchase_order":{"id":"SHIP001","type":"purchase_order"},"quantity":"10","ship_date":"2020-01-01","unit":"EA"}`}},
		{file: "944-rust-example.edi", want: []string{"H-SYNTAX"}},                                   // elements in an order of its own
		{file: "944-rust-example.edi", mend: []string{"SE*4*", "SE*5*"}, want: []string{"V-SCH-01"}}, // elements in an order of its own
		{file: "945-edifabric.edi", want: []string{"H-SYNTAX"}},
		{file: "945-edifabric.edi", mend: []string{"GE*2*", "GE*1*"}, want: []string{"V-SCH-01"}},
		{file: "945-edifabric.edi", mend: []string{"GE*2*", "GE*1*", "CCYYMMDD", "20071216"}, want: []string{"shipped SENDER1·12345·123456"}, fields: []string{`"time":"2007-12-15T23:00:00Z","tz":"+01:00","businessdate":"2007-12-16"`, `{"carrier":"TRUK","lines":[{"claim":{"id":"12345·1000","type":"shop_order_line"},"item":"10071179016458","line":"1","quantity":"72","unit":"XCS"},{"claim":{"id":"12345·1000","type":"shop_order_line"},"item":"10071179016458","line":"2","quantity":"72","unit":"XCS"}],"location":"123456","order":{"id":"12345","type":"shop_order"},"shipment":{"id":"SENDER1·12345·123456","type":"shipment"}}`}},
		{file: "945-interamerican.edi", want: []string{"H-SYNTAX"}},
		{file: "945-interamerican.edi", mend: []string{"513**000*", "513000*", "GE*1*31", "GE*1*21"}, want: []string{"V-SCH-01"}}, // no depositor's order
		{file: "945-xt1.edi", want: []string{"H-SYNTAX"}},
		{file: "945-xt1.edi", mend: []string{"SE*12*", "SE*16*"}, want: []string{"shipped YOUR-ID-HERE·IF102·BOL12345"}, fields: []string{`"time":"2019-06-03T22:00:00Z","tz":"+02:00","businessdate":"2019-06-04"`, `{"carrier":"NPLT","lines":[{"claim":{"id":"IF102·10","type":"shop_order_line"},"item":"123456789","line":"10","quantity":"3000","unit":"EA"}],"location":"CHI","order":{"id":"IF102","type":"shop_order"},"shipment":{"id":"YOUR-ID-HERE·IF102·BOL12345","type":"shipment"}}`}},
		{file: "947-demo-fba.edi", want: []string{"V-SCH-01"}}, // elements in an order of its own
		{file: "846-example1.edi", want: []string{"3pl_snapshot 322341109·10353·SAN003"}, fields: []string{`"time":"2004-08-11T23:00:00Z","businessdate":"2004-08-11"`, `{"as_of":"2004-08-11T23:00:00Z","lines":[{"bucket":"QC_HOLD","item":"46L5055","line":"1","quantity":"100","unit":"EA"}],"location":"SAN003"}`}},
		{file: "846-example1.edi", want: []string{"3pl_snapshot 322341109·10353·SAN003"}, fields: []string{`"time":"2004-08-11T23:00:00Z","businessdate":"2004-08-11"`, `{"as_of":"2004-08-11T23:00:00Z","lines":[{"bucket":"SELLABLE","item":"46L5055","line":"1","quantity":"5250","unit":"EA"},{"bucket":"QC_HOLD","item":"46L5055","line":"1.2","quantity":"100","unit":"EA"}],"location":"SAN003"}`}, options: map[string]string{"test_mode": "accept", "quantities": "34=SELLABLE"}},
		{file: "846-example2.edi", want: []string{"3pl_snapshot 999999999·20030828234648·999999999"}, fields: []string{`"time":"2003-08-27T22:23:46Z","tz":"+02:00","businessdate":"2003-08-28"`, `{"as_of":"2003-08-27T22:23:46Z","lines":[{"bucket":"SELLABLE","item":"38490-B","line":"1","quantity":"1998.61","unit":"FOT"},{"bucket":"SELLABLE","item":"38499-B","line":"2","quantity":"1777.18","unit":"FOT"},{"bucket":"SELLABLE","item":"38502-B","line":"4","quantity":"3621.25","unit":"FOT"},{"bucket":"SELLABLE","item":"35933","line":"5","quantity":"7280","unit":"FTCTT"}],"location":"999999999"}`}}, // a terminator is missing twice: in the REF of the third item, which loses its quantity, and after the last unit
	}
}

func x12OtherSamples() []sample {
	return []sample{
		{file: "997-edifabric.edi", want: []string{"ignored"}},
		{file: "824-edifabric.edi", want: []string{"ignored"}},
		{file: "855-edifabric.edi", want: []string{"ignored"}},
		{file: "855-simmons.edi", want: []string{"ignored"}},
		{file: "855-ucs.edi", want: []string{"ignored"}},
		{file: "855-xt1.edi", want: []string{"ignored"}},
		{file: "820-homedepot.edi", want: []string{"ignored"}},
		{file: "820-xt1.edi", want: []string{"ignored"}},
		{file: "820-xt3.edi", want: []string{"ignored"}},
		{file: "820-xt4.edi", want: []string{"ignored"}},
		{file: "852-aftermarket.edi", want: []string{"ignored"}},
		{file: "852-homedepot-exchange.edi", want: []string{"ignored"}},
		{file: "867-example1.edi", want: []string{"ignored"}},
		{file: "180-lowes.edi", want: []string{"ignored"}}, // a return that is asked for
		{file: "832-hibcc.edi", want: []string{"ignored"}}, // a catalogue
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
