package pack

import "github.com/heddlehq/heddle/fault"

// unitOfX12 gives the UN/ECE Recommendation 20 code of a unit of X12's data element 355.
// Packages are those of Recommendation 21 behind an X, as Recommendation 20 has it. A unit
// that is not listed stays what the source calls it: the owner's tables know it, or nobody.
func unitOfX12(v any, _ []any) (any, *fault.Error) {
	text, ok := v.(string)
	if !ok || text == "" {
		return nil, fault.New(fault.SchemaInvalid, "", "a unit of measure is missing")
	}
	if code, ok := unitsX12[text]; ok {
		return code, nil
	}
	return text, nil
}

// unitsX12 lists the units that goods of retailers are counted and measured in. CS is a
// cassette in X12; senders mean a case by it.
var unitsX12 = map[string]string{
	// Counted.
	"EA": "EA", "UN": "EA", "PC": "H87", "DZ": "DZN", "PR": "PR", "ST": "SET",
	// Weighed.
	"LB": "LBR", "OZ": "ONZ", "KG": "KGM", "GR": "GRM", "TN": "STN", "MP": "TNE",
	// Measured.
	"GA": "GLL", "QT": "QTL", "PT": "PTL", "FO": "OZA", "LT": "LTR", "ML": "MLT",
	"FT": "FOT", "IN": "INH", "YD": "YRD", "MR": "MTR", "CM": "CMT", "SF": "FTK", "SM": "MTK",
	// Packed.
	"CA": "XCS", "CS": "XCS", "CT": "XCT", "BX": "XBX", "PK": "XPK", "PL": "XPX", "BG": "XBG", "CN": "XCX", "RL": "XRO", "BD": "XBE", "TY": "XPU",
}
