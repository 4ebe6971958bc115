package exception_test

import (
	"testing"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
)

// ruleBook is the severity column of the rule book's part F, for the codes that can be raised.
var ruleBook = map[fault.Code]exception.Severity{
	"V-SCH-01": "B", "V-DUP-02": "H", "V-AUT-01": "H", "V-DATE-01": "B", "V-DATE-02": "W",
	"V-BAL-01": "B", "V-BAL-02": "B", "V-BAL-03": "B", "V-BAL-04": "B",
	"V-ITEM-01": "H", "V-ITEM-03": "H", "V-LOC-01": "B", "V-COST-01": "H", "V-COST-02": "H",
	"V-QTY-01": "B", "V-QTY-02": "B", "V-PRICE-02": "H", "V-RET-01": "B", "V-RET-02": "B",
	"V-TND-01": "H", "V-CUR-01": "B", "V-CUR-02": "H", "V-TAX-01": "H", "V-TAX-02": "H",
	"V-PAY-02": "H", "V-PAY-04": "H", "V-PAY-05": "H", "V-PAY-06": "B", "V-PO-01": "H", "V-PO-02": "H",
	"V-VOID-01": "H", "V-INV-01": "W", "V-INV-02": "H", "V-INV-03": "H",
	"V-MAP-01": "H", "V-MAP-02": "H", "V-LIN-01": "H", "V-TRN-01": "B",
	fault.ApprovalMissing: "H", fault.Unbooked: "H", fault.ReasonUnknown: "H", fault.FeeUnknown: "H", fault.NoStock: "B",
	fault.ReturnIntent: "H", fault.Overage: "H",
}

// Every code of the catalogue has the severity of the rule book; a technical fault blocks. A
// rule that is new in the catalogue must be entered here from the rule book.
func TestSeverityIsThatOfTheRuleBook(t *testing.T) {
	known := 0
	for _, e := range fault.Codes() {
		want, ok := ruleBook[e.Code]
		if ok {
			known++
		} else if want = exception.Block; e.Code[0] == 'V' {
			t.Errorf("%s has no severity in this table", e.Code)
		}
		if got := exception.SeverityOf(e.Code); got != want {
			t.Errorf("%s: got %s, want %s", e.Code, got, want)
		}
	}
	if known != len(ruleBook) {
		t.Errorf("the catalogue has %d of the %d codes of this table", known, len(ruleBook))
	}
}
