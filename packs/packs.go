package packs

import (
	"embed"
	"io/fs"

	"github.com/heddlehq/heddle/pack"
)

//go:embed adyen adyen-platform amazon bai2 camt053 csv epcis poslog shopify square stripe woocommerce x12
var folders embed.FS

// names are the built-in packs in the order in which they are listed.
const (
	shopify = "shopify"
	stripe  = "stripe"
	poslog  = "poslog"
	camt053 = "camt053"
	bai2    = "bai2"
	epcis   = "epcis"
	csvPack = "csv"
	square  = "square"
	adyen   = "adyen"

	adyenPlatform = "adyen-platform"
	amazon        = "amazon"
	woocommerce   = "woocommerce"
	x12           = "x12"
)

// Builtin reads, checks and compiles the built-in packs. A fault of theirs is a defect of
// this build.
func Builtin() (*pack.Set, error) {
	var all []*pack.Pack
	for _, name := range []string{shopify, stripe, poslog, camt053, bai2, epcis, csvPack, square, adyen, adyenPlatform, amazon, woocommerce, x12} {
		folder, err := fs.Sub(folders, name)
		if err != nil {
			return nil, err
		}
		p, err := pack.Load(folder)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return pack.NewSet(all...)
}
